export { CoreModule } from './core.module.ts';
export { goodturnDataSource, migrate } from './migrate.ts';
