import { goodturnDataSource, migrate } from '#schema';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomBytes, randomUUID } from 'node:crypto';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { databaseUrl } from '../support/server.ts';

const superUrl = process.env.GOODTURN_TEST_POSTGRES ?? '';
let name: string;
let url: string;

/** As an operator's psql would. */
async function run(at: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: at });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
async function withTables<T>(work: (db: DataSource) => Promise<T>): Promise<T> {
  const db = await goodturnDataSource(url, 2).initialize();
  try {
    return await work(db);
  } finally {
    await db.destroy();
  }
}

/** Every table, column, constraint, index, function and trigger of ours, in PostgreSQL's own words. */
const everything = () =>
  run(
    url,
    `SELECT 'column' AS kind, table_name || '.' || column_name AS name, data_type || is_nullable || coalesce(column_default, '') AS definition
       FROM information_schema.columns WHERE table_schema = 'public'
     UNION ALL SELECT 'constraint', conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
     UNION ALL SELECT 'index', indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
     UNION ALL SELECT 'function', proname, pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
     UNION ALL SELECT 'trigger', tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal AND tgrelid::regclass::text !~ 'graphile_worker'
     ORDER BY 1, 2`,
  );

beforeEach(async () => {
  name = `test_${randomBytes(6).toString('hex')}`;
  await run(superUrl, `CREATE DATABASE ${name}`);
  url = databaseUrl(superUrl, name);
});
afterEach(() => run(superUrl, `DROP DATABASE ${name} WITH (FORCE)`));

describe('the tables', () => {
  it('come up in an empty database, and stay as they are the second time', async () => {
    await migrate(url);
    const made = await everything();
    expect(made.length).toBeGreaterThan(100);
    await migrate(url);
    expect(await everything()).toEqual(made);
  });

  it('come up once when two processes start at the same moment', async () => {
    await Promise.all([migrate(url), migrate(url), migrate(url)]);
    const ran = await run(url, 'SELECT name FROM migration ORDER BY id');
    expect(new Set(ran.map((row) => row.name)).size).toBe(ran.length);
    await withTables(async (db) => expect(await db.showMigrations()).toBe(false)); // none is left to do
  });

  it('wait for a slow upgrade that another process is doing, although no other statement may take that long', async () => {
    const slow = new pg.Client({ connectionString: url });
    await slow.connect();
    await slow.query('SELECT pg_advisory_lock(0x600d7012)');
    setTimeout(() => void slow.end(), 16_000);
    await migrate(url);
    expect((await run(url, 'SELECT count(*)::int AS people FROM person'))[0]).toEqual({ people: 0 });
  }, 40_000);

  it('go back by one migration and come up again the same', async () => {
    await migrate(url);
    const made = await everything();
    await withTables(async (db) => {
      await db.undoLastMigration();
      expect(await everything()).not.toEqual(made);
      await db.runMigrations();
    });
    expect(await everything()).toEqual(made);
  });

  it('bring the people of events there are along, and take them back again', async () => {
    await migrate(url);
    await withTables(async (db) => {
      while (
        (await db.query('SELECT name FROM migration ORDER BY id DESC LIMIT 1'))[0].name !== 'CreateMeetups1764000100000'
      )
        await db.undoLastMigration();
      const [group, event] = [randomUUID(), randomUUID()];
      await db.query(
        `INSERT INTO meetup_group (id, slug, name, description, time_zone, language, changed_at, created_at)
         VALUES ($1, 'old', 'Old', '', 'UTC', 'en', now(), now())`,
        [group],
      );
      await db.query(
        `INSERT INTO event (id, group_id, slug, title, description, starts_at_local, ends_at_local, time_zone, starts_at, ends_at,
                            language, format, state, taken_online, changed_at, created_at)
         VALUES ($1, $2, 'old', 'Old', '', '2026-01-01T17:00', '2026-01-01T18:00', 'UTC', '2026-01-01T17:00Z', '2026-01-01T18:00Z',
                 'en', 'ONLINE', 'PUBLISHED', 2, now(), now())`,
        [event, group],
      );
      for (const attendance of ['ATTENDED', 'UNKNOWN']) {
        const person = randomUUID();
        await db.query(
          `INSERT INTO person (id, name, email, language) VALUES ($1, 'Ada', $1::uuid || '@example.org', 'en')`,
          [person],
        );
        await db.query(
          `INSERT INTO registration (id, event_id, group_id, person_id, name, language, pool, state, ticket_code, registered_at, attendance)
           VALUES (gen_random_uuid(), $1, $2, $3::uuid, 'Ada', 'en', 'ONLINE', 'CONFIRMED', $3::uuid::text, now(), $4)`,
          [event, group, person, attendance],
        );
      }
      await db.runMigrations();
      const [counted] = await db.query('SELECT registration_count, attended_online, attended_in_person FROM event');
      expect(counted).toEqual({ registration_count: 2, attended_online: 1, attended_in_person: 0 });
      expect(await db.query('SELECT party_size, holds_seat, walk_in FROM registration')).toEqual(
        Array.from({ length: 2 }, () => ({ party_size: 1, holds_seat: true, walk_in: false })),
      );
    });
  });

  it('can be taken down to nothing but the memory of migrations', async () => {
    await migrate(url);
    await withTables(async (db) => {
      for (const _ of db.migrations) await db.undoLastMigration();
    });
    const left = await run(
      url,
      `SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'`,
    );
    expect(left).toEqual([{ relname: 'migration' }]);
    expect(await run(url, `SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace`)).toEqual([]);
  });
});

describe('the columns that the program reads and writes', () => {
  /**
   * What TypeORM would do to the tables to make them as the classes say. Left out is what it would take away because the
   * classes do not repeat it: indexes, constraints (their names begin with fk, ck, uq, ix) and defaults stand in the
   * migrations alone.
   */
  const drift = () =>
    withTables(async (db) => {
      const { upQueries } = await db.driver.createSchemaBuilder().log();
      const OURS =
        /DROP CONSTRAINT "(fk|ck|uq)_\w+"$|^DROP INDEX "public"\."(ix|uq)_\w+"$|ALTER COLUMN "\w+" DROP DEFAULT$/;
      return upQueries.map(({ query }) => query).filter((query) => !OURS.test(query));
    });

  it('are those that are there, of the same type, and null in the same cases', async () => {
    await migrate(url);
    expect(await drift()).toEqual([]);
  });

  it.each([
    ['is missing', 'ALTER TABLE registration DROP COLUMN round'],
    ['has another type', 'ALTER TABLE registration ALTER COLUMN round TYPE bigint'],
    ['may be null', 'ALTER TABLE event ALTER COLUMN title DROP NOT NULL'],
    ['is one too many', 'ALTER TABLE event ADD COLUMN subtitle text'],
    ['is in no key any more', 'ALTER TABLE membership DROP CONSTRAINT pk_membership'],
  ])('would be missed if one %s', async (_, mistake) => {
    await migrate(url);
    await run(url, mistake);
    expect(await drift()).not.toEqual([]);
  });
});
