import { Clock, DomainError, isUuid, notFound, type Actor } from '#kernel';
import { inTransaction } from '#database';
import { EventState, lockEvent, type Event } from '#events';
import { Access } from '#groups';
import { record } from '#history';
import { Attendance, Registration, RegistrationState, lockForChange, readTicketCode } from '#registration';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { CheckInInput } from './attendance.inputs.ts';
import { attendanceChanged } from './attendance.queries.ts';

/** How long after its end an event can still be checked in to; then attendance is settled. */
export const CHECK_IN_CLOSES_HOURS = 12;

/** The door: who is let in, known by ticket code, by name or picked from the list. */
@Injectable()
export class CheckInService {
  constructor(
    private readonly db: DataSource,
    private readonly access: Access,
    private readonly clock: Clock,
  ) {}

  /**
   * Lets somebody in. The same nonce again gives the same answer. Refusals: `UNKNOWN`, `AMBIGUOUS` (two of that name),
   * `WRONG_EVENT`, `CANCELLED`, `WAITLISTED`, `ALREADY_IN` with the time.
   */
  async checkIn(actor: Actor, input: CheckInInput): Promise<Registration> {
    return inTransaction(this.db, async (tx) => {
      const event = await lockEvent(tx, input.eventId);
      // Once attendance is settled, a correction is the organizers' to make, not the door's.
      const permission = event.state === EventState.FINISHED ? 'attendees.manage' : 'attendees.checkIn';
      await this.access.require(tx, actor, permission, event.groupId);
      if (event.state !== EventState.PUBLISHED && event.state !== EventState.FINISHED)
        throw new DomainError('NOT_HELD', 'This event is not taking place, so nobody can be let in.', 'eventId');
      const repeated = input.nonce ? await byNonce(tx, event.id, input.nonce) : null;
      if (repeated) return repeated;
      const { registration, method } = await this.whoIs(tx, event, input);
      refuseUnlessSeated(event, registration);
      const now = this.clock.now();
      await this.letIn(tx, actor, event, registration, {
        method,
        nonce: input.nonce ?? null,
        at: input.at && input.at < now ? input.at : now, // the clock of a scanner may be fast
      });
      return registration;
    });
  }

  /** Takes a check-in back, as when the wrong person was picked. */
  async undo(actor: Actor, registrationId: string): Promise<Registration> {
    return inTransaction(this.db, async (tx) => {
      const { registration, event } = await lockForChange(tx, registrationId, 'registrationId');
      const permission = event.state === EventState.FINISHED ? 'attendees.manage' : 'attendees.checkIn';
      await this.access.require(tx, actor, permission, event.groupId);
      if (registration.attendance !== Attendance.ATTENDED) return registration;
      await tx.query('UPDATE check_in SET undone_at = $2 WHERE registration_id = $1 AND undone_at IS NULL', [
        registration.id,
        this.clock.now(),
      ]);
      registration.attendance = event.state === EventState.FINISHED ? Attendance.NO_SHOW : Attendance.UNKNOWN;
      registration.attendanceBasis = null;
      registration.checkedInAt = null;
      await tx.save(registration);
      await attendanceChanged(tx, event, [registration.personId], this.clock.now());
      await record(tx, actor, [{ act: 'checkIn.undone', subjectId: registration.id, groupId: event.groupId }]);
      return registration;
    });
  }

  private async letIn(
    tx: EntityManager,
    actor: Actor,
    event: Event,
    registration: Registration,
    by: { method: string; nonce: string | null; at: Date },
  ): Promise<void> {
    await tx.query(
      `INSERT INTO check_in (event_id, registration_id, nonce, method, at, actor_id) VALUES ($1, $2, $3, $4, $5, $6)`,
      [event.id, registration.id, by.nonce, by.method, by.at, actor.personId],
    );
    registration.attendance = Attendance.ATTENDED;
    registration.attendanceBasis = by.method;
    registration.checkedInAt = by.at;
    await tx.save(registration);
    await attendanceChanged(tx, event, [registration.personId], this.clock.now());
    await record(tx, actor, [
      {
        act: 'checkIn.made',
        subjectId: registration.id,
        groupId: event.groupId,
        details: { method: by.method, at: by.at },
      },
    ]);
  }

  private async whoIs(
    tx: EntityManager,
    event: Event,
    input: CheckInInput,
  ): Promise<{ registration: Registration; method: 'scanned' | 'named' }> {
    if (input.ticketCode) {
      // A ticket of another group's event is as good as unknown: the door learns nothing about it.
      const ticketCode = readTicketCode(input.ticketCode);
      const registration = await tx.findOneBy(Registration, { ticketCode, groupId: event.groupId });
      if (!registration)
        throw new DomainError(
          'UNKNOWN',
          'We do not know this ticket. Please look the person up by name.',
          'ticketCode',
        );
      return { registration, method: 'scanned' };
    }
    if (input.registrationId) {
      const registration = isUuid(input.registrationId)
        ? await tx.findOneBy(Registration, { id: input.registrationId })
        : null;
      if (!registration) throw notFound('registration', 'registrationId');
      return { registration, method: 'named' };
    }
    if (!input.name?.trim())
      throw new DomainError('WHO', 'Please give a ticket code, a name, or pick somebody from the list.', 'ticketCode');
    return { registration: await this.byName(tx, event, input.name.trim()), method: 'named' };
  }

  private async byName(tx: EntityManager, event: Event, name: string): Promise<Registration> {
    const found = await tx
      .createQueryBuilder(Registration, 'registration')
      .where('registration.eventId = :eventId AND lower(registration.name) = lower(:name)', { eventId: event.id, name })
      .andWhere('registration.state <> :cancelled', { cancelled: RegistrationState.CANCELLED })
      .limit(2)
      .getMany();
    const [registration, another] = found;
    if (!registration)
      throw new DomainError(
        'UNKNOWN',
        'Nobody of that name is registered. Please check the spelling, or scan the ticket.',
        'name',
      );
    if (another)
      throw new DomainError(
        'AMBIGUOUS',
        'More than one person of that name is registered. Please scan the ticket or pick from the list.',
        'name',
      );
    return registration;
  }
}

/** Who was let in by the scan with this nonce: the same scan, sent again. */
async function byNonce(tx: EntityManager, eventId: string, nonce: string): Promise<Registration | null> {
  return tx
    .createQueryBuilder(Registration, 'registration')
    .where('registration.id = (SELECT registration_id FROM check_in WHERE event_id = :eventId AND nonce = :nonce)', {
      eventId,
      nonce,
    })
    .getOne();
}

function refuseUnlessSeated(event: Event, registration: Registration): void {
  if (registration.eventId !== event.id) {
    if (registration.groupId !== event.groupId) throw notFound('registration', 'registrationId');
    throw new DomainError('WRONG_EVENT', 'This ticket is for another event.', 'ticketCode');
  }
  if (registration.attendance === Attendance.ATTENDED)
    throw new DomainError(
      'ALREADY_IN',
      `${registration.name} is in already, since ${registration.checkedInAt?.toISOString() ?? 'earlier'}.`,
      null,
    );
  if (registration.state === RegistrationState.CANCELLED)
    throw new DomainError('CANCELLED', `${registration.name} cancelled this registration.`, null);
  if (registration.state !== RegistrationState.CONFIRMED)
    throw new DomainError('WAITLISTED', `${registration.name} is on the waitlist and has no seat.`, null);
}
