import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { TEMPLATE, databaseUrl } from './server.ts';

/** A fresh, migrated database of its own for a test file. */
export async function testDatabase(): Promise<{ url: string; drop: () => Promise<void> }> {
  const superUrl = process.env.GOODTURN_TEST_POSTGRES;
  if (!superUrl) throw new Error('Please run the tests with `npm test`: it starts PostgreSQL first.');
  const name = `test_${randomBytes(6).toString('hex')}`;
  await asSuperUser(superUrl, `CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`);
  return {
    url: databaseUrl(superUrl, name),
    drop: () => asSuperUser(superUrl, `DROP DATABASE ${name} WITH (FORCE)`),
  };
}

async function asSuperUser(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(sql);
  await client.end();
}
