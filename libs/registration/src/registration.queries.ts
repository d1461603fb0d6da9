import { isUuid, notFound } from '#kernel';
import { lockEvent, type Event } from '#events';
import type { EntityManager } from 'typeorm';
import { Registration, RegistrationState } from './registration.entity.ts';

/** Somebody to write to about their registration. */
export interface Recipient {
  registrationId: string;
  personId: string;
  toAddress: string;
  language: string;
}

/** A registration and its event, both locked: event first, as everywhere. */
export async function lockForChange(
  tx: EntityManager,
  registrationId: string,
  field: string,
): Promise<{ registration: Registration; event: Event }> {
  const found = isUuid(registrationId) ? await tx.findOneBy(Registration, { id: registrationId }) : null;
  if (!found) throw notFound('registration', field);
  const event = await lockEvent(tx, found.eventId);
  const registration = await tx.findOneOrFail(Registration, {
    where: { id: found.id },
    lock: { mode: 'for_no_key_update' },
  });
  return { registration, event };
}

/**
 * After settling, everything computed from attendance is due again: of this event, and of later ones of the group that
 * the person came to, where they may be first-timers or no longer be. Each change leaves another instant than before,
 * even if the clock of this process is behind. Locks the later events in order of time; nothing locks back in time.
 */
export async function attendanceChanged(tx: EntityManager, event: Event, personId: string, now: Date): Promise<void> {
  await tx.query(
    `UPDATE event SET attendance_changed_at = greatest($5, attendance_changed_at + interval '1 millisecond')
      WHERE id IN (
        SELECT id FROM event
         WHERE state = 'FINISHED'
           AND (id = $1 OR group_id = $2 AND starts_at > $3
                AND EXISTS (SELECT FROM registration
                             WHERE event_id = event.id AND person_id = $4 AND attendance = 'ATTENDED'))
         ORDER BY starts_at, id FOR NO KEY UPDATE)`,
    [event.id, event.groupId, event.startsAt, personId, now],
  );
}

/** Who has waited longest for a seat in this pool. The event's lock keeps the line still. */
export async function longestWaiting(
  tx: EntityManager,
  eventId: string,
  pool: string,
  limit: number,
): Promise<Registration[]> {
  return tx
    .createQueryBuilder(Registration, 'registration')
    .where('registration.eventId = :eventId AND registration.pool = :pool AND registration.state = :waitlisted', {
      eventId,
      pool,
      waitlisted: RegistrationState.WAITLISTED,
    })
    .orderBy('registration.waitlistNumber')
    .limit(limit)
    .getMany();
}

/** Everybody who has or awaits a seat, to be told of a change. */
export async function recipientsOf(
  tx: EntityManager,
  eventId: string,
  states: RegistrationState[],
): Promise<Recipient[]> {
  return tx.query(
    `SELECT registration.id AS "registrationId", person_id AS "personId", person.email AS "toAddress", registration.language
       FROM registration JOIN person ON person.id = registration.person_id
      WHERE event_id = $1 AND state = ANY($2) ORDER BY registration.id`,
    [eventId, states],
  );
}

export async function recipientOf(tx: EntityManager, registration: Registration): Promise<Recipient> {
  const [row]: { email: string }[] = await tx.query('SELECT email FROM person WHERE id = $1', [registration.personId]);
  if (!row) throw new Error('A registration has a person');
  return {
    registrationId: registration.id,
    personId: registration.personId,
    toAddress: row.email,
    language: registration.language,
  };
}

/** Places in line, first is 1, of those of these registrations that wait. One query for all. */
export async function positionsOf(db: EntityManager, ids: readonly string[]): Promise<Map<string, number>> {
  const rows: { id: string; position: number }[] = await db.query(
    `SELECT mine.id, (SELECT count(*)::int FROM registration AS ahead
                       WHERE ahead.event_id = mine.event_id AND ahead.pool = mine.pool AND ahead.state = 'WAITLISTED'
                         AND ahead.waitlist_number <= mine.waitlist_number) AS position
       FROM registration AS mine WHERE mine.id = ANY($1) AND mine.state = 'WAITLISTED'`,
    [ids],
  );
  return new Map(rows.map(({ id, position }) => [id, position]));
}

/** E-mail addresses of people, by person. */
export async function addressesOf(db: EntityManager, personIds: readonly string[]): Promise<Map<string, string>> {
  const rows: { id: string; email: string }[] = await db.query('SELECT id, email FROM person WHERE id = ANY($1)', [
    personIds,
  ]);
  return new Map(rows.map(({ id, email }) => [id, email]));
}
