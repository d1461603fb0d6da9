import { createDataSource } from '#database';
import { migrateJobs } from '#jobs';
import type { DataSource } from 'typeorm';
import { ENTITIES } from './entities.ts';
import { CreateIdentity1764000000000 } from './migrations/1764000000000-CreateIdentity.ts';
import { CreateMeetups1764000100000 } from './migrations/1764000100000-CreateMeetups.ts';
import { AskMoreAtRegistration1764200000000 } from './migrations/1764200000000-AskMoreAtRegistration.ts';
import { KeepAttendanceEvidence1764200100000 } from './migrations/1764200100000-KeepAttendanceEvidence.ts';
import { PlanSeries1764300000000 } from './migrations/1764300000000-PlanSeries.ts';
import { AddPersonalFeeds1764300100000 } from './migrations/1764300100000-AddPersonalFeeds.ts';
import { SearchEvents1764300200000 } from './migrations/1764300200000-SearchEvents.ts';
import { KeepMailsInOrder1764300210000 } from './migrations/1764300210000-KeepMailsInOrder.ts';

const MIGRATIONS = [
  CreateIdentity1764000000000,
  CreateMeetups1764000100000,
  AskMoreAtRegistration1764200000000,
  KeepAttendanceEvidence1764200100000,
  PlanSeries1764300000000,
  AddPersonalFeeds1764300100000,
  SearchEvents1764300200000,
  KeepMailsInOrder1764300210000,
];

/** Key of the lock under which the tables are changed. */
const MIGRATION_LOCK = 0x600d7012;

/** The database of this system, with all its tables known. Not connected yet. */
export function goodturnDataSource(url: string, poolSize?: number, patient?: boolean): DataSource {
  return createDataSource({ url, entities: ENTITIES, migrations: MIGRATIONS, poolSize, patient });
}

/** Brings the tables up to date. Several processes may try at once: one works, the others wait and find it done. */
export async function migrate(url: string): Promise<void> {
  const db = await goodturnDataSource(url, 2, true).initialize(); // an index on a large table takes its time, and the others wait
  const lock = db.createQueryRunner();
  try {
    await lock.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await db.runMigrations();
    await migrateJobs(url);
  } finally {
    await lock.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]);
    await lock.release();
    await db.destroy();
  }
}
