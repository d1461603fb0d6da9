export { HistoryEntry } from './history-entry.entity.ts';
export { historyOf } from './history.queries.ts';
export { record, type Act } from './history.ts';
