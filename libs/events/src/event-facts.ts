import { DomainError, WallTimeError, instantOf, nearestInstantOf, wallTimeOf, type Refusal } from '#kernel';
import { EventFormat, type Event } from './event.entity.ts';

const LONGEST_EVENT_DAYS = 31;

export interface Times {
  startsAt: Date;
  endsAt: Date;
}

/** The instants of a start and an end given as wall time. Refuses skipped times, unknown zones, and ends before starts. */
export function timesOf(startsAtLocal: string, endsAtLocal: string, timeZone: string): Times {
  const startsAt = instantFor('startsAtLocal', startsAtLocal, timeZone);
  const endsAt = instantFor('endsAtLocal', endsAtLocal, timeZone);
  const lasts = endsAt.getTime() - startsAt.getTime();
  if (lasts <= 0)
    throw new DomainError(
      'ENDS_BEFORE_START',
      'The event ends before it starts. Please choose an end after the start.',
      'endsAtLocal',
    );
  if (lasts > LONGEST_EVENT_DAYS * 86_400_000)
    throw new DomainError(
      'TOO_LONG',
      `An event lasts at most ${LONGEST_EVENT_DAYS} days. Longer programmes are better told as a series.`,
      'endsAtLocal',
    );
  return { startsAt, endsAt };
}

/** The times of an occurrence that its series plans for this wall time: on a night that skips it, those that a clock shows. */
export function occurrenceTimes(
  startsAtLocal: string,
  timeZone: string,
  durationMinutes: number,
): Times & { startsAtLocal: string; endsAtLocal: string } {
  const startsAt = nearestInstantOf(startsAtLocal, timeZone);
  const endsAt = new Date(startsAt.getTime() + durationMinutes * 60_000);
  return { startsAt, endsAt, startsAtLocal: wallTimeOf(startsAt, timeZone), endsAtLocal: wallTimeOf(endsAt, timeZone) };
}

function instantFor(field: string, local: string, timeZone: string): Date {
  try {
    return instantOf(local, timeZone);
  } catch (error) {
    throw asRefusal(error, field);
  }
}

/** A time or zone that cannot be read, told as the API tells it; any other error stays what it is. */
export function asRefusal(error: unknown, field: string): unknown {
  if (!(error instanceof WallTimeError)) return error;
  return new DomainError(error.code, error.message, error.code === 'ZONE_UNKNOWN' ? 'timeZone' : field);
}

/** What an event lacks before the world may see it; empty when it is ready. */
export function missingToPublish(event: Event): Refusal[] {
  const missing: Refusal[] = [];
  if (event.format !== EventFormat.ONLINE && !event.venueId)
    missing.push({
      code: 'VENUE_MISSING',
      field: 'venue',
      message: 'People need to know where to come. Please add a venue.',
    });
  if (event.format !== EventFormat.IN_PERSON && !event.joinUrl)
    missing.push({
      code: 'JOIN_URL_MISSING',
      field: 'joinUrl',
      message: 'An online session needs an address to join. It is never shown in public.',
    });
  return missing;
}

/**
 * Whether people have to be told: time, place or format changed. Such a change raises the calendar sequence and mails
 * everybody once; a typo or a new join link does neither (rule E6, RFC 5546 §2.1.4).
 */
export function isMaterialChange(before: Event, after: Event): boolean {
  return (
    before.startsAt.getTime() !== after.startsAt.getTime() ||
    before.endsAt.getTime() !== after.endsAt.getTime() ||
    before.timeZone !== after.timeZone ||
    before.venueId !== after.venueId ||
    before.format !== after.format
  );
}

/** Facts that anybody can see; changing one of them moves LAST-MODIFIED in every calendar (rule C2). */
export function isVisibleChange(before: Event, after: Event): boolean {
  return isMaterialChange(before, after) || seenFacts(before) !== seenFacts(after);
}

function seenFacts(event: Event): string {
  const { title, description, language, tags, accessibility, recordingUrl, agenda, resources } = event;
  const { registrationOpensAt, registrationClosesAt, capacityInPerson, capacityOnline } = event;
  return JSON.stringify([
    title,
    description,
    language,
    tags,
    accessibility,
    recordingUrl,
    agenda,
    resources,
    registrationOpensAt,
    registrationClosesAt,
    capacityInPerson,
    capacityOnline,
  ]);
}
