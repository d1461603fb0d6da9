export { addJob } from './jobs.ts';
export {
  migrateJobs,
  startWorker,
  type RunnerOptions,
  type RunningWorker,
  type Task,
  type TimetableEntry,
} from './runner.ts';
