import { DomainError, newId, notFound } from '#kernel';
import type { Event } from '#events';
import { RegistrationState, ticketCodeOf, type Registration } from '#registration';
import { letIn, placeOf, type Place } from './walk-ins.ts';

/** How long after its end an event can still be checked in to; then attendance is settled. */
export const CHECK_IN_CLOSES_HOURS = 12;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** How the door knows somebody. */
export type Method = 'scanned' | 'named' | 'walk_in';

/** A line of the door's list. */
export interface CheckIn {
  id: string;
  registrationId: string;
  nonce: string | null;
  method: Method;
  at: Date;
  /** Null for people who had a seat, and for those added at the door. */
  before: Place | null;
}

/** Who is at the door, by exactly one of these. */
export interface Who {
  ticketCode?: string | null;
  registrationId?: string | null;
  name?: string | null;
  /** Somebody found already, or new. */
  registration?: Registration;
  /** Whether nobody knew of them until now. */
  isNew?: boolean;
}

/** One scan, or one name picked at the door. */
export interface Scan extends Who {
  nonce: string | null;
  at: Date;
  /** Made while the device was offline: the person is in, whatever we would have said. */
  offline: boolean;
  /** The host lets in also somebody without a seat, though nobody whom the organizers block. */
  letIn: boolean;
  beyondCapacity: boolean;
}

/** Somebody who is in, and what they were before if they had no seat. */
export interface Admitted {
  registration: Registration;
  notice: RegistrationState | null;
}

export type Outcome = Admitted | DomainError;

/** What has to be written for one scan. */
export interface Entry {
  checkIn: CheckIn;
  registration: Registration;
  /** The later scan of the same person that this one takes the place of. */
  replaces: CheckIn | null;
  offline: boolean;
}

/** What is known before the first scan is decided. */
export interface Known {
  /** Earlier scans by nonce. */
  scans: Map<string, CheckIn>;
  /** Who is in, by registration. */
  live: Map<string, CheckIn>;
  registrations: Registration[];
  /** Ids of those registered under a name, by the name as it was typed. */
  names: Map<string, string[]>;
  /** People from whom the group takes no registrations. */
  blocked: Set<string>;
  /** Until when what was seen at the door still counts; null while there is no end to that. */
  countsUntil: Date | null;
}

/**
 * When a scan was made, as far as it can be believed: the clock of a scanner may be fast, and one that was never set is
 * years behind. Nobody comes more than a day early.
 */
export function timeOf(at: Date | null | undefined, event: Event, now: Date): Date {
  if (!at || at > now || at.getTime() < event.startsAt.getTime() - DAY) return now;
  return at;
}

/** When the door closes by itself. */
export function checkInClosesAt(event: Event): Date {
  return new Date(event.endsAt.getTime() + CHECK_IN_CLOSES_HOURS * HOUR);
}

/** The door of one event: decides scan after scan in memory, under the event's lock. Nothing is written here. */
export class Door {
  readonly entries: Entry[] = [];
  private readonly byId: Map<string, Registration>;
  private readonly byCode: Map<string, Registration>;

  constructor(
    private readonly event: Event,
    private readonly known: Known,
    private readonly now: Date,
  ) {
    this.byId = new Map(known.registrations.map((registration) => [registration.id, registration]));
    this.byCode = new Map(known.registrations.map((registration) => [registration.ticketCode, registration]));
  }

  /** Lets somebody in, or says why not. The same nonce again gives the same answer. */
  decide(scan: Scan): Outcome {
    const repeated = scan.nonce === null ? undefined : this.known.scans.get(scan.nonce);
    const again = repeated && this.byId.get(repeated.registrationId);
    if (again) return { registration: again, notice: repeated.before?.state ?? null };
    const { countsUntil } = this.known;
    if (countsUntil && (!scan.offline || scan.at > countsUntil)) return settledRefusal();
    const registration = this.whoIs(scan);
    if (registration instanceof DomainError) return registration;
    if (registration.eventId !== this.event.id)
      return registration.groupId === this.event.groupId
        ? new DomainError('WRONG_EVENT', 'This ticket is for another event.', 'ticketCode')
        : notFound('registration', 'registrationId');
    const live = this.known.live.get(registration.id);
    if (live) return this.earlier(registration, live, scan);
    const method = scan.ticketCode ? 'scanned' : 'named';
    return registration.state === RegistrationState.CONFIRMED
      ? this.enter(scan, registration, { method, before: null })
      : this.withoutSeat(scan, registration);
  }

  /** Two devices saw the same person: the earlier time is the true one, whichever arrives first. */
  private earlier(registration: Registration, live: CheckIn, scan: Scan): Outcome {
    if (!scan.offline || scan.at >= live.at)
      return new DomainError('ALREADY_IN', `${registration.name} is in already, since ${live.at.toISOString()}.`, null);
    const method = live.method === 'walk_in' ? 'walk_in' : scan.ticketCode ? 'scanned' : 'named';
    return this.enter(scan, registration, { method, before: live.before }, live);
  }

  private withoutSeat(scan: Scan, registration: Registration): Outcome {
    if (!scan.letIn && !scan.offline) return withoutSeatRefusal(registration);
    if (scan.letIn && this.known.blocked.has(registration.personId ?? '')) return blockedAtDoor();
    const before = scan.isNew ? null : placeOf(registration);
    const begun = this.now >= this.event.startsAt;
    const full = letIn(this.event, registration, { at: scan.at, begun, beyondCapacity: scan.beyondCapacity });
    return full ?? this.enter(scan, registration, { method: 'walk_in', before });
  }

  private enter(
    scan: Scan,
    registration: Registration,
    by: { method: Method; before: Place | null },
    replaces: CheckIn | null = null,
  ): Admitted {
    const checkIn = { id: newId(), registrationId: registration.id, nonce: scan.nonce, at: scan.at, ...by };
    this.entries.push({ checkIn, registration, replaces, offline: scan.offline });
    this.known.live.set(registration.id, checkIn);
    if (scan.nonce !== null) this.known.scans.set(scan.nonce, checkIn);
    this.byId.set(registration.id, registration);
    return { registration, notice: by.before?.state ?? null };
  }

  private whoIs(who: Who): Registration | DomainError {
    if (who.registration) return who.registration;
    if (who.ticketCode) {
      // A ticket of another group's event is as good as unknown: the door learns nothing about it.
      const found = this.byCode.get(ticketCodeOf(who.ticketCode));
      if (found?.groupId === this.event.groupId) return found;
      return new DomainError('UNKNOWN', 'We do not know this ticket. Please look the person up by name.', 'ticketCode');
    }
    if (who.registrationId) return this.byId.get(who.registrationId) ?? notFound('registration', 'registrationId');
    if (who.name?.trim()) return this.named(who.name.trim());
    return new DomainError('WHO', 'Please give a ticket code, a name, or pick somebody from the list.', 'ticketCode');
  }

  private named(name: string): Registration | DomainError {
    const [id, another] = this.known.names.get(name) ?? [];
    if (another)
      return new DomainError(
        'AMBIGUOUS',
        'More than one person of that name is registered. Please scan the ticket or pick from the list.',
        'name',
      );
    return (
      this.byId.get(id ?? '') ??
      new DomainError(
        'UNKNOWN',
        'Nobody of that name is registered. Please check the spelling, or scan the ticket.',
        'name',
      )
    );
  }
}

const WITHOUT_SEAT: Partial<Record<RegistrationState, string>> = {
  [RegistrationState.CANCELLED]: 'cancelled this registration',
  [RegistrationState.WAITLISTED]: 'is on the waitlist and has no seat',
  [RegistrationState.OFFERED]: 'was offered a seat and has not accepted it yet',
  [RegistrationState.PENDING]: 'waits for an organizer to approve the registration',
};

function withoutSeatRefusal({ name, state }: Registration): DomainError {
  return new DomainError(state, `${name} ${WITHOUT_SEAT[state] ?? 'has no seat'}. You can let them in as a walk-in.`);
}

/** Says nothing of why: that stays between the organizers. */
function blockedAtDoor(): DomainError {
  return new DomainError(
    'BLOCKED',
    'This group takes no registrations from this person. Please ask one of its organizers.',
  );
}

/** After settling, what was not seen in time is the organizers' to correct. */
function settledRefusal(): DomainError {
  return new DomainError(
    'FORBIDDEN',
    'Attendance of this event is settled. Please ask an organizer of the group to correct it.',
  );
}

/** Why a scan of a queue cannot be read at all. Told for this scan alone, so that its neighbours get in. */
export function unreadable({ nonce, at, ticketCode, name }: Who & { nonce: string; at: Date }): DomainError | null {
  if (nonce.length < 8 || nonce.length > 100)
    return new DomainError('INPUT', 'Please use a nonce of 8 to 100 characters, such as a UUID.', 'nonce');
  if (Number.isNaN(at.getTime()))
    return new DomainError('INPUT', 'Please give an instant such as 2026-03-17T17:05:00Z.', 'at');
  if ((ticketCode?.length ?? 0) > 400)
    return new DomainError('INPUT', 'A ticket has up to 400 characters.', 'ticketCode');
  if ((name?.length ?? 0) > 120) return new DomainError('INPUT', 'Please give a name of 1 to 120 characters.', 'name');
  return null;
}
