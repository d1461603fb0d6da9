import { groupedBy } from '#kernel';
import type { EntityManager } from 'typeorm';
import type { Measure } from './contribution.entity.ts';

/** A number counted from rows, before it is written down. */
export interface Count {
  name: string;
  value: number;
  /** `event`, `registered`, or how attendance is known: `checked_in`, `imported`, `joined`, several joined by `+`. */
  basis: string;
}

/** Finished events whose numbers are not in the ledger yet, or were counted from an attendance that has changed since. */
export async function eventsToWriteDown(db: EntityManager, limit: number): Promise<string[]> {
  const rows: { id: string }[] = await db.query(
    `SELECT event.id FROM event
      WHERE event.state = 'FINISHED'
        AND EXISTS (SELECT FROM event_person
                      LEFT JOIN contribution USING (event_id, person_id, role)
                     WHERE event_person.event_id = event.id
                       AND (contribution.id IS NULL OR contribution.computed_at IS DISTINCT FROM event.attendance_changed_at))
      ORDER BY event.finished_at LIMIT $1`,
    [limit],
  );
  return rows.map(({ id }) => id);
}

/**
 * What can honestly be said in numbers about an event: live figures only for pools in which somebody was seen, each with
 * how it is known; first-timers are people never seen at an earlier event of the group. Who came without an address
 * counts as one more person, of whom nobody can say whether it was their first time.
 */
export async function countEvent(tx: EntityManager, eventId: string): Promise<Count[]> {
  const [row]: Record<string, number | string>[] = await tx.query(
    `WITH here AS (SELECT * FROM registration WHERE event_id = $1 AND state = 'CONFIRMED'),
          seen AS (
            SELECT *, CASE attendance_basis WHEN 'imported' THEN 'imported' WHEN 'joined' THEN 'joined' ELSE 'checked_in' END AS basis
              FROM here WHERE attendance = 'ATTENDED')
     SELECT (SELECT count(*)::int FROM here) AS registered,
            (SELECT count(*)::int FROM seen WHERE pool = 'IN_PERSON') AS live_in_person,
            (SELECT string_agg(DISTINCT basis, '+' ORDER BY basis) FROM seen WHERE pool = 'IN_PERSON') AS live_in_person_basis,
            (SELECT count(*)::int FROM seen WHERE pool = 'ONLINE') AS live_online,
            (SELECT string_agg(DISTINCT basis, '+' ORDER BY basis) FROM seen WHERE pool = 'ONLINE') AS live_online_basis,
            (SELECT string_agg(DISTINCT basis, '+' ORDER BY basis) FROM seen) AS seen_basis,
            (SELECT count(DISTINCT person_id)::int + count(*) FILTER (WHERE person_id IS NULL)::int FROM seen) AS unique_people,
            (SELECT count(*)::int FROM here WHERE attendance = 'NO_SHOW') AS no_shows,
            (SELECT count(*)::int FROM seen
              WHERE person_id IS NOT NULL
                AND NOT EXISTS (SELECT FROM registration AS earlier JOIN event AS past ON past.id = earlier.event_id
                                 WHERE earlier.person_id = seen.person_id AND earlier.group_id = seen.group_id
                                   AND earlier.attendance = 'ATTENDED'
                                   AND past.starts_at < (SELECT starts_at FROM event WHERE id = $1))) AS first_timers`,
    [eventId],
  );
  const value = (name: string): number => Number(row?.[name] ?? 0);
  const basis = (name: string): string => String(row?.[`${name}_basis`] ?? row?.seen_basis ?? 'checked_in');
  const seen = ['live_in_person', 'live_online'].filter((name) => value(name) > 0);
  const measured = seen.length > 0 ? [...seen, 'unique_people', 'first_timers', 'no_shows'] : [];
  return [
    { name: 'sessions', value: 1, basis: 'event' },
    { name: 'registered', value: value('registered'), basis: 'registered' },
    ...measured.map((name) => ({ name, value: value(name), basis: basis(name) })),
  ];
}

/** One draft for everybody who made the event happen; entries that exist keep the words their person gave them. */
export async function draftContributions(tx: EntityManager, eventId: string): Promise<string[]> {
  await tx.query(
    `INSERT INTO contribution (person_id, event_id, role, kind, title, happened_on)
     SELECT person_id, event.id, role, 'event', coalesce(topic, title), left(starts_at_local, 10)::date
       FROM event JOIN event_person ON event_person.event_id = event.id
      WHERE event.id = $1
     ON CONFLICT ON CONSTRAINT uq_contribution_event_person_role DO NOTHING`,
    [eventId],
  );
  const rows: { id: string }[] = await tx.query('SELECT id FROM contribution WHERE event_id = $1 ORDER BY id', [
    eventId,
  ]);
  return rows.map(({ id }) => id);
}

/** Adds the numbers that are new or differ from the newest line of their name; a number no longer known becomes 0. */
export async function addMeasures(
  tx: EntityManager,
  contributionIds: string[],
  eventId: string,
  counts: Count[],
  now: Date,
): Promise<void> {
  await tx.query(
    `WITH newest AS (
       SELECT DISTINCT ON (contribution_id, name) contribution_id, name, value, basis FROM measure
        WHERE contribution_id = ANY($1) ORDER BY contribution_id, name, id DESC),
     counted AS (
       SELECT contribution_id, name, value, basis
         FROM unnest($1::uuid[]) AS contribution_id, jsonb_to_recordset($2) AS count(name text, value int, basis text)
       UNION ALL
       SELECT contribution_id, name, 0, basis FROM newest
        WHERE name NOT IN (SELECT name FROM jsonb_to_recordset($2) AS count(name text)))
     INSERT INTO measure (contribution_id, name, value, basis, source, measured_at)
     SELECT contribution_id, name, counted.value, counted.basis, $3, $4
       FROM counted LEFT JOIN newest USING (contribution_id, name)
      WHERE (newest.value, newest.basis) IS DISTINCT FROM (counted.value, counted.basis)`,
    [contributionIds, JSON.stringify(counts), `event:${eventId}`, now],
  );
  // Told by the attendance it was counted from, not by a clock: the clocks of two processes differ.
  await tx.query(
    `UPDATE contribution SET computed_at = event.attendance_changed_at
       FROM event WHERE event.id = event_id AND contribution.id = ANY($1)`,
    [contributionIds],
  );
}

/** The newest number of each name, by contribution. */
export async function measuresOf(
  db: EntityManager,
  contributionIds: readonly string[],
): Promise<Map<string, Measure[]>> {
  const rows: Measure[] = await db.query(
    `SELECT DISTINCT ON (contribution_id, name) id, contribution_id AS "contributionId", name, value, basis, source,
            measured_at AS "measuredAt"
       FROM measure WHERE contribution_id = ANY($1) ORDER BY contribution_id, name, id DESC`,
    [contributionIds],
  );
  return groupedBy(rows, (row) => row.contributionId);
}
