/** Everything that is decided outside the program. See docs/operators.md for each variable. */
export interface Config {
  production: boolean;
  host: string;
  port: number;
  /** Address people reach us by, without a slash at the end. */
  publicUrl: string;
  databaseUrl: string;
  /** Where mail is handed over, e.g. `smtps://user:password@mail.example:465`. */
  smtpUrl: string;
  /** Sender of all mail, e.g. `Goodturn <hello@goodturn.example>`. */
  mailFrom: string;
  /** At least 32 characters; signs sessions and personal links. Changing it makes every link in sent mail stop working. */
  secret: string;
}

/** Nest's token for the `Config`. */
export const CONFIG = Symbol('CONFIG');

/** Reads and checks the environment. Throws one error with a sentence for everything that is missing or wrong. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const wrong: string[] = [];
  const production = env.NODE_ENV === 'production';
  const host = env.HOST ?? '127.0.0.1';
  const port = Number(env.PORT ?? 3000);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) wrong.push('PORT must be a whole number from 0 to 65535.');

  const url = (name: string, fallback: string | null, protocols: string[], example: string): string => {
    const value = env[name] ?? fallback;
    if (value && URL.canParse(value) && protocols.includes(new URL(value).protocol)) return value;
    wrong.push(`${name} ${value ? 'must be an address such as' : 'is missing. Set it to something like'} ${example}`);
    return '';
  };
  const publicUrl = url(
    'PUBLIC_URL',
    production ? null : `http://${host}:${port}`,
    ['http:', 'https:'],
    'https://meetups.example',
  );
  const databaseUrl = url(
    'DATABASE_URL',
    null,
    ['postgres:', 'postgresql:'],
    'postgres://user:password@host:5432/goodturn',
  );
  const smtpUrl = url('SMTP_URL', null, ['smtp:', 'smtps:'], 'smtp://user:password@host:587');

  if (production && !env.MAIL_FROM)
    wrong.push('MAIL_FROM is missing. Set it to the sender of all mail, such as "Goodturn <hello@meetups.example>".');
  const secret = env.SECRET ?? '';
  if (secret.length < 32)
    wrong.push('SECRET must be at least 32 characters. `openssl rand -base64 32` makes a good one.');

  if (wrong.length > 0) throw new Error(`Goodturn cannot start:\n${wrong.map((line) => `  - ${line}`).join('\n')}`);
  return {
    production,
    host,
    port,
    publicUrl: publicUrl.replace(/\/+$/, ''),
    databaseUrl,
    smtpUrl,
    mailFrom: env.MAIL_FROM ?? 'Goodturn <hello@goodturn.example>',
    secret,
  };
}
