import { CONFIG, Clock, DomainError, type Actor, type Config } from '#kernel';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AUTH, type Auth } from './auth.ts';
import { clientHeaders, type Client } from './client.ts';
import { preferredLanguage } from './language.ts';
import { withinLimit } from './limits.queries.ts';
import { personOf } from './profile.service.ts';
import { returnPath } from './return-path.ts';

/** Mails one address can be sent, and requests one network can make, in a quarter of an hour (ASVS 2.4.1, 6.6.3). */
const PER_ADDRESS = 5;
/** A whole meetup may sit behind one address. */
const PER_NETWORK = 200;
const WINDOW_MINUTES = 15;

/** What better-auth takes for an address (zod's `email`): it throws at anything else. */
const ADDRESS = /^(?!\.)(?!.*\.\.)[a-z0-9_'+\-.]*[a-z0-9_+-]@(?:[a-z0-9][a-z0-9-]*\.)+[a-z]{2,}$/;
const ADDRESS_MAX_LENGTH = 254; // RFC 5321 §4.5.3.1.3

/** Signing in without a password: a link and a code go out by mail, either is good once (PRODUCT G1). */
@Injectable()
export class SignInService {
  constructor(
    @Inject(AUTH) private readonly auth: Auth,
    @Inject(CONFIG) private readonly config: Config,
    private readonly db: DataSource,
    private readonly clock: Clock,
  ) {}

  /**
   * Sends a link and a code to this address. Nothing tells whether the address is known, can be mailed or was mailed too
   * often lately; only a network that asks without end is told to wait (`TOO_MANY`).
   */
  async requestLink(client: Client, address: string, wish: unknown): Promise<void> {
    const email = address.trim().toLowerCase();
    if (email.length > ADDRESS_MAX_LENGTH || !ADDRESS.test(email) || !(await this.mayAsk(client, email))) return;
    const language = preferredLanguage(clientHeaders(client).get('accept-language'));
    const code = await this.auth.api.createVerificationOTP({ body: { email, type: 'sign-in' } });
    await this.auth.api.signInMagicLink({
      body: { email, metadata: { code, language, returnTo: returnPath(wish) } },
      headers: clientHeaders(client),
    });
  }

  /** Signs in by link: the `Set-Cookie` lines of the new session, or null when the link is used up, expired or unknown. */
  async redeemLink(client: Client, token: string): Promise<string[] | null> {
    const headers = clientHeaders(client);
    return cookiesOf(await this.auth.api.magicLinkVerify({ query: { token }, headers, asResponse: true }));
  }

  /** Signs in by the typed code. A code ends after three wrong tries. */
  async redeemCode(client: Client, email: string, code: string): Promise<string[] | null> {
    if (!ADDRESS.test(email)) return null;
    const body = { email, otp: code.replace(/\D/g, '') };
    return cookiesOf(await this.auth.api.signInEmailOTP({ body, headers: clientHeaders(client), asResponse: true }));
  }

  /** Ends the session of this browser; the `Set-Cookie` lines that make it forget. */
  async signOut(client: Client): Promise<string[]> {
    const answer = await this.auth.api.signOut({ headers: clientHeaders(client), asResponse: true });
    return answer.headers.getSetCookie();
  }

  /** Ends all other sessions of the person who acts, on whatever device. */
  async endOtherSessions(actor: Actor, client: Client): Promise<void> {
    await this.requireSession(actor, client);
    await this.auth.api.revokeOtherSessions({ headers: clientHeaders(client) });
  }

  /**
   * The person who acts, provided that they are here in a browser. A key must not make keys or end sessions: whoever
   * finds one would otherwise keep the door open after it is revoked.
   */
  async requireSession(actor: Actor, client: Client): Promise<string> {
    const personId = personOf(actor);
    const byKey = /^bearer /i.test(client.headers.authorization ?? '');
    const session = byKey ? null : await this.auth.api.getSession({ headers: clientHeaders(client) });
    if (!session || session.user.id !== personId) {
      throw new DomainError('SESSION_NEEDED', 'Please sign in with your browser to do this. An API key cannot.');
    }
    return personId;
  }

  private async mayAsk(client: Client, email: string): Promise<boolean> {
    if (!this.config.production) return true;
    const now = this.clock.now();
    if (!(await withinLimit(this.db.manager, `sign-in from ${client.ip}`, PER_NETWORK, WINDOW_MINUTES, now))) {
      throw new DomainError(
        'TOO_MANY',
        'There were many requests from your network. Please try again in a quarter of an hour.',
      );
    }
    return withinLimit(this.db.manager, `sign-in to ${email}`, PER_ADDRESS, WINDOW_MINUTES, now);
  }
}

/** better-auth answers a redeemed link or code with 200, anything else it was foreseen to refuse with 3xx or 4xx. */
function cookiesOf(answer: Response): string[] | null {
  if (answer.status >= 500) throw new Error(`better-auth answered ${answer.status}`);
  return answer.ok ? answer.headers.getSetCookie() : null;
}
