import { Clock, SYSTEM } from '#kernel';
import { inTransaction } from '#database';
import { lockEvent } from '#events';
import type { Task } from '#jobs';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Registration, RegistrationState } from '../registration.entity.ts';
import { RegistrationService } from '../registration.service.ts';
import { WaitlistService } from './waitlist.service.ts';

const CHUNK = 100;

/**
 * Passes on the seats that nobody asks about: those of offers that ran out, and on the last day those that were kept for
 * a party too large for them. A second run finds nothing to do.
 */
@Injectable()
export class PassOnSweep implements Task {
  readonly name = 'pass-on-seats';

  constructor(
    private readonly db: DataSource,
    private readonly registrations: RegistrationService,
    private readonly waitlist: WaitlistService,
    private readonly clock: Clock,
  ) {}

  async run(): Promise<void> {
    await this.endOffers();
    await this.fillKeptSeats();
  }

  private async endOffers(): Promise<void> {
    for (;;) {
      const due: { id: string; event_id: string }[] = await this.db.query(
        `SELECT id, event_id FROM registration
          WHERE state = 'OFFERED' AND party_id IS NULL AND offered_until <= $1 ORDER BY offered_until, id LIMIT $2`,
        [this.clock.now(), CHUNK],
      );
      for (const { id, event_id: eventId } of due)
        await inTransaction(this.db, async (tx) => {
          const event = await lockEvent(tx, eventId);
          const registration = await tx.findOneByOrFail(Registration, { id });
          if (registration.state === RegistrationState.OFFERED)
            // not accepted in the last moment
            await this.registrations.giveUp(tx, SYSTEM, event, registration, 'expired');
        });
      if (due.length < CHUNK) return;
    }
  }

  private async fillKeptSeats(): Promise<void> {
    const now = this.clock.now();
    const due: { id: string }[] = await this.db.query(
      `SELECT id FROM event
        WHERE state = 'PUBLISHED' AND starts_at > $1 AND starts_at <= $1::timestamptz + interval '24 hours'
          AND (waiting_in_person > 0 AND taken_in_person < coalesce(capacity_in_person, 2147483647)
            OR waiting_online > 0 AND taken_online < coalesce(capacity_online, 2147483647))
        ORDER BY starts_at, id`,
      [now],
    );
    for (const { id } of due)
      await inTransaction(this.db, async (tx) => {
        await this.waitlist.promoteNext(tx, SYSTEM, await lockEvent(tx, id));
      });
  }
}
