import type { EntityManager } from 'typeorm';
import type { Event } from '../event.entity.ts';

/** Keeps what is left to do as many days before or after the event as it was, when the event moves to another day. */
export async function moveRunbook(tx: EntityManager, before: Event, after: Event): Promise<void> {
  const [from, to] = [before.startsAtLocal.slice(0, 10), after.startsAtLocal.slice(0, 10)];
  if (from === to) return;
  await tx.query(
    `UPDATE runbook_task SET due_on = due_on + ($3::date - $2::date) WHERE event_id = $1 AND done_at IS NULL`,
    [after.id, from, to],
  );
}

/** Names of those who see to tasks, by person. */
export async function ownersById(db: EntityManager, ids: readonly string[]): Promise<Map<string, string>> {
  const rows: { id: string; name: string }[] = await db.query('SELECT id, name FROM person WHERE id = ANY($1)', [ids]);
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** The person of this address, if they may prepare events of the group: a host, an organizer or an owner. */
export async function preparerOf(tx: EntityManager, groupId: string, email: string): Promise<string | null> {
  const [row]: { id: string }[] = await tx.query(
    `SELECT person.id FROM person JOIN membership ON membership.person_id = person.id
      WHERE person.email = $2 AND group_id = $1 AND role IN ('OWNER', 'ORGANIZER', 'HOST')`,
    [groupId, email.trim().toLowerCase()],
  );
  return row?.id ?? null;
}
