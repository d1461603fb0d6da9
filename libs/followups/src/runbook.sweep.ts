import { Clock } from '#kernel';
import { inTransaction } from '#database';
import type { Task } from '#jobs';
import { Outbox } from '#mail';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** When the day's tasks are told, on the clock of the group. */
const HOUR = '09:00';
/** A task that fell due longer ago is seen in the runbook, not in the mail: a session planned late has many of them. */
const LATEST_HOURS = 24;
/** Rows read at a time, so that any number of groups takes the same memory. */
const CHUNK = 500;

/**
 * Tells on the morning a task of the runbook is due: whoever sees to it, or else all organizers of the event. The key
 * holds the day and the person, so that nobody is told twice, and all anew when the task is moved or given to another.
 */
@Injectable()
export class RunbookSweep implements Task {
  readonly name = 'remind-of-tasks';

  constructor(
    private readonly db: DataSource,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  async run(): Promise<void> {
    while ((await this.remind()) === CHUNK);
  }

  private async remind(): Promise<number> {
    return inTransaction(this.db, async (tx) => {
      const due: {
        id: string;
        event_id: string;
        person_id: string;
        email: string;
        language: string;
        until: Date;
        key: string;
      }[] = await tx.query(
        `WITH open AS (
           SELECT task.id, task.event_id, task.due_on, event.group_id,
                  (task.due_on + $2::time) AT TIME ZONE meetup_group.time_zone AS due_at,
                  (SELECT person_id FROM membership
                    WHERE group_id = event.group_id AND person_id = task.owner_id AND role <> 'MEMBER') AS owner_id
             FROM runbook_task AS task
             JOIN event ON event.id = task.event_id AND event.state <> 'CANCELLED'
             JOIN meetup_group ON meetup_group.id = event.group_id
            WHERE task.done_at IS NULL AND task.due_on BETWEEN ($1::timestamptz)::date - 3 AND ($1::timestamptz)::date + 2),
         due AS (
           SELECT open.id, open.event_id, person.id AS person_id, person.email, person.language,
                  due_at + make_interval(hours => $3::int) AS until,
                  'task:' || open.id || ':' || due_on || ':' || person.id AS key
             FROM open
             JOIN person ON person.id = owner_id
               OR (owner_id IS NULL AND person.id IN (
                     SELECT person_id FROM event_person WHERE event_id = open.event_id AND role = 'ORGANIZER'))
            WHERE due_at <= $1 AND due_at > $1::timestamptz - make_interval(hours => $3::int))
         SELECT * FROM due WHERE NOT EXISTS (SELECT FROM message WHERE intent_key = due.key) LIMIT $4`,
        [this.clock.now(), HOUR, LATEST_HOURS, CHUNK],
      );
      await this.outbox.add(
        tx,
        due.map((row) => ({
          kind: 'task',
          intentKey: row.key,
          personId: row.person_id,
          toAddress: row.email,
          language: row.language,
          eventId: row.event_id,
          facts: { taskId: row.id },
          notAfter: row.until,
        })),
      );
      return due.length;
    });
  }
}
