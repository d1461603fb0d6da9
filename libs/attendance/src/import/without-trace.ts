import type { DataSource, EntityManager } from 'typeorm';

/** Runs `work` in a transaction that is taken back, whatever comes of it: what it answers is all that stays. */
export async function withoutTrace<T>(db: DataSource, work: (tx: EntityManager) => Promise<T>): Promise<T> {
  const runner = db.createQueryRunner();
  try {
    await runner.startTransaction();
    return await work(runner.manager);
  } finally {
    await takeBack(runner);
  }
}

async function takeBack(runner: ReturnType<DataSource['createQueryRunner']>): Promise<void> {
  try {
    if (runner.isTransactionActive) await runner.rollbackTransaction();
  } finally {
    await runner.release();
  }
}
