import { CONFIG, Clock, DomainError, isPersonalToken, notFound, rowOfToken, type Actor, type Config } from '#kernel';
import { inTransaction } from '#database';
import { EventState, type Event } from '#events';
import { Access, requireScope } from '#groups';
import { record } from '#history';
import { Outbox } from '#mail';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { AdmissionService } from './admission.service.ts';
import type { CancelRegistrationInput, RegisterForEventInput } from './registration.inputs.ts';
import { lockForChange, recipientOf } from './registration.queries.ts';
import { Registration, RegistrationState } from './registration.entity.ts';
import { WaitlistService, moveCounters } from './waitlist.service.ts';

/** The purpose that manage links are signed for; see `personalToken`. */
export const MANAGE = 'manage';

/** Coming and going: what attendees do about their own registration. */
@Injectable()
export class RegistrationService {
  constructor(
    private readonly db: DataSource,
    private readonly admission: AdmissionService,
    private readonly waitlist: WaitlistService,
    private readonly access: Access,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Asks for a seat, for a stranger by name and e-mail, for a signed-in person by who they are. */
  async register(actor: Actor, input: RegisterForEventInput): Promise<Registration> {
    if (actor.personId) requireScope(actor, 'attendees');
    const name = (input.name ?? actor.name ?? '').trim();
    const email = (input.email ?? actor.email ?? '').trim().toLowerCase();
    if (!name) throw new DomainError('NAME_NEEDED', 'Please tell us your name.', 'name');
    if (!email)
      throw new DomainError(
        'EMAIL_NEEDED',
        'Please tell us your e-mail address, so that we can confirm your seat.',
        'email',
      );
    return this.admission.admit({
      actor,
      eventId: input.eventId,
      name,
      email,
      pool: input.pool ?? null,
      language: input.language ?? null,
      idempotencyKey: input.idempotencyKey ?? null,
    });
  }

  /** The registration behind a manage link; the link is the proof of who holds it. Null for any other token. */
  async findByToken(manageToken: string): Promise<Registration | null> {
    const id = rowOfToken(manageToken);
    const registration = id ? await this.db.manager.findOneBy(Registration, { id }) : null;
    if (
      !registration ||
      !isPersonalToken(this.config.secret, MANAGE, registration.id, registration.manageVersion, manageToken)
    )
      return null;
    registration.heldByViewer = true;
    return registration;
  }

  /**
   * Gives a seat or a place in line back. By the holder's link, by the person signed in, or by an organizer (a removal).
   * A freed seat goes to the longest waiting in the same transaction. Cancelling again changes nothing.
   */
  async cancel(actor: Actor, input: CancelRegistrationInput): Promise<Registration> {
    const held = input.manageToken ? await this.findByToken(input.manageToken) : null;
    const registrationId = input.manageToken ? held?.id : input.registrationId;
    const field = input.manageToken ? 'manageToken' : 'registrationId';
    if (!registrationId) throw notFound('registration', field);
    return inTransaction(this.db, async (tx) => {
      const { registration, event } = await lockForChange(tx, registrationId, field);
      const own = held !== null || (actor.personId === registration.personId && actor.scopes.has('attendees'));
      if (!own) await this.access.require(tx, actor, 'attendees.manage', event.groupId);
      registration.heldByViewer = own;
      if (registration.state === RegistrationState.CANCELLED) return registration;
      if (event.state === EventState.FINISHED)
        throw new DomainError('EVENT_OVER', 'This event is over; there is nothing to cancel any more.', field);
      await this.giveUp(tx, actor, event, registration, own ? 'left' : 'removed');
      return registration;
    });
  }

  /** Cancels one registration under the event's lock and passes its seat on. */
  async giveUp(
    tx: EntityManager,
    actor: Actor,
    event: Event,
    registration: Registration,
    how: 'left' | 'removed' | 'blocked',
  ): Promise<void> {
    const seated = registration.state === RegistrationState.CONFIRMED;
    registration.state = RegistrationState.CANCELLED;
    registration.cancelledAt = this.clock.now();
    registration.waitlistNumber = null;
    await tx.save(registration);
    await moveCounters(tx, event, registration.pool, seated ? { taken: -1, waiting: 0 } : { taken: 0, waiting: -1 });
    await record(tx, actor, [
      {
        act: `registration.${how}`,
        subjectId: registration.id,
        groupId: event.groupId,
        details: { pool: registration.pool, seated },
      },
    ]);
    if (how !== 'blocked') {
      const recipient = await recipientOf(tx, registration);
      await this.outbox.add(tx, [
        { kind: how, intentKey: `${how}:${registration.id}:${registration.round}`, eventId: event.id, ...recipient },
      ]);
    }
    // After the cancellation is written, never before; and only a seat can be passed on, not a place in line.
    if (seated) await this.waitlist.promoteNext(tx, actor, event);
  }
}
