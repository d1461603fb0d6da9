import { Clock, DomainError, type Actor } from '#kernel';
import { inTransaction } from '#database';
import { EventState, type Event } from '#events';
import { Access } from '#groups';
import { record } from '#history';
import { Outbox } from '#mail';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { giveSeatOrPlace } from './admission.ts';
import { saveCounters } from './admission.queries.ts';
import { approveParty } from './approval.queries.ts';
import type { ApproveRegistrationInput, RefuseRegistrationInput } from '../registration.inputs.ts';
import { lockForChange, recipientOf } from '../registration.queries.ts';
import { Registration, RegistrationState } from '../registration.entity.ts';
import { RegistrationService } from '../registration.service.ts';
import { welcomeMail } from './welcome.ts';

/** Where organizers look at each registration first (rule R5): their yes and their no. */
@Injectable()
export class ApprovalService {
  constructor(
    private readonly db: DataSource,
    private readonly access: Access,
    private readonly registrations: RegistrationService,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** A yes: a seat while there is room, else a place at the end of the line. Saying yes again changes nothing. */
  async approve(actor: Actor, input: ApproveRegistrationInput): Promise<Registration> {
    return inTransaction(this.db, async (tx) => {
      const { registration, event } = await this.lock(tx, actor, input.registrationId);
      if (registration.state === RegistrationState.CANCELLED)
        throw new DomainError('CANCELLED', 'This registration was cancelled. Please ask the person to register again.');
      if (registration.state !== RegistrationState.PENDING) return registration;
      const now = this.clock.now();
      if (event.state !== EventState.PUBLISHED || now >= event.startsAt)
        throw new DomainError(
          'EVENT_STARTED',
          'The event has begun or is off. Please let people in at the door instead.',
        );
      giveSeatOrPlace(event, registration, now);
      const rows = await approveParty(tx, registration);
      await saveCounters(tx, event);
      await record(
        tx,
        actor,
        rows.map((id) => ({
          act: 'registration.approved',
          subjectId: id,
          groupId: event.groupId,
          details: { state: registration.state },
        })),
      );
      const recipient = await recipientOf(tx, registration);
      if (recipient) await this.outbox.add(tx, [welcomeMail(registration, recipient.toAddress)]);
      return registration;
    });
  }

  /** A no, with a reason if one is given; the person is told. Saying no again changes nothing. */
  async refuse(actor: Actor, input: RefuseRegistrationInput): Promise<Registration> {
    return inTransaction(this.db, async (tx) => {
      const { registration, event } = await this.lock(tx, actor, input.registrationId);
      if (registration.state === RegistrationState.CANCELLED) return registration;
      if (registration.state !== RegistrationState.PENDING)
        throw new DomainError(
          'NOT_PENDING',
          'This registration was decided already. To take it back, please cancel it.',
        );
      const reason = input.reason?.trim();
      await this.registrations.giveUp(tx, actor, event, registration, 'refused', reason ? { reason } : {});
      return registration;
    });
  }

  private async lock(
    tx: EntityManager,
    actor: Actor,
    registrationId: string,
  ): Promise<{ registration: Registration; event: Event }> {
    const locked = await lockForChange(tx, registrationId, 'registrationId');
    await this.access.require(tx, actor, 'attendees.manage', locked.event.groupId);
    if (locked.registration.partyId)
      throw new DomainError('GUEST', 'Guests are decided about together with whoever brings them.', 'registrationId');
    return locked;
  }
}
