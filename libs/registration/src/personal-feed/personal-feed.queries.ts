import { Pool } from '#events';
import type { Window } from '#calendar';
import type { EntityManager } from 'typeorm';
import type { RegistrationState } from '../registration.entity.ts';

/** Whose feed it is. */
export interface FeedOwner {
  personId: string;
  timeZone: string;
}

/** A registration as its person's calendar shows it. */
export interface OwnRow {
  id: string;
  eventId: string;
  state: RegistrationState;
  pool: Pool;
  manageVersion: number;
  /** Instant of the last act that the calendar shows; those that it does not show leave its bytes alone. */
  changedAt: Date;
}

/** Whose feed has this token, and notes the day. One statement, the same for a token that never was and one that is no more. */
export async function ownerOfFeed(db: EntityManager, tokenHash: string, today: Date): Promise<FeedOwner | null> {
  const rows: (FeedOwner & { id: string; usedToday: boolean })[] = await db.query(
    `SELECT feed.id, feed.person_id AS "personId", coalesce(person.time_zone, 'UTC') AS "timeZone",
            feed.last_used_on IS NOT DISTINCT FROM $2::date AS "usedToday"
       FROM personal_feed AS feed JOIN person ON person.id = feed.person_id
      WHERE feed.token_hash = decode($1, 'hex') AND feed.revoked_at IS NULL`,
    [tokenHash, today],
  );
  const [owner] = rows;
  if (!owner) return null;
  if (!owner.usedToday)
    await db.query('UPDATE personal_feed SET last_used_on = $2::date WHERE id = $1', [owner.id, today]);
  return owner;
}

/** Where the person has, or waits for, a place. An event that was called off stays, crossed out; a place given up goes. */
export async function ownRows(db: EntityManager, personId: string, window: Window): Promise<OwnRow[]> {
  return db.query(
    `SELECT registration.id, registration.event_id AS "eventId", registration.state, registration.pool,
            registration.manage_version AS "manageVersion",
            greatest(registration.registered_at, registration.confirmed_at,
              (SELECT max(at) FROM history_entry WHERE subject_id = registration.id
                  AND act NOT IN ('registration.answered', 'registration.stillComing', 'registration.joined')
                  AND act LIKE 'registration.%')) AS "changedAt"
       FROM registration JOIN event ON event.id = registration.event_id
      WHERE registration.person_id = $1 AND registration.state <> 'CANCELLED'
        AND event.state <> 'DRAFT' AND event.ends_at > $2 AND event.starts_at < $3
      ORDER BY abs(extract(epoch FROM event.starts_at - $4::timestamptz)), event.id LIMIT $5`,
    [personId, window.from, window.until, window.today, window.mostEvents],
  );
}

/** The person's feed that works, without its secret. */
export async function liveFeedOf(
  db: EntityManager,
  personId: string,
): Promise<{ createdAt: Date; lastUsedOn: string | null } | null> {
  const rows: { createdAt: Date; lastUsedOn: string | null }[] = await db.query(
    `SELECT created_at AS "createdAt", last_used_on::text AS "lastUsedOn"
       FROM personal_feed WHERE person_id = $1 AND revoked_at IS NULL`,
    [personId],
  );
  return rows[0] ?? null;
}

/** Ends the person's feed, if there is one. Locks the person first: of two at once the second sees what the first made. */
export async function endFeedOf(tx: EntityManager, personId: string, now: Date): Promise<void> {
  await tx.query('SELECT FROM person WHERE id = $1 FOR NO KEY UPDATE', [personId]);
  await tx.query('UPDATE personal_feed SET revoked_at = $2 WHERE person_id = $1 AND revoked_at IS NULL', [
    personId,
    now,
  ]);
}

/** A feed behind the token of this hash. */
export async function insertFeed(
  tx: EntityManager,
  feed: { id: string; personId: string; tokenHash: string; createdAt: Date },
): Promise<void> {
  await tx.query(
    `INSERT INTO personal_feed (id, person_id, token_hash, created_at) VALUES ($1, $2, decode($3, 'hex'), $4)`,
    [feed.id, feed.personId, feed.tokenHash, feed.createdAt],
  );
}
