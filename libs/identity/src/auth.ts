import type { Config } from '#kernel';
import { apiKey } from '@better-auth/api-key';
import { betterAuth, type BetterAuthPlugin } from 'better-auth';
import { emailOTP } from 'better-auth/plugins/email-otp';
import { magicLink } from 'better-auth/plugins/magic-link';
import { createHmac } from 'node:crypto';
import type pg from 'pg';
import { preferredLanguage } from './language.ts';

/** Nest's token for the better-auth instance. */
export const AUTH = Symbol('AUTH');

/** Where better-auth answers HTTP. */
export const AUTH_PATH = '/auth';

/** How long a link and a code of a sign-in mail work (PRODUCT G1, ASVS 6.5.5). */
export const SIGN_IN_MINUTES = 10;

/** The header by which we tell better-auth who called; what a client sends under this name is overwritten. */
export const CLIENT_ADDRESS = 'x-goodturn-client-address';

const DAY_SECONDS = 24 * 60 * 60;

/**
 * All that is reachable of better-auth from outside. Everything else has a door of our own: links and codes are asked
 * for and redeemed at `/sign-in` (better-auth's own verify route consumes a link on GET, and mail scanners open links),
 * keys are made through GraphQL. A list of what is open, so that an upgrade cannot open more.
 */
const DOORS = new Set(
  ['/get-session', '/sign-out', '/list-sessions', '/revoke-session', '/revoke-sessions', '/revoke-other-sessions'].map(
    (door) => `${AUTH_PATH}${door}`,
  ),
);

const onlyDoors: BetterAuthPlugin = {
  id: 'goodturn-doors',
  onRequest: async (request) =>
    DOORS.has(new URL(request.url).pathname) ? undefined : { response: new Response('Not found', { status: 404 }) },
};

/** What a sign-in mail has to carry. */
export interface SignInLetter {
  email: string;
  /** Secret of the link; only its hash is kept. */
  token: string;
  /** Six digits, to be typed where the mail was asked for. */
  code: string;
  /** Path of ours to go to afterwards. */
  returnTo: string;
  /** BCP 47: what the person's browser speaks, for people we do not know yet. */
  language: string;
}

export interface AuthOptions {
  config: Config;
  pool: pg.Pool;
  sendSignInMail: (letter: SignInLetter) => Promise<void>;
}

/**
 * Sign-in, sessions and API keys, done by better-auth on our pool and in our tables (migration `CreateIdentity`).
 * Whoever proves an address gets the person of that address, also when that person only registered so far.
 */
export function createAuth({ config, pool, sendSignInMail }: AuthOptions) {
  const https = config.publicUrl.startsWith('https:');
  return betterAuth({
    appName: 'Goodturn',
    baseURL: config.publicUrl,
    basePath: AUTH_PATH,
    secret: config.secret,
    trustedOrigins: [config.publicUrl],
    database: pool,
    telemetry: { enabled: false },
    logger: { level: 'error' },
    user: {
      modelName: 'person',
      fields: { emailVerified: 'email_verified', createdAt: 'created_at', updatedAt: 'updated_at' },
      additionalFields: {
        language: { type: 'string', required: false, input: false },
        timeZone: { type: 'string', required: false, input: false, fieldName: 'time_zone' },
        administrator: { type: 'boolean', required: false, input: false },
      },
    },
    session: {
      expiresIn: 30 * DAY_SECONDS,
      updateAge: DAY_SECONDS,
      fields: {
        userId: 'person_id',
        expiresAt: 'expires_at',
        ipAddress: 'ip_address',
        userAgent: 'user_agent',
        createdAt: 'created_at',
        updatedAt: 'updated_at',
      },
    },
    account: {
      fields: {
        userId: 'person_id',
        accountId: 'account_id',
        providerId: 'provider_id',
        accessToken: 'access_token',
        refreshToken: 'refresh_token',
        idToken: 'id_token',
        accessTokenExpiresAt: 'access_token_expires_at',
        refreshTokenExpiresAt: 'refresh_token_expires_at',
        createdAt: 'created_at',
        updatedAt: 'updated_at',
      },
    },
    verification: { fields: { expiresAt: 'expires_at', createdAt: 'created_at', updatedAt: 'updated_at' } },
    rateLimit: {
      enabled: config.production,
      storage: 'database',
      modelName: 'rate_limit',
      fields: { lastRequest: 'last_request' },
    },
    advanced: {
      // `__Host-` binds the cookie to this host (RFC 6265bis); better-auth itself would only say `__Secure-`.
      useSecureCookies: false,
      cookiePrefix: https ? '__Host-goodturn' : 'goodturn',
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax', secure: https, path: '/' },
      // Told, because better-auth leaves this check out when NODE_ENV is `test`: what is tested should be what runs.
      disableOriginCheck: false,
      ipAddress: { ipAddressHeaders: [CLIENT_ADDRESS] },
      database: { generateId: 'uuid', joins: true },
    },
    databaseHooks: {
      user: {
        create: {
          before: async (person, context) => ({
            data: { ...person, language: preferredLanguage(context?.headers?.get('accept-language')) },
          }),
        },
      },
    },
    plugins: [
      onlyDoors,
      magicLink({
        expiresIn: SIGN_IN_MINUTES * 60,
        storeToken: 'hashed',
        sendMagicLink: async ({ email, token, metadata }) => {
          const { code, returnTo, language } = metadata as Pick<SignInLetter, 'code' | 'returnTo' | 'language'>;
          await sendSignInMail({ email: email.toLowerCase(), token, code, returnTo, language });
        },
      }),
      emailOTP({
        otpLength: 6,
        expiresIn: SIGN_IN_MINUTES * 60,
        allowedAttempts: 3,
        // A plain hash of six digits is guessed at once; with the server's secret in it, it is not.
        storeOTP: {
          hash: async (code) => createHmac('sha256', config.secret).update(`code:${code}`).digest('base64url'),
        },
        sendVerificationOTP: async () => {
          throw new Error('A code is sent with a link; see SignInService.requestLink');
        },
      }),
      apiKey({
        defaultPrefix: 'gt_',
        requireName: true,
        maximumNameLength: 80,
        startingCharactersConfig: { shouldStore: true, charactersLength: 9 },
        keyExpiration: { minExpiresIn: 1, maxExpiresIn: 730 },
        rateLimit: { enabled: false }, // its counter would be a write for every request
        schema: {
          apikey: {
            modelName: 'api_key',
            fields: {
              configId: 'config_id',
              referenceId: 'person_id',
              expiresAt: 'expires_at',
              lastRequest: 'last_request_at',
              requestCount: 'request_count',
              refillInterval: 'refill_interval',
              refillAmount: 'refill_amount',
              lastRefillAt: 'last_refill_at',
              rateLimitEnabled: 'rate_limit_enabled',
              rateLimitTimeWindow: 'rate_limit_time_window',
              rateLimitMax: 'rate_limit_max',
              createdAt: 'created_at',
              updatedAt: 'updated_at',
            },
          },
        },
      }),
    ],
  });
}

export type Auth = ReturnType<typeof createAuth>;
