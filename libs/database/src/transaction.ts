import { DomainError } from '#kernel';
import type { DataSource, EntityManager } from 'typeorm';

/** PostgreSQL's codes for "someone else held the lock for too long" and "two of us waited for each other". */
const BUSY = new Set(['55P03', '40P01', '40001']);

/**
 * Runs one use case as one transaction. `READ COMMITTED`: what must not change meanwhile is locked by name.
 * Waiting for a lock ends after 5 s with `BUSY`, which a caller may simply try again.
 */
export async function inTransaction<T>(db: DataSource, work: (tx: EntityManager) => Promise<T>): Promise<T> {
  try {
    return await db.transaction(work);
  } catch (error) {
    if (BUSY.has(postgresCode(error) ?? '')) throw busy();
    throw error;
  }
}

export function busy(): DomainError {
  return new DomainError('BUSY', 'Many people are doing this right now. Please try again in a moment.');
}

/** The SQLSTATE of an error that came from PostgreSQL. */
export function postgresCode(error: unknown): string | undefined {
  const { code, driverError } = error as { code?: unknown; driverError?: { code?: unknown } };
  const found = code ?? driverError?.code;
  return typeof found === 'string' ? found : undefined;
}

/** The constraint that refused a row: refusals are told apart by its name. */
export function violatedConstraint(error: unknown): string | undefined {
  const { constraint, driverError } = error as { constraint?: unknown; driverError?: { constraint?: unknown } };
  const found = constraint ?? driverError?.constraint;
  return typeof found === 'string' ? found : undefined;
}
