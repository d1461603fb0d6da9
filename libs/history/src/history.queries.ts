import { groupedBy } from '#kernel';
import type { EntityManager } from 'typeorm';
import { HistoryEntry } from './history-entry.entity.ts';

const MOST_ENTRIES = 100;

/** What was done to each of these, newest first and at most 100 of each, with who did it. One query for all. */
export async function historyOf(
  db: EntityManager,
  subjectIds: readonly string[],
): Promise<Map<string, HistoryEntry[]>> {
  const rows: Partial<HistoryEntry>[] = await db.query(
    `SELECT entry.id, entry.at, entry.actor_kind AS "actorKind", entry.actor_id AS "actorId", entry.act,
            entry.subject_id AS "subjectId", entry.group_id AS "groupId", entry.details, person.name AS by
       FROM unnest($1::uuid[]) AS subject(id)
      CROSS JOIN LATERAL (SELECT * FROM history_entry WHERE subject_id = subject.id ORDER BY id DESC LIMIT $2) AS entry
       LEFT JOIN person ON person.id = entry.actor_id
      ORDER BY entry.id DESC`,
    [subjectIds, MOST_ENTRIES],
  );
  return groupedBy(
    rows.map((row) => Object.assign(new HistoryEntry(), row)),
    ({ subjectId }) => subjectId,
  );
}
