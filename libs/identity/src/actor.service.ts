import { Clock, DomainError, SCOPES, STRANGER, type Actor, type Scope } from '#kernel';
import { defaultKeyHasher } from '@better-auth/api-key';
import { Inject, Injectable } from '@nestjs/common';
import type { IncomingHttpHeaders } from 'node:http';
import { DataSource } from 'typeorm';
import { scopesOf } from './api-key.service.ts';
import { AUTH, type Auth } from './auth.ts';

const BEARER = /^Bearer +(\S+) *$/i;
const SESSION_COOKIE = 'goodturn.session_token=';
const ALL_SCOPES: ReadonlySet<Scope> = new Set(SCOPES);

/** A key's last use is told by the hour: writing it for each request would cost more than the request. */
const LAST_USE_PRECISION_MS = 60 * 60 * 1000;

interface KeyOwner {
  keyId: string;
  permissions: string | null;
  lastRequestAt: Date | null;
  personId: string;
  name: string;
  email: string;
  administrator: boolean;
}

/** Says who sent a request: the owner of an API key, the person of a session, or a stranger. */
@Injectable()
export class ActorService {
  constructor(
    @Inject(AUTH) private readonly auth: Auth,
    private readonly db: DataSource,
    private readonly clock: Clock,
  ) {}

  /**
   * Without credentials: a stranger, at no cost. With an API key: one query. With a session cookie: one query, and once
   * a day another that prolongs the session; `setCookies` then gets the `Set-Cookie` lines for the answer.
   * Throws `KEY_UNKNOWN` for a key that does not work.
   */
  async actorOf(headers: IncomingHttpHeaders, setCookies?: (cookies: string[]) => void): Promise<Actor> {
    const { authorization, cookie } = headers;
    const key = authorization && BEARER.exec(authorization)?.[1]; // another scheme is meant for a proxy before us
    if (key) return this.ownerOf(key);
    if (cookie?.includes(SESSION_COOKIE)) return this.signedIn(cookie, setCookies);
    return STRANGER;
  }

  private async ownerOf(key: string): Promise<Actor> {
    const now = this.clock.now();
    const [owner] = await this.db.query<KeyOwner[]>(
      `SELECT api_key.id AS "keyId", permissions, last_request_at AS "lastRequestAt",
              person.id AS "personId", person.name, person.email, person.administrator
         FROM api_key JOIN person ON person.id = api_key.person_id
        WHERE api_key.key = $1 AND api_key.enabled AND api_key.expires_at > $2`,
      [await defaultKeyHasher(key), now],
    );
    if (!owner) {
      throw new DomainError(
        'KEY_UNKNOWN',
        'This API key does not work: it is mistyped, expired or revoked. Please make a new one.',
      );
    }
    if (now.getTime() - (owner.lastRequestAt?.getTime() ?? 0) > LAST_USE_PRECISION_MS) {
      await this.db.query(`UPDATE api_key SET last_request_at = $2 WHERE id = $1`, [owner.keyId, now]);
    }
    const { personId, name, email, administrator } = owner;
    return { kind: 'person', personId, name, email, administrator, scopes: new Set(scopesOf(owner.permissions)) };
  }

  private async signedIn(cookie: string, setCookies?: (cookies: string[]) => void): Promise<Actor> {
    const answer = await this.auth.api.getSession({ headers: new Headers({ cookie }), returnHeaders: true });
    const cookies = answer.headers.getSetCookie();
    if (cookies.length > 0) setCookies?.(cookies);
    const person = answer.response?.user;
    if (!person) return STRANGER;
    return {
      kind: 'person',
      personId: person.id,
      name: person.name,
      email: person.email,
      administrator: person.administrator === true,
      scopes: ALL_SCOPES,
    };
  }
}
