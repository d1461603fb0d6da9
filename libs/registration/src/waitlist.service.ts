import { Clock, DomainError, groupedBy, type Actor } from '#kernel';
import { inTransaction } from '#database';
import { EventState, type Event, type Pool } from '#events';
import { Access } from '#groups';
import { record } from '#history';
import { Outbox } from '#mail';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { PromoteFromWaitlistInput } from './registration.inputs.ts';
import { addressesOf, lockForChange, longestWaiting } from './registration.queries.ts';
import { Registration, RegistrationState } from './registration.entity.ts';
import { putSeats, seatsFree, seatsOf } from './seats.ts';

/** Who gets the seat that came free. Longest waiting first; nobody jumps the line except by an organizer's hand. */
@Injectable()
export class WaitlistService {
  constructor(
    private readonly db: DataSource,
    private readonly access: Access,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** Fills free seats from the waitlists. The caller holds the lock on `event`, whose counters are kept here. */
  async promoteNext(tx: EntityManager, actor: Actor, event: Event): Promise<Registration[]> {
    if (!this.promotes(event)) return [];
    const promoted: Registration[] = [];
    for (const pool of event.pools()) {
      const seats = seatsOf(event, pool);
      const free = Math.min(seatsFree(seats), seats.waiting);
      if (free > 0) promoted.push(...(await longestWaiting(tx, event.id, pool, free)));
    }
    await this.promote(tx, actor, event, promoted, {});
    return promoted;
  }

  /** An organizer lets somebody in out of turn, into a seat that is free or was just made. The history says who and why. */
  async promoteByHand(actor: Actor, input: PromoteFromWaitlistInput): Promise<Registration> {
    return inTransaction(this.db, async (tx) => {
      const { registration, event } = await lockForChange(tx, input.registrationId, 'registrationId');
      await this.access.require(tx, actor, 'attendees.manage', event.groupId);
      if (registration.state === RegistrationState.CONFIRMED) return registration;
      if (registration.state !== RegistrationState.WAITLISTED)
        throw new DomainError('NOT_WAITING', 'Only somebody on the waitlist can be promoted.', 'registrationId');
      if (!this.promotes(event))
        throw new DomainError(
          'EVENT_STARTED',
          'The event has begun or is off. Please let people in at the door instead.',
          'registrationId',
        );
      if (seatsFree(seatsOf(event, registration.pool)) === 0)
        throw new DomainError(
          'FULL',
          'Every seat is taken. Please raise the capacity first; nobody is put on a seat that is not there.',
          'registrationId',
        );
      await this.promote(tx, actor, event, [registration], { byHand: true, reason: input.reason });
      return registration;
    });
  }

  /** Nobody is promoted once the event has begun: they could not come any more. */
  private promotes(event: Event): boolean {
    return event.state === EventState.PUBLISHED && this.clock.now() < event.startsAt;
  }

  /** However many seats came free, the same five statements. */
  private async promote(
    tx: EntityManager,
    actor: Actor,
    event: Event,
    promoted: Registration[],
    why: Record<string, unknown>,
  ): Promise<void> {
    if (promoted.length === 0) return;
    const now = this.clock.now();
    for (const registration of promoted)
      Object.assign(registration, { state: RegistrationState.CONFIRMED, confirmedAt: now, waitlistNumber: null });
    await tx.query(
      `UPDATE registration SET state = 'CONFIRMED', confirmed_at = $2, waitlist_number = NULL WHERE id = ANY($1)`,
      [promoted.map(({ id }) => id), now],
    );
    for (const [pool, { length }] of groupedBy(promoted, (registration) => registration.pool))
      await moveCounters(tx, event, pool, { taken: length, waiting: -length });
    await record(
      tx,
      actor,
      promoted.map(({ id, pool }) => ({
        act: 'registration.promoted',
        subjectId: id,
        groupId: event.groupId,
        details: { pool, ...why },
      })),
    );
    const addresses = await addressesOf(
      tx,
      promoted.map(({ personId }) => personId),
    );
    await this.outbox.add(
      tx,
      promoted.map(({ id, personId, language, round }) => ({
        kind: 'promoted',
        intentKey: `promoted:${id}:${round}`,
        personId,
        toAddress: addresses.get(personId) ?? '',
        language,
        eventId: event.id,
        registrationId: id,
        notAfter: event.startsAt,
      })),
    );
  }
}

/** Moves the event's counters of a pool. PostgreSQL's CHECK refuses what would oversell. */
export async function moveCounters(
  tx: EntityManager,
  event: Event,
  pool: Pool,
  by: { taken: number; waiting: number },
): Promise<void> {
  const seats = seatsOf(event, pool);
  putSeats(event, pool, { ...seats, taken: seats.taken + by.taken, waiting: seats.waiting + by.waiting });
  await tx.query(
    `UPDATE event SET taken_in_person = $2, taken_online = $3, waiting_in_person = $4, waiting_online = $5 WHERE id = $1`,
    [event.id, event.takenInPerson, event.takenOnline, event.waitingInPerson, event.waitingOnline],
  );
}
