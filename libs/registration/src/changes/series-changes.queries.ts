import type { Actor } from '#kernel';
import { Event, type Series } from '#events';
import { record } from '#history';
import type { EntityManager } from 'typeorm';

/**
 * The occurrences of a series that are planned for `today` or later, or still to come, whatever became of them. Locked by
 * id after the row of the series, so that two edits never wait for each other.
 */
export async function lockOccurrences(
  tx: EntityManager,
  series: Series,
  { today, now }: { today: string; now: Date },
): Promise<Event[]> {
  return tx
    .createQueryBuilder(Event, 'event')
    .setLock('for_no_key_update')
    .where('event.seriesId = :id AND (left(event.occurrenceKey, 10) >= :today OR event.startsAt > :now)', {
      id: series.id,
      today,
      now,
    })
    .orderBy('event.id')
    .getMany();
}

/** Whether nobody would miss it: no registration, no mail about it, no preparation begun. */
export async function isUntouched(tx: EntityManager, event: Event): Promise<boolean> {
  const [row]: { untouched: boolean }[] = await tx.query(
    `SELECT NOT EXISTS (SELECT FROM registration WHERE event_id = $1)
        AND NOT EXISTS (SELECT FROM message WHERE event_id = $1)
        AND NOT EXISTS (SELECT FROM runbook_task
                         WHERE event_id = $1 AND (done_at IS NOT NULL OR owner_id IS NOT NULL OR key LIKE 'own-%')) AS untouched`,
    [event.id],
  );
  return row?.untouched ?? false;
}

/** Takes an untouched occurrence out of the plan, as if it had never been made. */
export async function removeOccurrence(tx: EntityManager, actor: Actor, event: Event): Promise<void> {
  await tx.query('DELETE FROM runbook_task WHERE event_id = $1', [event.id]);
  await tx.query('DELETE FROM event_person WHERE event_id = $1', [event.id]);
  await tx.query('DELETE FROM event WHERE id = $1', [event.id]);
  const details = { slug: event.slug, startsAtLocal: event.startsAtLocal };
  await record(tx, actor, [{ act: 'event.removed', subjectId: event.id, groupId: event.groupId, details }]);
}

/** How many people have or await a seat, by event. */
export async function countThere(tx: EntityManager, eventIds: readonly string[]): Promise<Map<string, number>> {
  const rows: { id: string; there: number }[] = await tx.query(
    `SELECT event_id AS id, count(*)::int AS there FROM registration
      WHERE event_id = ANY($1) AND state <> 'CANCELLED' GROUP BY event_id`,
    [eventIds],
  );
  return new Map(rows.map(({ id, there }) => [id, there]));
}
