import { startEmbeddedPostgres, type EmbeddedPostgres } from '#database';
import { migrate } from '#schema';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

/** The database that every test's database is a copy of: all tables, no rows. */
export const TEMPLATE = 'goodturn_template';

/** One PostgreSQL for a whole run of the tests, with the migrated template in it. */
export async function startTestServer(): Promise<{ superUrl: string; stop: () => Promise<void> }> {
  const dataDir = await mkdtemp(join(tmpdir(), 'goodturn-test-'));
  const server: EmbeddedPostgres = await startEmbeddedPostgres({ dataDir, durable: false, log: () => undefined });
  const client = new pg.Client({ connectionString: server.superUrl });
  await client.connect();
  await client.query(`CREATE DATABASE ${TEMPLATE}`);
  await client.end();
  await migrate(databaseUrl(server.superUrl, TEMPLATE));
  return {
    superUrl: server.superUrl,
    stop: async () => {
      await server.stop();
      await rm(server.folder, { recursive: true, force: true });
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** The same server, another database. */
export function databaseUrl(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.toString();
}
