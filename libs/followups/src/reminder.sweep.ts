import { Clock } from '#kernel';
import type { Task } from '#jobs';
import { Outbox } from '#mail';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CHUNK, mailBeforeStart } from './before-start.ts';

/** When confirmed people are reminded, in hours before the start, and until when: later, the next reminder says it all. */
const REMINDERS = [
  { hours: 24, untilHours: 1 },
  { hours: 1, untilHours: 0 },
];

/**
 * Reminds confirmed people 24 hours and one hour before the start. Whoever registered within the last day has just been
 * told and is not told again.
 */
@Injectable()
export class ReminderSweep implements Task {
  readonly name = 'remind';

  constructor(
    private readonly db: DataSource,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  async run(): Promise<void> {
    for (const { hours, untilHours } of REMINDERS)
      await mailBeforeStart(this.db, this.outbox, 'reminder', (tx) =>
        tx.query(
          `WITH due AS (
             SELECT registration.id, person_id, email, registration.language, event_id, starts_at,
                    'reminder:' || $1 || ':' || registration.id || ':' || extract(epoch FROM starts_at)::bigint AS key
               FROM event
               JOIN registration ON registration.event_id = event.id AND registration.state = 'CONFIRMED'
               JOIN person ON person.id = person_id
              WHERE event.state = 'PUBLISHED'
                AND starts_at > $2::timestamptz + make_interval(hours => $4) AND starts_at <= $2 + make_interval(hours => $1::int)
                AND confirmed_at < starts_at - make_interval(hours => $1::int))
           SELECT * FROM due WHERE NOT EXISTS (SELECT FROM message WHERE intent_key = due.key) LIMIT $3`,
          [String(hours), this.clock.now(), CHUNK, untilHours],
        ),
      );
  }
}
