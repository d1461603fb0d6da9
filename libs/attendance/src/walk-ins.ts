import { DomainError, newId } from '#kernel';
import type { Event, Pool } from '#events';
import {
  Attendance,
  Registration,
  RegistrationState,
  newTicketCode,
  putSeats,
  seatsFree,
  seatsOf,
} from '#registration';

/** Where somebody stood before they were let in without a seat: what undoing gives back. */
export type Place = Pick<
  Registration,
  'state' | 'waitlistNumber' | 'offeredUntil' | 'confirmedAt' | 'cancelledAt' | 'walkIn' | 'holdsSeat' | 'partyId'
>;

export function placeOf(registration: Registration): Place {
  const { state, waitlistNumber, offeredUntil, confirmedAt, cancelledAt, walkIn, holdsSeat, partyId } = registration;
  return { state, waitlistNumber, offeredUntil, confirmedAt, cancelledAt, walkIn, holdsSeat, partyId };
}

/** A place as it was kept in JSON. */
export function readPlace(kept: { [Key in keyof Place]: Place[Key] extends Date | null ? string | null : Place[Key] }) {
  const instant = (text: string | null) => (text === null ? null : new Date(text));
  return {
    ...kept,
    offeredUntil: instant(kept.offeredUntil),
    confirmedAt: instant(kept.confirmedAt),
    cancelledAt: instant(kept.cancelledAt),
  } satisfies Place;
}

/** Somebody whom nobody expected, before they are let in. */
export function newWalkIn(
  event: Event,
  by: { name: string; personId: string | null; pool: Pool; at: Date },
): Registration {
  return Object.assign(new Registration(), {
    id: newId(),
    eventId: event.id,
    groupId: event.groupId,
    personId: by.personId,
    partyId: null,
    partySize: 1,
    passedOver: 0,
    name: by.name,
    language: event.language,
    pool: by.pool,
    state: RegistrationState.CANCELLED,
    waitlistNumber: null,
    round: 1,
    ticketCode: newTicketCode(),
    manageVersion: 1,
    idempotencyKey: null,
    registeredAt: by.at,
    confirmedAt: null,
    answers: {},
    formVersion: event.formVersion,
    offeredUntil: null,
    stillComingAt: null,
    walkIn: true,
    holdsSeat: false,
    cancelledAt: null,
    attendance: Attendance.UNKNOWN,
    attendanceBasis: null,
    checkedInAt: null,
    joinedAt: null,
    attendedMinutes: null,
  });
}

/**
 * Lets somebody in who has no seat, and counts them on the event; the caller saves both. A free seat is theirs when nobody
 * waits for it, or once the event has begun, when nobody is promoted any more. An offered seat was held for them. Beyond
 * the capacity they hold none, so that nobody is kept out by them. A guest comes on their own account from now on.
 */
export function letIn(
  event: Event,
  registration: Registration,
  by: { at: Date; begun: boolean; beyondCapacity: boolean },
): DomainError | null {
  const seats = seatsOf(event, registration.pool);
  const offered = registration.state === RegistrationState.OFFERED;
  const waiting = seats.waiting - (registration.state === RegistrationState.WAITLISTED ? 1 : 0);
  const seat = offered || (seatsFree(seats) > 0 && (by.begun || waiting === 0));
  if (!seat && !by.beyondCapacity)
    return new DomainError(
      'FULL',
      'Every seat is taken. Let them in anyway? Then say beyondCapacity.',
      'beyondCapacity',
    );
  putSeats(event, registration.pool, { ...seats, waiting, taken: seats.taken + (seat && !offered ? 1 : 0) });
  Object.assign(registration, {
    state: RegistrationState.CONFIRMED,
    waitlistNumber: null,
    offeredUntil: null,
    cancelledAt: null,
    confirmedAt: by.at,
    walkIn: true,
    holdsSeat: seat,
    partyId: null,
  });
  return null;
}

/**
 * Gives back what a walk-in was before: their place in line, their offer, or nothing for somebody added at the door.
 * Counted on the event; the caller saves both. Tells whether a seat came free.
 */
export function giveBack(event: Event, registration: Registration, before: Place | null, now: Date): boolean {
  const seats = seatsOf(event, registration.pool);
  const frees = registration.holdsSeat && before?.state !== RegistrationState.OFFERED;
  putSeats(event, registration.pool, {
    ...seats,
    taken: seats.taken - (frees ? 1 : 0),
    waiting: seats.waiting + (before?.state === RegistrationState.WAITLISTED ? 1 : 0),
  });
  Object.assign(registration, before ?? { state: RegistrationState.CANCELLED, cancelledAt: now });
  return frees;
}
