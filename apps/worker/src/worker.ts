import 'reflect-metadata';
import { Clock, type Config } from '#kernel';
import { startWorker, type RunningWorker, type Task } from '#jobs';
import { CoreModule, goodturnDataSource } from '#schema';
import { NestFactory } from '@nestjs/core';
import { TIMETABLE } from './timetable.ts';
import { TASKS, WorkerModule } from './worker.module.ts';

export interface WorkerOptions {
  config: Config;
  clock?: Clock;
  log?: (message: string) => void;
}

/** Jobs one worker does at a time: as many as it keeps connections to the mail server. */
const CONCURRENCY = 5;

/** Starts a worker: it sends mail and keeps the timetable. The tables must be up to date. */
export async function startGoodturnWorker({
  config,
  clock = new Clock(),
  log = (message) => void process.stderr.write(`${message}\n`),
}: WorkerOptions): Promise<RunningWorker> {
  const db = await goodturnDataSource(config.databaseUrl).initialize();
  const app = await NestFactory.createApplicationContext(
    { module: WorkerModule, imports: [CoreModule.with(config, db, clock)] },
    { logger: ['error', 'warn'], abortOnError: false },
  );
  const worker = await startWorker({
    databaseUrl: config.databaseUrl,
    tasks: TASKS.map((task) => app.get<Task>(task)),
    timetable: TIMETABLE,
    concurrency: CONCURRENCY,
    log,
  });
  return {
    stop: async () => {
      await worker.stop();
      await app.close();
      await db.destroy();
    },
  };
}
