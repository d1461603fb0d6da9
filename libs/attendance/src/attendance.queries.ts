import type { Event } from '#events';
import type { EntityManager } from 'typeorm';

/**
 * After settling, everything computed from attendance is due again: of this event, and of later ones of the group that
 * these people came to, where they may be first-timers or no longer be. Each change leaves another instant than before,
 * even if the clock of this process is behind. Locks the later events in order of time; nothing locks back in time.
 */
export async function attendanceChanged(
  tx: EntityManager,
  event: Event,
  personIds: readonly (string | null)[],
  now: Date,
): Promise<void> {
  await tx.query(
    `UPDATE event SET attendance_changed_at = greatest($5, attendance_changed_at + interval '1 millisecond')
      WHERE id IN (
        SELECT id FROM event
         WHERE state = 'FINISHED'
           AND (id = $1 OR group_id = $2 AND starts_at > $3
                AND EXISTS (SELECT FROM registration
                             WHERE event_id = event.id AND person_id = ANY($4) AND attendance = 'ATTENDED'))
         ORDER BY starts_at, id FOR NO KEY UPDATE)`,
    [event.id, event.groupId, event.startsAt, personIds.filter((id) => id !== null), now],
  );
}
