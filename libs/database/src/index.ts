export { POOL_SIZE, createDataSource, poolOf, type DatabaseOptions } from './data-source.ts';
export { startEmbeddedPostgres, type EmbeddedPostgres, type EmbeddedPostgresOptions } from './embedded.ts';
export { Listener, type ListenerOptions } from './listener.ts';
export { busy, inTransaction, postgresCode, violatedConstraint } from './transaction.ts';
