import type { EntityManager } from 'typeorm';

/**
 * Counts one attempt under `key` and says whether it was within `max` per window. One statement, so that attempts made
 * at the same time are all counted. It shares better-auth's table, which forgets rows whose `last_request` is more than
 * a minute old: ours say there when the window ends.
 */
export async function withinLimit(
  tx: EntityManager,
  key: string,
  max: number,
  windowMinutes: number,
  now: Date,
): Promise<boolean> {
  const rows: { count: number }[] = await tx.query(
    `INSERT INTO rate_limit (key, count, last_request) VALUES ($1, 1, $2::bigint + $3::bigint)
     ON CONFLICT ON CONSTRAINT uq_rate_limit_key DO UPDATE
       SET count = CASE WHEN rate_limit.last_request <= $2 THEN 1 ELSE rate_limit.count + 1 END,
           last_request = CASE WHEN rate_limit.last_request <= $2 THEN excluded.last_request
                               ELSE rate_limit.last_request END
     RETURNING count`,
    [key, now.getTime(), windowMinutes * 60_000],
  );
  return (rows[0]?.count ?? 1) <= max;
}

/** Deletes what has run out: sessions, links, codes, keys and counters. */
export async function forgetExpired(tx: EntityManager, now: Date): Promise<void> {
  await tx.query(`DELETE FROM session WHERE expires_at < $1`, [now]);
  await tx.query(`DELETE FROM verification WHERE expires_at < $1`, [now]);
  await tx.query(`DELETE FROM api_key WHERE expires_at < $1`, [now]);
  await tx.query(`DELETE FROM rate_limit WHERE last_request < $1`, [now.getTime() - 60_000]);
}
