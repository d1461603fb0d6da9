import { readConfig, type Config } from '#kernel';

/** Configuration of a process under test; also as environment for one that is started for real. */
export function testEnvironment(databaseUrl: string, smtpUrl: string): Record<string, string> {
  return {
    DATABASE_URL: databaseUrl,
    SMTP_URL: smtpUrl,
    HOST: '127.0.0.1',
    PORT: '0',
    PUBLIC_URL: 'http://goodturn.test',
    MAIL_FROM: 'Goodturn <hello@goodturn.test>',
    SECRET: 'a secret for tests that is long enough',
    NODE_ENV: 'development',
  };
}

export function testConfig(databaseUrl: string, smtpUrl = 'smtp://127.0.0.1:1'): Config {
  return readConfig(testEnvironment(databaseUrl, smtpUrl));
}
