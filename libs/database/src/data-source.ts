import pg from 'pg';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { SnakeNaming } from './naming.ts';

/** Connections one process keeps. More of them make a hot event slower: they would only queue on its row lock. */
export const POOL_SIZE = 10;

export interface DatabaseOptions {
  url: string;
  entities: DataSourceOptions['entities'];
  migrations?: DataSourceOptions['migrations'];
  /** Connections kept; `POOL_SIZE` unless told. */
  poolSize?: number;
  /** True for migrations: a statement may take as long as it needs, and so may waiting for a lock. */
  patient?: boolean;
}

/** A statement that runs for longer is a mistake or an attack; migrations and long exports set their own limit. */
const STATEMENT_TIMEOUT_MS = 15_000;

/** Whoever waits longer for a row is told to try again; see `inTransaction`. */
const LOCK_TIMEOUT_MS = 5_000;

/** The one door to PostgreSQL of a process. Tables are changed by migrations only, never by `synchronize`. */
export function createDataSource(options: DatabaseOptions): DataSource {
  return new DataSource({
    type: 'postgres',
    url: options.url,
    entities: options.entities,
    migrations: options.migrations ?? [],
    migrationsTableName: 'migration',
    migrationsTransactionMode: 'each',
    namingStrategy: new SnakeNaming(),
    synchronize: false,
    logging: false,
    poolSize: options.poolSize ?? POOL_SIZE,
    driver: pg,
    installExtensions: false, // ours need none; TypeORM would put uuid-ossp into the operator's database
    extra: {
      statement_timeout: options.patient ? 0 : STATEMENT_TIMEOUT_MS,
      lock_timeout: options.patient ? 0 : LOCK_TIMEOUT_MS,
      application_name: 'goodturn',
    },
  });
}

/** The `pg` pool under a data source: for libraries that bring their own SQL, so that a process has one pool only. */
export function poolOf(db: DataSource): pg.Pool {
  return (db.driver as unknown as { master: pg.Pool }).master;
}
