import { Clock, DomainError, groupedBy, type Actor } from '#kernel';
import { inTransaction } from '#database';
import { EventState, type Event, type Pool } from '#events';
import { Access } from '#groups';
import { record } from '#history';
import { Outbox } from '#mail';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { saveCounters } from '../admission/admission.queries.ts';
import { nextInLine } from './line.ts';
import type { PromoteFromWaitlistInput } from '../registration.inputs.ts';
import { addressesOf, lockForChange, longestWaiting } from '../registration.queries.ts';
import { Registration, RegistrationState } from '../registration.entity.ts';
import { putSeats, seatsFree, seatsOf } from '../admission/seats.ts';
import { addToPassedOver, offerHoursOf, seatParties } from './waitlist.queries.ts';

/** Parties looked past at a time. */
const CHUNK = 500;
const DAY = 86_400_000;
const HOUR = 3_600_000;

/** Who gets the seat that came free. Longest waiting first; nobody jumps the line except by an organizer's hand. */
@Injectable()
export class WaitlistService {
  constructor(
    private readonly db: DataSource,
    private readonly access: Access,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /**
   * Fills free seats from the waitlists, or offers them where the group wants people to accept. The caller holds the lock
   * on `event`, whose counters are kept here.
   */
  async promoteNext(tx: EntityManager, actor: Actor, event: Event): Promise<Registration[]> {
    if (!this.promotes(event)) return [];
    const promoted: Registration[] = [];
    for (const pool of event.pools()) promoted.push(...(await this.nextOf(tx, event, pool)));
    if (promoted.length === 0) return [];
    const hours = await offerHoursOf(tx, event.groupId);
    await this.seat(tx, actor, event, promoted, { hours });
    return promoted;
  }

  /** An organizer lets somebody in out of turn, into a seat that is free or was just made. The history says who and why. */
  async promoteByHand(actor: Actor, input: PromoteFromWaitlistInput): Promise<Registration> {
    return inTransaction(this.db, async (tx) => {
      const { registration, event } = await lockForChange(tx, input.registrationId, 'registrationId');
      await this.access.require(tx, actor, 'attendees.manage', event.groupId);
      if (registration.state === RegistrationState.CONFIRMED) return registration;
      if (registration.state !== RegistrationState.WAITLISTED || registration.partyId)
        throw new DomainError('NOT_WAITING', 'Only somebody on the waitlist can be promoted.', 'registrationId');
      if (!this.promotes(event))
        throw new DomainError(
          'EVENT_STARTED',
          'The event has begun or is off. Please let people in at the door instead.',
          'registrationId',
        );
      if (seatsFree(seatsOf(event, registration.pool)) < registration.partySize)
        throw new DomainError(
          'FULL',
          registration.partySize > 1
            ? `There are fewer than the ${registration.partySize} seats this party needs. Please raise the capacity first.`
            : 'Every seat is taken. Please raise the capacity first; nobody is put on a seat that is not there.',
          'registrationId',
        );
      await this.seat(tx, actor, event, [registration], { hours: null, byHand: true, reason: input.reason });
      return registration;
    });
  }

  /** Nobody is promoted once the event has begun: they could not come any more. */
  private promotes(event: Event): boolean {
    return event.state === EventState.PUBLISHED && this.clock.now() < event.startsAt;
  }

  /** Those of one pool's line whose turn it is. */
  private async nextOf(tx: EntityManager, event: Event, pool: Pool): Promise<Registration[]> {
    const seats = seatsOf(event, pool);
    const free = Math.min(seatsFree(seats), seats.waiting);
    if (free === 0) return [];
    const terms = {
      free,
      capacity: seats.capacity ?? Infinity,
      keepsSeats: this.clock.now().getTime() < event.startsAt.getTime() - DAY,
    };
    // Of people who come alone, as many as there are seats are enough; parties that do not fit have to be looked past.
    const line = await longestWaiting(tx, event.id, pool, free);
    let next = nextInLine(line, terms);
    for (let last = line.at(-1); next.looksOn && last; last = line.at(-1)) {
      const more = await longestWaiting(tx, event.id, pool, CHUNK, last.waitlistNumber ?? 0);
      if (more.length === 0) break;
      line.push(...more);
      next = nextInLine(line, terms);
    }
    const { seated, passedBy } = next;
    await addToPassedOver(tx, passedBy);
    return seated;
  }

  /** However many seats came free, the same few statements. Several guests are told through whoever brings them. */
  private async seat(
    tx: EntityManager,
    actor: Actor,
    event: Event,
    parties: Registration[],
    { hours, ...why }: { hours: number | null; byHand?: boolean; reason?: string },
  ): Promise<void> {
    const now = this.clock.now();
    const offeredUntil = hours === null ? null : earlier(new Date(now.getTime() + hours * HOUR), event.startsAt);
    const state = offeredUntil ? RegistrationState.OFFERED : RegistrationState.CONFIRMED;
    for (const party of parties)
      Object.assign(party, { state, offeredUntil, waitlistNumber: null, confirmedAt: offeredUntil ? null : now });
    const rows = await seatParties(tx, parties, { state, offeredUntil, confirmedAt: offeredUntil ? null : now });
    for (const [pool, seated] of groupedBy(parties, (registration) => registration.pool))
      await moveCounters(tx, event, pool, { taken: sum(seated), waiting: -sum(seated) });
    const act = offeredUntil ? 'registration.offered' : 'registration.promoted';
    await record(
      tx,
      actor,
      rows.map(({ id, pool }) => ({ act, subjectId: id, groupId: event.groupId, details: { pool, ...why } })),
    );
    await this.tell(tx, event, parties, offeredUntil ? 'offered' : 'promoted');
  }

  private async tell(tx: EntityManager, event: Event, parties: Registration[], kind: string): Promise<void> {
    const addresses = await addressesOf(
      tx,
      parties.flatMap(({ personId }) => personId ?? []),
    );
    await this.outbox.add(
      tx,
      parties.map(({ id, personId, language, round, formVersion, offeredUntil }) => ({
        kind,
        intentKey: `${kind}:${id}:${round}`,
        personId,
        toAddress: addresses.get(personId ?? '') ?? '',
        language,
        eventId: event.id,
        registrationId: id,
        facts: { formChanged: formVersion < event.formVersion },
        notAfter: offeredUntil ?? event.startsAt,
      })),
    );
  }
}

function sum(parties: Registration[]): number {
  return parties.reduce((people, { partySize }) => people + partySize, 0);
}

function earlier(one: Date, other: Date): Date {
  return one < other ? one : other;
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
  await saveCounters(tx, event);
}
