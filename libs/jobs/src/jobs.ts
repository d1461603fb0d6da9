import type { EntityManager } from 'typeorm';

/**
 * Adds a job in the caller's transaction: it commits or vanishes with what caused it. Payloads carry ids only.
 * `runAt` holds it back until then.
 */
export async function addJob(
  tx: EntityManager,
  task: string,
  payload: Record<string, string>,
  runAt?: Date,
): Promise<void> {
  await tx.query('SELECT graphile_worker.add_job($1, $2::json, run_at => $3)', [
    task,
    JSON.stringify(payload),
    runAt ?? null,
  ]);
}
