import { describe, expect, it } from '@jest/globals';
import { readConfig } from './config.ts';

const complete = {
  DATABASE_URL: 'postgres://user:password@db:5432/goodturn',
  SMTP_URL: 'smtps://mail.example:465',
  PUBLIC_URL: 'https://meetups.example/',
  MAIL_FROM: 'Meetups <hello@meetups.example>',
  SECRET: 'x'.repeat(32),
  NODE_ENV: 'production',
};

describe('configuration', () => {
  it('is taken from the environment, with sensible ports', () => {
    expect(readConfig(complete)).toMatchObject({
      production: true,
      host: '127.0.0.1',
      port: 3000,
      publicUrl: 'https://meetups.example',
    });
  });

  it.each([
    ['DATABASE_URL', undefined, /DATABASE_URL is missing\. Set it to something like postgres:/],
    ['DATABASE_URL', 'mysql://db', /DATABASE_URL must be an address such as postgres:/],
    ['SMTP_URL', 'mail.example', /SMTP_URL must be an address/],
    ['PUBLIC_URL', undefined, /PUBLIC_URL is missing/],
    ['MAIL_FROM', undefined, /MAIL_FROM is missing/],
    ['SECRET', undefined, /SECRET must be at least 32 characters/],
    ['SECRET', 'short', /SECRET must be at least 32 characters/],
    ['PORT', '99999', /PORT must be a whole number/],
  ])('refuses to start with %s=%s, and says what to do', (name, value, sentence) => {
    expect(() => readConfig({ ...complete, [name]: value })).toThrow(sentence);
  });

  it('tells everything that is wrong at once', () => {
    expect(() => readConfig({})).toThrow(/DATABASE_URL[\s\S]*SMTP_URL[\s\S]*SECRET/);
  });
});
