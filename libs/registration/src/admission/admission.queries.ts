import type { Event } from '#events';
import type { EntityManager } from 'typeorm';
import { Registration } from '../registration.entity.ts';

/** Registrations that these people have had at the event, by person. */
export async function registrationsOf(
  tx: EntityManager,
  eventId: string,
  personIds: string[],
): Promise<Map<string, Registration>> {
  const found = await tx
    .createQueryBuilder(Registration, 'registration')
    .where('registration.eventId = :eventId AND registration.personId = ANY(:personIds)', { eventId, personIds })
    .getMany();
  return new Map(found.map((registration) => [registration.personId ?? '', registration]));
}

/** Those of these people from whom the group takes no registrations. */
export async function blockedAmong(tx: EntityManager, groupId: string, personIds: string[]): Promise<Set<string>> {
  const rows: { person_id: string }[] = await tx.query(
    'SELECT person_id FROM blocked_person WHERE group_id = $1 AND person_id = ANY($2)',
    [groupId, personIds],
  );
  return new Set(rows.map((row) => row.person_id));
}

/** All new registrations in one statement, counted on the event; the caller saves its counters. */
export async function insertRegistrations(
  tx: EntityManager,
  event: Event,
  registrations: Registration[],
): Promise<void> {
  if (registrations.length === 0) return;
  event.registrationCount += registrations.length;
  await tx.query(
    `INSERT INTO registration (id, event_id, group_id, person_id, party_id, party_size, name, language, pool, state,
                               waitlist_number, ticket_code, idempotency_key, answers, form_version, walk_in, holds_seat,
                               registered_at, confirmed_at)
     SELECT id, "eventId", "groupId", "personId", "partyId", "partySize", name, language, pool, state,
            "waitlistNumber", "ticketCode", "idempotencyKey", answers, "formVersion", "walkIn", "holdsSeat",
            "registeredAt", "confirmedAt"
       FROM jsonb_to_recordset($1) AS new(id uuid, "eventId" uuid, "groupId" uuid, "personId" uuid, "partyId" uuid,
            "partySize" int, name text, language text, pool text, state text, "waitlistNumber" int, "ticketCode" text,
            "idempotencyKey" text, answers jsonb, "formVersion" int, "walkIn" boolean, "holdsSeat" boolean,
            "registeredAt" timestamptz, "confirmedAt" timestamptz)`,
    [JSON.stringify(registrations)],
  );
}

/** The row of somebody who had cancelled, as it begins anew. */
export async function comeBack(tx: EntityManager, { id, ...changes }: Registration): Promise<void> {
  const { knownPosition: _position, heldByViewer: _held, ...columns } = changes;
  await tx.update(Registration, { id }, columns);
}

/** Writes the counters as they were kept under the event's lock. PostgreSQL's CHECK refuses what would oversell. */
export async function saveCounters(tx: EntityManager, event: Event): Promise<void> {
  await tx.query(
    `UPDATE event SET taken_in_person = $2, taken_online = $3, waiting_in_person = $4, waiting_online = $5,
                      last_waitlist_number = $6, registration_count = $7 WHERE id = $1`,
    [
      event.id,
      event.takenInPerson,
      event.takenOnline,
      event.waitingInPerson,
      event.waitingOnline,
      event.lastWaitlistNumber,
      event.registrationCount,
    ],
  );
}
