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

/** A row that ended with its party. */
interface Ended {
  id: string;
  holdsSeat: boolean;
}

/**
 * Ends a registration and those of its guests; a guest can also go alone. Whoever is in already stays: they were there.
 * Answers with every row that changed, and keeps `registration` in step.
 */
export async function cancelParty(tx: EntityManager, registration: Registration, now: Date): Promise<Ended[]> {
  Object.assign(registration, {
    state: RegistrationState.CANCELLED,
    cancelledAt: now,
    waitlistNumber: null,
    offeredUntil: null,
  });
  const [rows]: [Ended[], number] = await tx.query(
    `UPDATE registration SET state = 'CANCELLED', cancelled_at = $2, waitlist_number = NULL, offered_until = NULL
      WHERE (id = $1 OR party_id = $1) AND state <> 'CANCELLED' AND attendance <> 'ATTENDED'
      RETURNING id, holds_seat AS "holdsSeat"`,
    [registration.id, now],
  );
  if (registration.partyId)
    await tx.query('UPDATE registration SET party_size = party_size - 1 WHERE id = $1', [registration.partyId]);
  return rows;
}

/** Who has waited longest for a seat in this pool, parties by whoever asked. The event's lock keeps the line still. */
export async function longestWaiting(
  tx: EntityManager,
  eventId: string,
  pool: string,
  limit: number,
  after = 0,
): Promise<Registration[]> {
  return tx
    .createQueryBuilder(Registration, 'registration')
    .where('registration.eventId = :eventId AND registration.pool = :pool AND registration.state = :waitlisted', {
      eventId,
      pool,
      waitlisted: RegistrationState.WAITLISTED,
    })
    .andWhere('registration.partyId IS NULL AND registration.waitlistNumber > :after', { after })
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

/** Whom to write to; null for a guest, who is told by whoever brings them. */
export async function recipientOf(tx: EntityManager, registration: Registration): Promise<Recipient | null> {
  const { id, personId, language } = registration;
  const toAddress = personId && (await addressesOf(tx, [personId])).get(personId);
  return toAddress ? { registrationId: id, personId, toAddress, language } : null;
}

/** Places in line of those of these registrations that wait: one more than the people ahead. One query for all. */
export async function positionsOf(db: EntityManager, ids: readonly string[]): Promise<Map<string, number>> {
  const rows: { id: string; position: number }[] = await db.query(
    `SELECT mine.id, (SELECT count(*)::int + 1 FROM registration AS ahead
                       WHERE ahead.event_id = mine.event_id AND ahead.pool = mine.pool AND ahead.state = 'WAITLISTED'
                         AND ahead.waitlist_number < mine.waitlist_number) AS position
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
