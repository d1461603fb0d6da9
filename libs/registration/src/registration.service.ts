import { Clock, DomainError, type Actor } from '#kernel';
import { inTransaction } from '#database';
import { EventState, type Event } from '#events';
import { record } from '#history';
import { Outbox } from '#mail';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { HoldersService } from './holder/holders.service.ts';
import type { CancelRegistrationInput } from './registration.inputs.ts';
import { cancelParty, recipientOf } from './registration.queries.ts';
import { Attendance, Registration, RegistrationState } from './registration.entity.ts';
import { WaitlistService, moveCounters } from './waitlist/waitlist.service.ts';

/** How a registration comes to an end, and what its person is told about it. Blocked people are told nothing. */
const ENDINGS = {
  left: 'left',
  removed: 'removed',
  blocked: null,
  declined: 'left',
  expired: 'offer-expired',
  refused: 'refused',
} as const;

/** How a registration ends, and who gets its seat. */
@Injectable()
export class RegistrationService {
  constructor(
    private readonly db: DataSource,
    private readonly waitlist: WaitlistService,
    private readonly holders: HoldersService,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /**
   * Gives a seat, an offer or a place in line back. By the holder's link, by the person signed in, or by an organizer (a
   * removal). A freed seat goes to the longest waiting in the same transaction. Cancelling again changes nothing.
   */
  async cancel(actor: Actor, input: CancelRegistrationInput): Promise<Registration> {
    return inTransaction(this.db, async (tx) => {
      const { registration, event, own } = await this.holders.lock(tx, actor, input);
      const field = input.manageToken ? 'manageToken' : 'registrationId';
      if (registration.state === RegistrationState.CANCELLED) return registration;
      if (event.state === EventState.FINISHED)
        throw new DomainError('EVENT_OVER', 'This event is over; there is nothing to cancel any more.', field);
      if (registration.attendance === Attendance.ATTENDED)
        throw new DomainError(
          'ALREADY_IN',
          'You are at the event already; there is nothing to cancel any more.',
          field,
        );
      const declines = own && registration.state === RegistrationState.OFFERED;
      await this.giveUp(tx, actor, event, registration, declines ? 'declined' : own ? 'left' : 'removed');
      return registration;
    });
  }

  /** Ends one registration, with its guests, under the event's lock and passes its seats on. */
  async giveUp(
    tx: EntityManager,
    actor: Actor,
    event: Event,
    registration: Registration,
    how: keyof typeof ENDINGS,
    details: Record<string, unknown> = {},
  ): Promise<void> {
    const { state, pool } = registration;
    const rows = await cancelParty(tx, registration, this.clock.now());
    const seated = state === RegistrationState.CONFIRMED || state === RegistrationState.OFFERED;
    const seats = rows.filter(({ holdsSeat }) => holdsSeat).length;
    if (seated) await moveCounters(tx, event, pool, { taken: -seats, waiting: 0 });
    else if (state === RegistrationState.WAITLISTED)
      await moveCounters(tx, event, pool, { taken: 0, waiting: -rows.length });
    await record(
      tx,
      actor,
      rows.map(({ id }) => ({
        act: `registration.${how}`,
        subjectId: id,
        groupId: event.groupId,
        details: { pool, seated, ...details },
      })),
    );
    await this.tell(tx, event, registration, how, details);
    // After the cancellation is written, never before. Where no seat came free, nobody is promoted.
    await this.waitlist.promoteNext(tx, actor, event);
  }

  private async tell(
    tx: EntityManager,
    event: Event,
    registration: Registration,
    how: keyof typeof ENDINGS,
    facts: Record<string, unknown>,
  ): Promise<void> {
    const kind = ENDINGS[how];
    const recipient = kind && (await recipientOf(tx, registration));
    if (!recipient) return;
    await this.outbox.add(tx, [
      { kind, intentKey: `${kind}:${registration.id}:${registration.round}`, eventId: event.id, facts, ...recipient },
    ]);
  }
}
