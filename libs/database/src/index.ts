export { createDataSource, poolOf, type DatabaseOptions } from './data-source.ts';
export { startEmbeddedPostgres, type EmbeddedPostgres, type EmbeddedPostgresOptions } from './embedded.ts';
export { Listener, type ListenerOptions } from './listener.ts';
export { busy, inTransaction, violatedConstraint } from './transaction.ts';
