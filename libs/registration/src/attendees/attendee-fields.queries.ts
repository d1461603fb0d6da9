import { groupedBy } from '#kernel';
import type { EntityManager } from 'typeorm';
import { Registration } from '../registration.entity.ts';

/** The guests that come with these registrations, by name. */
export async function guestsOf(db: EntityManager, leadIds: readonly string[]): Promise<Map<string, Registration[]>> {
  const guests = await db
    .createQueryBuilder(Registration, 'registration')
    .where('registration.partyId = ANY(:leadIds)', { leadIds })
    .orderBy('registration.name')
    .addOrderBy('registration.id')
    .getMany();
  return groupedBy(guests, ({ partyId }) => partyId ?? '');
}

export async function registrationsById(db: EntityManager, ids: readonly string[]): Promise<Map<string, Registration>> {
  const found = await db
    .createQueryBuilder(Registration, 'registration')
    .where('registration.id = ANY(:ids)', { ids })
    .getMany();
  return new Map(found.map((registration) => [registration.id, registration]));
}

/** How often somebody was there, and was missed. */
export interface Seen {
  attended: number;
  noShows: number;
}

/** A person in a group, as one key. */
export function memberKey(groupId: string, personId: string): string {
  return `${groupId}/${personId}`;
}

/** How people kept their word to groups at events that finished since then, by `memberKey`. Nobody without any is in it. */
export async function seenSince(
  db: EntityManager,
  keys: readonly string[],
  since: Date,
  now: Date,
): Promise<Map<string, Seen>> {
  const rows: (Seen & { groupId: string; personId: string })[] = await db.query(
    `SELECT event.group_id AS "groupId", person_id AS "personId",
            count(*) FILTER (WHERE attendance = 'ATTENDED')::int AS attended,
            count(*) FILTER (WHERE attendance = 'NO_SHOW')::int AS "noShows"
       FROM unnest($1::uuid[], $2::uuid[]) AS wanted(group_id, person_id)
       JOIN registration USING (group_id, person_id)
       JOIN event ON event.id = registration.event_id
      WHERE event.state = 'FINISHED' AND event.finished_at BETWEEN $3 AND $4
      GROUP BY event.group_id, person_id`,
    [keys.map((key) => key.split('/')[0]), keys.map((key) => key.split('/')[1]), since, now],
  );
  return new Map(rows.map(({ groupId, personId, ...seen }) => [memberKey(groupId, personId), seen]));
}
