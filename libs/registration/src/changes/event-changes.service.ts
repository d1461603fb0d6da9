import { DomainError, type Actor } from '#kernel';
import { inTransaction } from '#database';
import {
  EventState,
  EventsService,
  Pool,
  lockEvent,
  type CancelEventInput,
  type Event,
  type UpdateEventInput,
} from '#events';
import { Access } from '#groups';
import { Outbox } from '#mail';
import { Injectable } from '@nestjs/common';
import { DataSource, IsNull, Not, type EntityManager } from 'typeorm';
import { recipientsOf } from '../registration.queries.ts';
import { Registration, RegistrationState } from '../registration.entity.ts';
import { seatsOf } from '../admission/seats.ts';
import { WaitlistService } from '../waitlist/waitlist.service.ts';

const THERE = [
  RegistrationState.CONFIRMED,
  RegistrationState.OFFERED,
  RegistrationState.WAITLISTED,
  RegistrationState.PENDING,
];

/** Changes of an event that reach the people registered for it. */
@Injectable()
export class EventChangesService {
  constructor(
    private readonly db: DataSource,
    private readonly access: Access,
    private readonly events: EventsService,
    private readonly waitlist: WaitlistService,
    private readonly outbox: Outbox,
  ) {}

  /** Edits an event. What is material is mailed once to everybody registered; more seats go to the waitlist at once. */
  async update(actor: Actor, { eventId, ...input }: UpdateEventInput): Promise<Event> {
    return inTransaction(this.db, async (tx) => {
      const event = await lockEvent(tx, eventId);
      await this.access.require(tx, actor, 'event.edit', event.groupId);
      if (event.seriesId) event.editedByHand = true;
      await this.change(tx, actor, event, input);
      return event;
    });
  }

  /** Calls an event off and tells everybody who has or awaits a seat. Cancelling again changes nothing. */
  async cancel(actor: Actor, input: CancelEventInput): Promise<Event> {
    return inTransaction(this.db, async (tx) => {
      const event = await lockEvent(tx, input.eventId);
      await this.access.require(tx, actor, 'event.edit', event.groupId);
      await this.callOff(tx, actor, event, input.reason ?? null);
      return event;
    });
  }

  /** Calls a locked event off, for whoever may. */
  async callOff(tx: EntityManager, actor: Actor, event: Event, reason: string | null): Promise<void> {
    if (event.state === EventState.CANCELLED) return;
    if (event.state === EventState.FINISHED)
      throw new DomainError('EVENT_OVER', 'This event has taken place; it can no longer be cancelled.', 'eventId');
    const wasPublic = event.isPublic();
    await this.events.cancel(tx, actor, event, reason);
    if (wasPublic) await this.tell(tx, event, 'event-cancelled', `event-cancelled:${event.sequence}`, {});
  }

  /** One edit of one locked event and everything that follows from it, for whoever may. */
  async change(tx: EntityManager, actor: Actor, event: Event, input: Omit<UpdateEventInput, 'eventId'>): Promise<void> {
    checkCapacity(event, input);
    const { before, material } = await this.events.applyUpdate(tx, actor, event, input);
    checkPools(before, event);
    if (material)
      await this.tell(tx, event, 'changed', `changed:${event.sequence}`, {
        startsAt: before.startsAt.toISOString(),
        timeZone: before.timeZone,
      });
    // Who said that they still come meant the old time.
    if (before.startsAt.getTime() !== event.startsAt.getTime())
      await tx.update(Registration, { eventId: event.id, stillComingAt: Not(IsNull()) }, { stillComingAt: null });
    await this.waitlist.promoteNext(tx, actor, event);
  }

  /** One mail each, keyed by what happened, so that telling twice tells once. */
  private async tell(
    tx: EntityManager,
    event: Event,
    kind: string,
    cause: string,
    facts: Record<string, unknown>,
  ): Promise<void> {
    const recipients = await recipientsOf(tx, event.id, THERE);
    await this.outbox.add(
      tx,
      recipients.map((recipient) => ({
        kind,
        intentKey: `${cause}:${recipient.registrationId}`,
        eventId: event.id,
        facts,
        ...recipient,
      })),
    );
  }
}

/** Lowering a capacity below those confirmed is refused with their number (rule E6). */
function checkCapacity(
  event: Event,
  input: { capacityInPerson?: number | null; capacityOnline?: number | null },
): void {
  const asked = { capacityInPerson: Pool.IN_PERSON, capacityOnline: Pool.ONLINE } as const;
  for (const [field, pool] of Object.entries(asked)) {
    const capacity = input[field as keyof typeof asked];
    const { taken } = seatsOf(event, pool);
    if (capacity !== undefined && capacity !== null && capacity < taken)
      throw new DomainError(
        'CAPACITY_BELOW_CONFIRMED',
        `${taken} people are confirmed already. Please choose ${taken} or more, or ask some of them to step back first.`,
        field,
      );
  }
}

/** A format cannot drop a pool in which people have or await seats. */
function checkPools(before: Event, after: Event): void {
  for (const pool of before.pools()) {
    const { taken, waiting } = seatsOf(after, pool);
    if (!after.pools().includes(pool) && taken + waiting > 0)
      throw new DomainError(
        'POOL_IN_USE',
        `${taken + waiting} people are registered ${pool === Pool.ONLINE ? 'online' : 'in person'}. Please keep that way of taking part, or make the event hybrid.`,
        'format',
      );
  }
}
