import { Clock, DomainError, type Actor } from '#kernel';
import { inTransaction } from '#database';
import { EventState, Pool, type Event } from '#events';
import { record } from '#history';
import { Outbox } from '#mail';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { poolFor } from '../admission/admission.ts';
import { answersTo } from '../admission/answers.ts';
import { HoldersService, type RegistrationRef } from './holders.service.ts';
import { moveParty } from './own-registration.queries.ts';
import type { AcceptOfferInput, SwitchPoolInput, UpdateAnswersInput } from '../registration.inputs.ts';
import { recipientOf } from '../registration.queries.ts';
import { Attendance, Registration, RegistrationState } from '../registration.entity.ts';
import { hasRoom, seatsOf } from '../admission/seats.ts';
import { WaitlistService, moveCounters } from '../waitlist/waitlist.service.ts';
import { welcomeMail } from '../admission/welcome.ts';

/** What people change about a registration they hold. Organizers may do it for them. */
@Injectable()
export class OwnRegistrationService {
  constructor(
    private readonly db: DataSource,
    private readonly holders: HoldersService,
    private readonly waitlist: WaitlistService,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /**
   * Takes the seat that was offered. Answers given with it fill in what the form asks by now. An offer that ran out is good
   * as long as nobody else has the seat.
   */
  async acceptOffer(actor: Actor, input: AcceptOfferInput): Promise<Registration> {
    return inTransaction(this.db, async (tx) => {
      const { registration, event } = await this.holders.lock(tx, actor, input);
      if (registration.state === RegistrationState.CONFIRMED) return registration;
      if (registration.state !== RegistrationState.OFFERED)
        throw new DomainError(
          'NO_OFFER',
          'This offer has run out, or the seat was given back. You are welcome to ask again.',
        );
      this.refuseAfter(event.startsAt);
      registration.answers = answersTo(event.questions, input.answers ?? [], registration.answers);
      registration.formVersion = event.formVersion;
      registration.confirmedAt = this.clock.now();
      registration.offeredUntil = null;
      const rows = await moveParty(tx, registration, { ...registration, state: RegistrationState.CONFIRMED });
      await record(
        tx,
        actor,
        rows.map((id) => this.act('registration.accepted', event, id)),
      );
      const recipient = await recipientOf(tx, registration);
      if (recipient) await this.outbox.add(tx, [welcomeMail(registration, recipient.toAddress)]);
      return registration;
    });
  }

  /**
   * Moves somebody, with their guests, to the other way of taking part when there is room for all of them; else they keep
   * what they have (rule R4). The seats they leave go to the longest waiting.
   */
  async switchPool(actor: Actor, input: SwitchPoolInput): Promise<Registration> {
    return inTransaction(this.db, async (tx) => {
      const { registration, event } = await this.holders.lock(tx, actor, input);
      const to = poolFor(event, input.pool);
      if (to instanceof DomainError) throw to;
      if (registration.pool === to) return registration;
      if (registration.attendance === Attendance.ATTENDED)
        throw new DomainError('ALREADY_IN', 'You are at the event already, so there is nothing to switch any more.');
      this.refuseAfter(event.endsAt);
      if (
        registration.partyId ||
        registration.state === RegistrationState.CANCELLED ||
        event.state !== EventState.PUBLISHED
      )
        throw new DomainError('NOT_LIVE', 'Only a registration that still stands can be moved.');
      await this.move(tx, actor, event, registration, to);
      return registration;
    });
  }

  /** The answer "yes" to whether somebody still comes; "no" is cancelling. */
  async confirmComing(actor: Actor, input: RegistrationRef): Promise<Registration> {
    return inTransaction(this.db, async (tx) => {
      const { registration, event } = await this.holders.lock(tx, actor, input);
      if (registration.state !== RegistrationState.CONFIRMED)
        throw new DomainError('NO_SEAT', 'There is no seat to keep: this registration is not confirmed.');
      if (registration.stillComingAt) return registration;
      registration.stillComingAt = this.clock.now();
      await tx.update(Registration, { id: registration.id }, { stillComingAt: registration.stillComingAt });
      await record(tx, actor, [this.act('registration.stillComing', event, registration.id)]);
      return registration;
    });
  }

  /** Changes answers; questions left out keep theirs. */
  async updateAnswers(actor: Actor, input: UpdateAnswersInput): Promise<Registration> {
    return inTransaction(this.db, async (tx) => {
      const { registration, event } = await this.holders.lock(tx, actor, input);
      if (registration.state === RegistrationState.CANCELLED)
        throw new DomainError('NOT_LIVE', 'This registration was cancelled, so there is nothing to answer any more.');
      this.refuseAfter(event.startsAt);
      registration.answers = answersTo(event.questions, input.answers, registration.answers);
      registration.formVersion = event.formVersion;
      const { answers, formVersion } = registration;
      await tx.update(Registration, { id: registration.id }, { answers, formVersion });
      await record(tx, actor, [this.act('registration.answered', event, registration.id)]);
      return registration;
    });
  }

  /** Makes all manage links there are useless and mails a new one, as when an old one fell into wrong hands. */
  async rotateManageLink(actor: Actor, input: RegistrationRef): Promise<Registration> {
    return inTransaction(this.db, async (tx) => {
      const { registration, event } = await this.holders.lock(tx, actor, input);
      registration.manageVersion += 1;
      const { manageVersion } = registration;
      await tx.update(Registration, { id: registration.id }, { manageVersion });
      await record(tx, actor, [this.act('registration.linkRotated', event, registration.id)]);
      await this.tell(tx, registration, 'new-link', `new-link:${registration.id}:${manageVersion}`);
      return registration;
    });
  }

  private async move(
    tx: EntityManager,
    actor: Actor,
    event: Event,
    registration: Registration,
    to: Pool,
  ): Promise<void> {
    const { state, partySize: people, pool: from } = registration;
    registration.pool = to;
    if (state === RegistrationState.PENDING) {
      await moveParty(tx, registration, registration);
    } else {
      if (!hasRoom(seatsOf(event, to), people))
        throw new DomainError(
          'POOL_FULL',
          'There is no room there at the moment. You keep the place you have.',
          'pool',
        );
      const seated = state !== RegistrationState.WAITLISTED;
      registration.confirmedAt = registration.confirmedAt ?? this.clock.now();
      Object.assign(registration, { waitlistNumber: null, offeredUntil: null });
      const rows = await moveParty(tx, registration, { ...registration, state: RegistrationState.CONFIRMED });
      await moveCounters(tx, event, from, seated ? { taken: -people, waiting: 0 } : { taken: 0, waiting: -people });
      await moveCounters(tx, event, to, { taken: people, waiting: 0 });
      await record(
        tx,
        actor,
        rows.map((id) => this.act('registration.switched', event, id, { from, pool: to })),
      );
      await this.tell(
        tx,
        registration,
        'switched',
        `switched:${registration.id}:${registration.round}:${this.clock.now().getTime()}:${to}`,
      );
    }
    await this.waitlist.promoteNext(tx, actor, event); // after the move is written: the seats left behind are free now
  }

  private async tell(tx: EntityManager, registration: Registration, kind: string, intentKey: string): Promise<void> {
    const recipient = await recipientOf(tx, registration);
    if (recipient) await this.outbox.add(tx, [{ kind, intentKey, eventId: registration.eventId, ...recipient }]);
  }

  private act(act: string, event: Event, subjectId: string, details: Record<string, unknown> = {}) {
    return { act, subjectId, groupId: event.groupId, details };
  }

  private refuseAfter(instant: Date): void {
    if (this.clock.now() >= instant)
      throw new DomainError(
        'TOO_LATE',
        'The event has begun; this can no longer be changed here. Please ask at the door.',
      );
  }
}
