import { groupedBy } from '#kernel';
import { EventState, Pool, type Event } from '#events';
import type { EntityManager } from 'typeorm';

/** One number about who was there, with how it is known. */
export interface Total {
  pool: Pool;
  basis: string;
  people: number;
}

interface Derived {
  personId: string | null;
  pool: Pool;
  /** 1 for somebody who counts as there from now on, -1 for somebody who no longer does. */
  came: number;
}

/** $1: the event, $2: its registrations to look at. Touches those only of which something else is known than before. */
const DERIVE = `
  WITH stays AS (
    SELECT registration_id, min(joined_at) AS came_at,
           range_agg(tstzrange(joined_at, left_at)) FILTER (WHERE joined_at IS NOT NULL AND left_at IS NOT NULL) AS spans,
           sum(minutes) FILTER (WHERE joined_at IS NULL OR left_at IS NULL) AS told
      FROM attendance_stay JOIN attendance_import ON attendance_import.id = import_id AND undone_at IS NULL
     WHERE registration_id = ANY($2) GROUP BY registration_id),
  evidence AS (
    SELECT registration.id, attendance AS was,
           CASE WHEN state <> 'CONFIRMED' THEN NULL
                WHEN check_in.id IS NOT NULL THEN check_in.method
                WHEN stays.registration_id IS NOT NULL THEN 'imported'
                WHEN registration.joined_at IS NOT NULL THEN 'joined' END AS basis,
           coalesce(check_in.at, stays.came_at, registration.joined_at) AS came_at,
           CASE WHEN spans IS NOT NULL OR told IS NOT NULL THEN round(coalesce(told, 0) + coalesce(
             (SELECT sum(extract(epoch FROM upper(span) - lower(span))) / 60 FROM unnest(spans) AS span), 0))::int
           END AS minutes
      FROM registration
      LEFT JOIN check_in ON check_in.registration_id = registration.id AND check_in.undone_at IS NULL
      LEFT JOIN stays ON stays.registration_id = registration.id
     WHERE registration.id = ANY($2) AND registration.event_id = $1),
  known AS (
    SELECT id, was, basis, minutes, CASE WHEN basis IS NOT NULL THEN came_at END AS came_at FROM evidence)
  UPDATE registration
     SET attendance = CASE WHEN basis IS NOT NULL THEN 'ATTENDED' WHEN was = 'ATTENDED' THEN 'UNKNOWN' ELSE was END,
         attendance_basis = basis, checked_in_at = came_at, attended_minutes = minutes
    FROM known
   WHERE registration.id = known.id
     AND (attendance = 'ATTENDED', attendance_basis, checked_in_at, attended_minutes)
         IS DISTINCT FROM (basis IS NOT NULL, basis, came_at, minutes)
   RETURNING person_id AS "personId", pool, (basis IS NOT NULL)::int - (was = 'ATTENDED')::int AS came`;

/**
 * Says again what is known of these registrations, from their evidence alone: what the door saw, else the files of the
 * call, else the own link. Whatever adds or takes back evidence calls it, and nobody else sets attendance. The time is
 * the door's, else the start of the first stay; minutes are the time that the stays cover together, so that two files of
 * one call are not counted twice. Without a seat nobody is there: the door and imports make people walk-ins first. The
 * caller holds the lock on `event`, whose counters are kept here.
 */
export async function deriveAttendance(
  tx: EntityManager,
  event: Event,
  registrationIds: readonly string[],
  now: Date,
): Promise<void> {
  const [changed]: [Derived[], number] = await tx.query(DERIVE, [event.id, registrationIds]);
  if (changed.length === 0) return;
  await moveAttended(tx, event, changed);
  if (event.state === EventState.FINISHED) await settlePools(tx, event);
  const personIds = changed.map(({ personId }) => personId);
  await attendanceChanged(tx, event, personIds, now);
}

/** One statement for both counters, and none where nobody came or went: whoever watches is told of each. */
async function moveAttended(tx: EntityManager, event: Event, changed: readonly Derived[]): Promise<void> {
  const before = [event.attendedInPerson, event.attendedOnline];
  for (const { pool, came } of changed)
    if (pool === Pool.ONLINE) event.attendedOnline += came;
    else event.attendedInPerson += came;
  const after = [event.attendedInPerson, event.attendedOnline];
  if (String(before) !== String(after))
    await tx.query('UPDATE event SET attended_in_person = $2, attended_online = $3 WHERE id = $1', [
      event.id,
      ...after,
    ]);
}

/**
 * Confirmed people who were not seen are no-shows, pool by pool, where attendance was taken at all: where nobody was seen
 * (any more), nobody is told that they were missed. Answers with how many no-shows this made.
 */
export async function settlePools(tx: EntityManager, event: Event): Promise<number> {
  const [rows]: [{ attendance: string }[], number] = await tx.query(
    `WITH taken AS (SELECT DISTINCT pool FROM registration WHERE event_id = $1 AND attendance = 'ATTENDED')
     UPDATE registration SET attendance = CASE attendance WHEN 'UNKNOWN' THEN 'NO_SHOW' ELSE 'UNKNOWN' END
      WHERE event_id = $1 AND state = 'CONFIRMED'
        AND (attendance = 'UNKNOWN' AND pool IN (SELECT pool FROM taken)
          OR attendance = 'NO_SHOW' AND pool NOT IN (SELECT pool FROM taken))
      RETURNING attendance`,
    [event.id],
  );
  return rows.filter(({ attendance }) => attendance === 'NO_SHOW').length;
}

/**
 * After settling, everything computed from attendance is due again: of this event, and of later ones of the group that
 * these people came to, where they may be first-timers or no longer be. Each change leaves another instant than before,
 * even if the clock of this process is behind. Locks the later events in order of time; nothing locks back in time.
 */
async function attendanceChanged(
  tx: EntityManager,
  event: Event,
  personIds: readonly (string | null)[],
  now: Date,
): Promise<void> {
  await tx.query(
    `UPDATE event SET attendance_changed_at = greatest($5, attendance_changed_at + interval '1 millisecond')
      WHERE id IN (
        SELECT id FROM event
         WHERE state = 'FINISHED'
           AND (id = $1 OR group_id = $2 AND starts_at > $3
                AND EXISTS (SELECT FROM registration
                             WHERE event_id = event.id AND person_id = ANY($4) AND attendance = 'ATTENDED'))
         ORDER BY starts_at, id FOR NO KEY UPDATE)`,
    [event.id, event.groupId, event.startsAt, personIds.filter((id) => id !== null), now],
  );
}

/** How many people are known to have been there, by event, each with how it is known; one query for all events. */
export async function attendanceTotals(db: EntityManager, eventIds: readonly string[]): Promise<Map<string, Total[]>> {
  const rows: (Total & { eventId: string })[] = await db.query(
    `SELECT event_id AS "eventId", pool, basis, count(*)::int AS people
       FROM registration
      CROSS JOIN LATERAL (VALUES ('registered'), (CASE WHEN attendance = 'ATTENDED' THEN attendance_basis END)) AS line(basis)
      WHERE event_id = ANY($1) AND state = 'CONFIRMED' AND basis IS NOT NULL
      GROUP BY event_id, pool, basis
      ORDER BY event_id, pool, array_position(ARRAY['registered', 'scanned', 'named', 'walk_in', 'imported', 'joined'], basis)`,
    [eventIds],
  );
  return groupedBy(rows, ({ eventId }) => eventId);
}
