import { DomainError, newId, notFound, type Actor } from '#kernel';
import { EventState, Pool, type Event } from '#events';
import { answersTo, type Answers, type GivenAnswer } from './answers.ts';
import { Attendance, Registration, RegistrationState } from '../registration.entity.ts';
import { hasRoom, putSeats, seatsOf } from './seats.ts';
import { newTicketCode } from '../holder/ticket-code.ts';

/** Somebody asks for a seat. E-mail in lower case; `name`, `email` and the names of guests are checked already. */
export interface Ask {
  actor: Actor;
  eventId: string;
  name: string;
  email: string;
  pool: Pool | null;
  guests: string[];
  answers: GivenAnswer[];
  language: string | null;
  idempotencyKey: string | null;
}

/** What an ask comes down to at this event: which seats, and the answers to its form. */
export interface Terms {
  pool: Pool;
  answers: Answers;
}

/** The pool and the answers of an ask, or why the event does not take it. */
export function termsOf(event: Event, ask: Ask): Terms | DomainError {
  const pool = poolFor(event, ask.pool);
  if (pool instanceof DomainError) return pool;
  const tooMany = partyRefusal(event, pool, 1 + ask.guests.length);
  if (tooMany) return tooMany;
  if (event.questions.length + ask.answers.length === 0) return { pool, answers: {} };
  try {
    return { pool, answers: answersTo(event.questions, ask.answers) };
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
}

/** The rows of somebody who is let ask: their own first, then one for each guest. */
export function newParty(
  event: Event,
  by: { ask: Ask; terms: Terms; personId: string; before: Registration | undefined; now: Date },
): Registration[] {
  const { ask, terms, personId, before, now } = by;
  const lead = Object.assign(new Registration(), before ?? {}, {
    id: before?.id ?? newId(),
    personId,
    partySize: 1 + ask.guests.length,
    round: (before?.round ?? 0) + 1,
    ticketCode: before?.ticketCode ?? newTicketCode(),
    manageVersion: before?.manageVersion ?? 1,
    idempotencyKey: ask.idempotencyKey,
    ...newPlace(event, ask.name, ask, terms, now),
  });
  if (event.approvalRequired) lead.state = RegistrationState.PENDING;
  else giveSeatOrPlace(event, lead, now);
  return [lead, ...ask.guests.map((name) => guestOf(event, lead, name, { ask, terms, now }))];
}

function guestOf(
  event: Event,
  lead: Registration,
  name: string,
  { ask, terms, now }: { ask: Ask; terms: Terms; now: Date },
): Registration {
  return Object.assign(new Registration(), newPlace(event, name, ask, { pool: terms.pool, answers: {} }, now), {
    id: newId(),
    personId: null,
    partyId: lead.id,
    partySize: 1,
    round: 1,
    ticketCode: newTicketCode(),
    manageVersion: 1,
    idempotencyKey: null,
    state: lead.state,
    waitlistNumber: lead.waitlistNumber,
    confirmedAt: lead.confirmedAt,
  });
}

/** What every row begins anew with. */
function newPlace(event: Event, name: string, ask: Ask, { pool, answers }: Terms, now: Date) {
  return {
    eventId: event.id,
    groupId: event.groupId,
    partyId: null,
    name,
    language: ask.language ?? event.language,
    pool,
    answers,
    formVersion: event.formVersion,
    passedOver: 0,
    waitlistNumber: null,
    registeredAt: now,
    confirmedAt: null,
    cancelledAt: null,
    offeredUntil: null,
    stillComingAt: null,
    walkIn: false,
    holdsSeat: true,
    attendance: Attendance.UNKNOWN,
    attendanceBasis: null,
    checkedInAt: null,
    joinedAt: null,
    attendedMinutes: null,
  };
}

/** Gives a party the next seats or the next place in line, and counts them on the event. The caller saves both. */
export function giveSeatOrPlace(event: Event, lead: Registration, now: Date): void {
  const seats = seatsOf(event, lead.pool);
  if (hasRoom(seats, lead.partySize)) {
    seats.taken += lead.partySize;
    lead.state = RegistrationState.CONFIRMED;
    lead.confirmedAt = now;
  } else {
    lead.knownPosition = seats.waiting + 1;
    seats.waiting += lead.partySize;
    lead.state = RegistrationState.WAITLISTED;
    lead.waitlistNumber = ++event.lastWaitlistNumber;
  }
  putSeats(event, lead.pool, seats);
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

/** A party larger than the event lets one person bring, or than the room could ever hold. */
function partyRefusal(event: Event, pool: Pool, people: number): DomainError | null {
  const guests = people - 1;
  if (guests > event.guestLimit)
    return new DomainError(
      'TOO_MANY_GUESTS',
      event.guestLimit === 0
        ? 'This event takes no guests. Please ask your friends to register themselves.'
        : `You can bring up to ${event.guestLimit} ${event.guestLimit === 1 ? 'guest' : 'guests'} to this event.`,
      'guests',
    );
  const { capacity } = seatsOf(event, pool);
  if (guests > 0 && capacity !== null && people > capacity)
    return new DomainError(
      'PARTY_TOO_LARGE',
      `There are ${capacity} seats in all, fewer than you and your guests need. Please bring fewer people.`,
      'guests',
    );
  return null;
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
