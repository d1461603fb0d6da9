export { HistoryEntry } from './history-entry.entity.ts';
export { record, type Act } from './history.ts';
