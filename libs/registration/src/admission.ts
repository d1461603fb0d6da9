import { DomainError, newId, notFound, type Actor } from '#kernel';
import { EventState, Pool, type Event } from '#events';
import { Attendance, Registration, RegistrationState } from './registration.entity.ts';
import { hasRoom, putSeats, seatsOf } from './seats.ts';
import { newTicketCode } from './ticket-code.ts';

/** Somebody asks for a seat. E-mail in lower case; `name` and `email` are checked already. */
export interface Ask {
  actor: Actor;
  eventId: string;
  name: string;
  email: string;
  pool: Pool | null;
  language: string | null;
  idempotencyKey: string | null;
}

/** Gives the next seat or the next place in line, and counts it on the event. */
export function place(
  event: Event,
  pool: Pool,
  by: { ask: Ask; personId: string; before: Registration | undefined; now: Date },
): Registration {
  const seats = seatsOf(event, pool);
  const seated = hasRoom(seats);
  if (seated) seats.taken += 1;
  else seats.waiting += 1;
  putSeats(event, pool, seats);
  const registration = Object.assign(new Registration(), by.before ?? {}, {
    id: by.before?.id ?? newId(),
    eventId: event.id,
    groupId: event.groupId,
    personId: by.personId,
    name: by.ask.name,
    language: by.ask.language ?? event.language,
    pool,
    state: seated ? RegistrationState.CONFIRMED : RegistrationState.WAITLISTED,
    waitlistNumber: seated ? null : ++event.lastWaitlistNumber,
    round: (by.before?.round ?? 0) + 1,
    ticketCode: by.before?.ticketCode ?? newTicketCode(),
    manageVersion: by.before?.manageVersion ?? 1,
    idempotencyKey: by.ask.idempotencyKey,
    registeredAt: by.now,
    confirmedAt: seated ? by.now : null,
    cancelledAt: null,
    attendance: Attendance.UNKNOWN,
    attendanceBasis: null,
    checkedInAt: null,
  });
  if (!seated) registration.knownPosition = seats.waiting;
  return registration;
}

/** Why nobody can register for this event now, or null. */
export function refusalFor(event: Event, now: Date): DomainError | null {
  if (event.state === EventState.DRAFT) return notFound('event', 'eventId');
  if (event.state === EventState.CANCELLED)
    return new DomainError(
      'EVENT_CANCELLED',
      'This event was cancelled, so there is nothing to register for.',
      'eventId',
    );
  if (event.state === EventState.FINISHED)
    return new DomainError('EVENT_OVER', 'This event is over. See the group’s page for the next one.', 'eventId');
  if (event.registrationOpensAt && now < event.registrationOpensAt)
    return new DomainError(
      'REGISTRATION_NOT_OPEN',
      `Registration opens at ${event.registrationOpensAt.toISOString()}. Please come back then.`,
      'eventId',
    );
  if (now >= (event.registrationClosesAt ?? event.startsAt))
    return new DomainError('REGISTRATION_CLOSED', 'Registration for this event has closed.', 'eventId');
  return null;
}

/** The pool that somebody gets a seat in, or why there is none of that kind. */
export function poolFor(event: Event, asked: Pool | null): Pool | DomainError {
  const pools = event.pools();
  const [only] = pools;
  if (!asked && pools.length === 1 && only) return only;
  if (!asked) return new DomainError('POOL_NEEDED', 'Please choose whether you come IN_PERSON or join ONLINE.', 'pool');
  if (pools.includes(asked)) return asked;
  return new DomainError(
    'POOL_UNAVAILABLE',
    asked === Pool.ONLINE ? 'This event takes place in person only.' : 'This event takes place online only.',
    'pool',
  );
}

/** Says nothing of why: that stays between the organizers. */
export function blockedRefusal(): DomainError {
  return new DomainError(
    'BLOCKED',
    'We cannot take this registration. Please write to the organizers of the group.',
    'email',
  );
}

/** The same request again, after the person had cancelled: it must not undo that. */
export function isRepeat(before: Registration, ask: Ask): boolean {
  return ask.idempotencyKey !== null && ask.idempotencyKey === before.idempotencyKey;
}
