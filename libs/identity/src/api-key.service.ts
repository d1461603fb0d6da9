import { SCOPES, notFound, type Scope } from '#kernel';
import { Inject, Injectable } from '@nestjs/common';
import { Field, ID, ObjectType, registerEnumType } from '@nestjs/graphql';
import { DataSource } from 'typeorm';
import { AUTH, type Auth } from './auth.ts';

const DAY_SECONDS = 24 * 60 * 60;

/** better-auth sorts permissions by resource; our scopes are all of one. */
const RESOURCE = 'goodturn';

/** The scopes as the GraphQL API spells them. */
export const ApiKeyScope = {
  READ: 'read',
  EVENTS: 'events',
  ATTENDEES: 'attendees',
  IMPACT: 'impact',
} as const satisfies Record<Uppercase<Scope>, Scope>;
registerEnumType(ApiKeyScope, {
  name: 'ApiKeyScope',
  description: 'What an API key may be used for.',
  valuesMap: {
    READ: { description: 'Reading what the person may see, without attendees’ contact data.' },
    EVENTS: { description: 'Making and changing groups, series and events.' },
    ATTENDEES: { description: 'Registrations, attendees’ contact data, check-in and mail to attendees.' },
    IMPACT: { description: 'The person’s impact record, statements and dossiers.' },
  },
});

/** A key as its owner sees it. The secret itself is shown once, when it is made. */
@ObjectType({ description: 'A key that lets a program act for a person, within its scopes and until it expires.' })
export class ApiKey {
  @Field(() => ID, { description: 'Opaque; never changes.' })
  id: string;

  @Field({ description: 'What the person calls it.' })
  name: string;

  @Field({ description: 'The first characters of the key, to tell keys apart.' })
  start: string;

  @Field(() => [ApiKeyScope], { description: 'What it may be used for.' })
  scopes: Scope[];

  @Field({ description: 'From this instant on the key no longer works (UTC).' })
  expiresAt: Date;

  @Field(() => Date, { nullable: true, description: 'Last use, to the hour (UTC); null when it was never used.' })
  lastUsedAt: Date | null;
}

export interface ApiKeyWish {
  name: string;
  scopes: Scope[];
  /** 1 to 730. */
  expiresInDays: number;
}

/** Makes, lists and revokes the API keys of a person. Who may do so is for the caller to decide. */
@Injectable()
export class ApiKeyService {
  constructor(
    @Inject(AUTH) private readonly auth: Auth,
    private readonly db: DataSource,
  ) {}

  /** The person's keys, newest first. */
  async list(personId: string): Promise<ApiKey[]> {
    const keys = await this.db.query<(Omit<ApiKey, 'scopes'> & { permissions: string })[]>(
      `SELECT id, name, start, permissions, expires_at AS "expiresAt", last_request_at AS "lastUsedAt"
         FROM api_key WHERE person_id = $1 AND enabled ORDER BY created_at DESC, id`,
      [personId],
    );
    return keys.map(({ permissions, ...key }) => ({ ...key, scopes: scopesOf(permissions) }));
  }

  /** A new key. `secret` is told here and never again: only its hash is kept. */
  async create(personId: string, wish: ApiKeyWish): Promise<{ apiKey: ApiKey; secret: string }> {
    const scopes = SCOPES.filter((scope) => wish.scopes.includes(scope));
    const made = await this.auth.api.createApiKey({
      body: {
        userId: personId,
        name: wish.name,
        permissions: { [RESOURCE]: scopes },
        expiresIn: wish.expiresInDays * DAY_SECONDS,
      },
    });
    const { id, name, start, expiresAt } = made;
    if (!name || !start || !expiresAt) throw new Error('An API key was made without name or end');
    return { apiKey: { id, name, start, scopes, expiresAt, lastUsedAt: null }, secret: made.key };
  }

  /** Ends a key of this person at once. */
  async revoke(personId: string, id: string): Promise<void> {
    const [, revoked] = await this.db.query<[unknown, number]>(`DELETE FROM api_key WHERE id = $1 AND person_id = $2`, [
      id,
      personId,
    ]);
    if (revoked === 0) throw notFound('API key', 'id');
  }
}

/** The scopes in better-auth's `permissions` column. What is not ours is left out. */
export function scopesOf(permissions: string | null): Scope[] {
  const granted = permissions ? (JSON.parse(permissions) as Record<string, string[]>)[RESOURCE] : [];
  return SCOPES.filter((scope) => granted?.includes(scope));
}
