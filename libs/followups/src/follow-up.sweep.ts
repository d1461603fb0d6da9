import { Clock } from '#kernel';
import { inTransaction } from '#database';
import type { Task } from '#jobs';
import { Outbox } from '#mail';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** Events finished longer ago are history: nobody wants thanks for last year. */
const STILL_FRESH_DAYS = 14;
const CHUNK = 500;

/**
 * Writes to everybody after a finished event, by what happened to them: `attended`, `no-show`, `never-in` for those who
 * waited in vain, and `ended` where attendance was not taken. One mail per registration, whatever is corrected later.
 */
@Injectable()
export class FollowUpSweep implements Task {
  readonly name = 'follow-up';

  constructor(
    private readonly db: DataSource,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  async run(): Promise<void> {
    while ((await this.followUp()) === CHUNK);
  }

  private async followUp(): Promise<number> {
    return inTransaction(this.db, async (tx) => {
      const since = new Date(this.clock.now().getTime() - STILL_FRESH_DAYS * 86_400_000);
      const due: { id: string; person_id: string; email: string; language: string; event_id: string; kind: string }[] =
        await tx.query(
          `SELECT registration.id, person_id, email, registration.language, event_id,
                CASE WHEN registration.state = 'WAITLISTED' THEN 'never-in'
                     WHEN attendance = 'ATTENDED' THEN 'attended'
                     WHEN attendance = 'NO_SHOW' THEN 'no-show'
                     ELSE 'ended' END AS kind
           FROM event
           JOIN registration ON registration.event_id = event.id AND registration.state IN ('CONFIRMED', 'WAITLISTED')
           JOIN person ON person.id = person_id
          WHERE event.state = 'FINISHED' AND finished_at > $1
            AND NOT EXISTS (SELECT FROM message WHERE intent_key = 'follow-up:' || registration.id)
          LIMIT $2`,
          [since, CHUNK],
        );
      await this.outbox.add(
        tx,
        due.map((row) => ({
          kind: row.kind,
          intentKey: `follow-up:${row.id}`,
          personId: row.person_id,
          toAddress: row.email,
          language: row.language,
          eventId: row.event_id,
          registrationId: row.id,
        })),
      );
      return due.length;
    });
  }
}
