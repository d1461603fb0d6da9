import { Clock } from '#kernel';
import { inTransaction } from '#database';
import type { Task } from '#jobs';
import { Outbox } from '#mail';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** When confirmed people are reminded, in hours before the start, and until when: later, the next reminder says it all. */
const REMINDERS = [
  { hours: 24, untilHours: 1 },
  { hours: 1, untilHours: 0 },
];
/** Rows read at a time, so that an event of any size takes the same memory. */
const CHUNK = 500;

/**
 * Reminds confirmed people 24 hours and one hour before the start. The key holds the start, so that a moved event is
 * reminded of anew and an unmoved one never twice. Whoever registered within the last day has just been told and is not
 * told again.
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
    for (const reminder of REMINDERS) while ((await this.remind(reminder)) === CHUNK);
  }

  private async remind({ hours, untilHours }: (typeof REMINDERS)[number]): Promise<number> {
    return inTransaction(this.db, async (tx) => {
      const now = this.clock.now();
      const due: {
        id: string;
        person_id: string;
        email: string;
        language: string;
        event_id: string;
        starts_at: Date;
        key: string;
      }[] = await tx.query(
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
        [String(hours), now, CHUNK, untilHours],
      );
      await this.outbox.add(
        tx,
        due.map((row) => ({
          kind: 'reminder',
          intentKey: row.key,
          personId: row.person_id,
          toAddress: row.email,
          language: row.language,
          eventId: row.event_id,
          registrationId: row.id,
          notAfter: row.starts_at,
        })),
      );
      return due.length;
    });
  }
}
