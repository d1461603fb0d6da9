import { newId } from '#kernel';
import type { EntityManager } from 'typeorm';
import { Person } from './person.entity.ts';

export interface NewPerson {
  name: string;
  email: string;
  /** BCP 47. */
  language: string;
}

/**
 * The ids of these people by e-mail address (lower case), with those made who were not known yet. Nobody's name is ever
 * overwritten: whoever types an address has not proven to be its owner.
 */
export async function upsertPeople(tx: EntityManager, people: NewPerson[]): Promise<Map<string, string>> {
  // The last of two entries with one address counts. Sorted, because two transactions that insert the same people in
  // different orders would wait for each other.
  const byEmail = new Map(people.map((person) => [person.email.trim().toLowerCase(), person]));
  const emails = [...byEmail.keys()].sort();
  if (emails.length === 0) return new Map();
  const rows = emails.map((email) => ({ ...byEmail.get(email), id: newId(), email }));
  const found: { id: string; email: string }[] = await tx.query(
    `WITH added AS (
       INSERT INTO person (id, name, email, language)
       SELECT id, name, email, language
         FROM jsonb_to_recordset($1) AS person(id uuid, name text, email text, language text)
       ON CONFLICT ON CONSTRAINT uq_person_email DO NOTHING
       RETURNING id, email)
     SELECT id, email FROM added UNION ALL SELECT id, email FROM person WHERE email = ANY($2)`,
    [JSON.stringify(rows), emails],
  );
  // Whom somebody else added in the very same moment, that statement has neither added nor seen.
  if (found.length < emails.length)
    found.push(...(await tx.query<typeof found>(`SELECT id, email FROM person WHERE email = ANY($1)`, [emails])));
  return new Map(found.map(({ id, email }) => [email, id]));
}

/** The id of one person by e-mail address, made if they were not known; called by the first part of it if nobody said a name. */
export async function personFor(
  tx: EntityManager,
  email: string,
  language: string,
  name?: string | null,
): Promise<string> {
  const address = email.trim().toLowerCase();
  const people = await upsertPeople(tx, [{ email: address, name: name ?? address.split('@')[0] ?? address, language }]);
  const id = people.get(address);
  if (!id) throw new Error('The person was just added');
  return id;
}

/** The id of somebody who is known by this address, or null. */
export async function personIdOf(tx: EntityManager, email: string): Promise<string | null> {
  const person = await tx.findOneBy(Person, { email: email.trim().toLowerCase() });
  return person?.id ?? null;
}

/** The person of this id. */
export async function personById(tx: EntityManager, id: string): Promise<Person | null> {
  return tx.findOneBy(Person, { id });
}
