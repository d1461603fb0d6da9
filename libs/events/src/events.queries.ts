import { groupedBy, isUuid, newId, notFound } from '#kernel';
import type { EntityManager } from 'typeorm';
import { EventPerson, EventRole } from './event-person.entity.ts';
import { Event } from './event.entity.ts';
import { Venue } from './venue.entity.ts';

/**
 * The event, locked until the transaction ends. The first lock of every use case that changes an event or one of its
 * registrations, so that two of them never wait for each other. `FOR NO KEY UPDATE`: foreign keys to the event may still
 * be checked by others meanwhile, which `FOR UPDATE` would hold up for nothing.
 */
export async function lockEvent(tx: EntityManager, eventId: string, field = 'eventId'): Promise<Event> {
  const event = isUuid(eventId)
    ? await tx.findOne(Event, { where: { id: eventId }, lock: { mode: 'for_no_key_update' } })
    : null;
  if (!event) throw notFound('event', field);
  return event;
}

export async function eventsById(db: EntityManager, ids: readonly string[]): Promise<Map<string, Event>> {
  const events = await db.createQueryBuilder(Event, 'event').where('event.id = ANY(:ids)', { ids }).getMany();
  return new Map(events.map((event) => [event.id, event]));
}

export async function venuesById(db: EntityManager, ids: readonly string[]): Promise<Map<string, Venue>> {
  const venues = await db.createQueryBuilder(Venue, 'venue').where('venue.id = ANY(:ids)', { ids }).getMany();
  return new Map(venues.map((venue) => [venue.id, venue]));
}

/** Those who make the events happen, in order, by event. */
export async function peopleByEvent(
  db: EntityManager,
  eventIds: readonly string[],
): Promise<Map<string, (EventPerson & { name: string })[]>> {
  const rows: (EventPerson & { name: string })[] = await db.query(
    `SELECT event_person.event_id AS "eventId", event_person.person_id AS "personId", role, topic, position, person.name
       FROM event_person JOIN person ON person.id = event_person.person_id
      WHERE event_id = ANY($1) ORDER BY event_id, position`,
    [eventIds],
  );
  return groupedBy(rows, (row) => row.eventId);
}

/** Replaces the hosts and speakers of an event; its organizer stays. */
export async function putEventPeople(
  tx: EntityManager,
  eventId: string,
  people: { personId: string; role: EventRole; topic: string | null }[],
): Promise<void> {
  await tx.query(`DELETE FROM event_person WHERE event_id = $1 AND role <> 'ORGANIZER'`, [eventId]);
  await tx.query(
    `INSERT INTO event_person (event_id, person_id, role, topic, position)
     SELECT $1, "personId", role, topic, row_number() OVER ()
       FROM jsonb_to_recordset($2) AS people("personId" uuid, role text, topic text)
     ON CONFLICT DO NOTHING`,
    [eventId, JSON.stringify(people)],
  );
}

/** This slug, or a longer one if another event has it: nobody can keep a series from being filled by taking its names. */
export async function freeSlug(tx: EntityManager, slug: string): Promise<string> {
  const [taken]: unknown[] = await tx.query('SELECT FROM event WHERE slug = $1', [slug]);
  return taken ? `${slug}-${newId().slice(0, 8)}` : slug;
}

/** The group's venue of this name and address, made if it is new. */
export async function venueFor(
  tx: EntityManager,
  groupId: string,
  venue: { name: string; address: string; latitude?: number | null; longitude?: number | null },
): Promise<string> {
  const [row]: { id: string }[] = await tx.query(
    `INSERT INTO venue (group_id, name, address, latitude, longitude) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT ON CONSTRAINT uq_venue_group_name_address
     DO UPDATE SET latitude = coalesce(excluded.latitude, venue.latitude),
                   longitude = coalesce(excluded.longitude, venue.longitude),
                   changed_at = CASE WHEN (coalesce(excluded.latitude, venue.latitude), coalesce(excluded.longitude, venue.longitude))
                                       IS DISTINCT FROM (venue.latitude, venue.longitude) THEN now() ELSE venue.changed_at END
     RETURNING id`,
    [groupId, venue.name.trim(), venue.address.trim(), venue.latitude ?? null, venue.longitude ?? null],
  );
  if (!row) throw new Error('The venue was just written');
  return row.id;
}
