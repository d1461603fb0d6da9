import { startApi, type RunningApi } from '../../apps/api/src/api.ts';
import type { Task } from '#jobs';
import { CoreModule, goodturnDataSource } from '#schema';
import { NestFactory } from '@nestjs/core';
import type { DataSource } from 'typeorm';
import { WorkerModule } from '../../apps/worker/src/worker.module.ts';
import { Builders } from './builders.ts';
import { StandingClock } from './clock.ts';
import { testConfig } from './config.ts';
import { testDatabase } from './database.ts';
import { graphqlClient, type GraphqlClient } from './graphql.ts';
import { testSmtp, type TestSmtp } from './smtp.ts';

export interface TestSystem {
  api: RunningApi;
  url: string;
  databaseUrl: string;
  db: DataSource;
  smtp: TestSmtp;
  clock: StandingClock;
  graphql: GraphqlClient;
  a: Builders;
  /** Does a task of the worker once, as the timetable would. */
  doTask: (task: new (...needs: never[]) => Task) => Promise<void>;
  /** Sends all mail that is queued, as the worker would. */
  sendMail: () => Promise<void>;
  stop: () => Promise<void>;
}

/** The API, the worker's tasks and a mail server on a database of their own, all in this process and at one time of day. */
export async function testSystem(clock = new StandingClock()): Promise<TestSystem> {
  const database = await testDatabase();
  const smtp = await testSmtp();
  const config = testConfig(database.url, smtp.url);
  const api = await startApi({ config, clock });
  const db = await goodturnDataSource(database.url, 4).initialize();
  const worker = await NestFactory.createApplicationContext(
    { module: WorkerModule, imports: [CoreModule.with(config, db, clock)] },
    { logger: ['error'], abortOnError: false },
  );
  const { MailerTask } = await import('#mail');
  return {
    api,
    url: api.url,
    databaseUrl: database.url,
    db,
    smtp,
    clock,
    graphql: graphqlClient(api.url),
    a: new Builders(api, db),
    doTask: (task) => worker.get<Task>(task).run({}),
    sendMail: async () => {
      const queued: { id: string }[] = await db.query(`SELECT id FROM message WHERE state = 'QUEUED' ORDER BY number`);
      for (const { id } of queued) await worker.get(MailerTask).run({ messageId: id });
    },
    stop: async () => {
      await worker.close();
      await db.destroy();
      await api.stop();
      await smtp.stop();
      await database.drop();
    },
  };
}
