import { Clock } from '#kernel';
import type { Task } from '#jobs';
import { Outbox } from '#mail';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CHUNK, mailBeforeStart } from './before-start.ts';

const HOURS_BEFORE = 48;
/** Closer than this to the start, the reminder says it all. */
const UNTIL_HOURS = 24;

/**
 * Asks confirmed people 48 hours before the start whether they still come, where the organizers want that. Whoever
 * registered within these two days has just said so.
 */
@Injectable()
export class StillComingSweep implements Task {
  readonly name = 'ask-still-coming';

  constructor(
    private readonly db: DataSource,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  async run(): Promise<void> {
    await mailBeforeStart(this.db, this.outbox, 'still-coming', (tx) =>
      tx.query(
        `WITH due AS (
           SELECT registration.id, person_id, email, registration.language, event_id, starts_at,
                  'still-coming:' || registration.id || ':' || extract(epoch FROM starts_at)::bigint AS key
             FROM event
             JOIN registration ON registration.event_id = event.id AND registration.state = 'CONFIRMED'
             JOIN person ON person.id = person_id
            WHERE event.state = 'PUBLISHED' AND ask_still_coming AND still_coming_at IS NULL
              AND starts_at > $1::timestamptz + make_interval(hours => $3) AND starts_at <= $1 + make_interval(hours => $2)
              AND confirmed_at < starts_at - make_interval(hours => $2))
         SELECT * FROM due WHERE NOT EXISTS (SELECT FROM message WHERE intent_key = due.key) LIMIT $4`,
        [this.clock.now(), HOURS_BEFORE, UNTIL_HOURS, CHUNK],
      ),
    );
  }
}
