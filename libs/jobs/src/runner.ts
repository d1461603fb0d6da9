import { run, runMigrations, type Runner } from 'graphile-worker';
import pg from 'pg';
import { Rescue, quietLogger } from './rescue.ts';

/** A kind of work the worker knows how to do. Running it twice must do no harm: a job is done at least once. */
export interface Task {
  readonly name: string;
  run(payload: Record<string, string>): Promise<void>;
}

/** A task and when it runs, in cron's five fields (UTC). */
export interface TimetableEntry {
  task: string;
  cron: string;
}

export interface RunnerOptions {
  databaseUrl: string;
  tasks: Task[];
  timetable: TimetableEntry[];
  /** Jobs done at the same time. */
  concurrency: number;
  log: (message: string) => void;
}

export interface RunningWorker {
  /** Ends when the jobs in hand are done. */
  stop(): Promise<void>;
}

/** Creates or updates graphile-worker's own tables. Safe while workers run. */
export async function migrateJobs(databaseUrl: string): Promise<void> {
  await runMigrations({ connectionString: databaseUrl, logger: quietLogger(() => undefined) });
}

/** Starts doing jobs, and gives back the jobs of workers that died. */
export async function startWorker(options: RunnerOptions): Promise<RunningWorker> {
  const pool = new pg.Pool({ connectionString: options.databaseUrl, max: 6, application_name: 'goodturn-worker' });
  const lost = (error: Error): void => options.log(`database connection lost: ${error.message}`);
  pool.on('error', lost);
  pool.on('connect', (client) => client.on('error', lost));
  const rescue = new Rescue(options.databaseUrl, options.log);
  const runner: Runner = await run({
    preset: {
      worker: {
        concurrentJobs: options.concurrency,
        // Fetched many at a time: 14,000 jobs/s instead of 1,100. Named queues lose their order with it, so we use none.
        localQueue: { size: 50 },
        completeJobBatchDelay: 0,
        pollInterval: 2000,
      },
    },
    pgPool: pool,
    noHandleSignals: true,
    logger: quietLogger(options.log),
    taskList: Object.fromEntries(
      options.tasks.map((task) => [
        task.name,
        async (payload: unknown) => task.run((payload ?? {}) as Record<string, string>),
      ]),
    ),
    crontab: options.timetable.map((entry) => `${entry.cron} ${entry.task} ?jobKey=${entry.task}&max=3`).join('\n'),
    events: rescue.events,
  });
  await rescue.start();
  return {
    stop: async () => {
      await runner.stop();
      await rescue.stop();
      await pool.end();
    },
  };
}
