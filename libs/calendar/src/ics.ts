import { quoted, text, textLine, uri, utc, written } from './content-line.ts';
import { offsetAt, vtimezone, type ZoneRule } from './vtimezone.ts';

const LANGUAGE_TAG = /^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$/;

/** One event as people who subscribed see it. Holds nothing that is private: public feeds are shared and indexed. */
export interface CalendarEvent {
  /** Opaque and permanent, the same in every channel. */
  uid: string;
  /** Raised by material changes only (RFC 5546 §2.1.4). */
  sequence: number;
  /** Last visible change; becomes DTSTAMP and LAST-MODIFIED, so that an unchanged event is told in unchanged bytes. */
  changedAt: Date;
  /** When a mail was decided; its DTSTAMP, by which RFC 5546 §2.1.5 orders messages of one sequence. Absent in feeds. */
  stampedAt?: Date | undefined;
  createdAt: Date;
  title: string;
  /** Plain text. */
  description: string;
  startsAt: Date;
  endsAt: Date;
  /** IANA name. */
  timeZone: string;
  cancelled: boolean;
  location: string | null;
  /** Degrees north. */
  latitude: number | null;
  /** Degrees east. */
  longitude: number | null;
  url: string;
  tags: string[];
  /** BCP 47 tag of title and description. */
  language: string;
  /** What it is to the one person who gets this calendar or mail; absent wherever anybody else may read. */
  own?: OwnPlace;
}

/** One person's place at an event. */
export interface OwnPlace {
  /** Waiting for a seat, and not yet sure to come. */
  tentative: boolean;
  /** This person's own way into the online session, and the words that lead there; null without a seat in it. */
  conference: { url: string; label: string } | null;
}

/** A feed: what it is called, where it lives, and its events in any order. */
export interface Calendar {
  name: string;
  description: string;
  /** Page for people. */
  url: string;
  /** Address of this feed; null where it is a secret. */
  source: string | null;
  /** IANA name. */
  timeZone: string;
  /** Stands before the title of a cancelled event, in the feed's language: `Cancelled: `. */
  cancelledPrefix: string;
  events: CalendarEvent[];
}

/**
 * The feed as an iCalendar stream (RFC 5545, RFC 7986): CRLF, folded, and a pure function of `calendar`, so that equal
 * content gives equal bytes and an equal ETag in every process. Events come by start, then by uid.
 */
export function renderCalendar(calendar: Calendar): string {
  return stream(calendarLines(calendar), [...calendar.events].sort(byStartThenUid), (event, zone) =>
    eventLines(event, zone, calendar.cancelledPrefix),
  );
}

/** A stream of these events with a VTIMEZONE for each zone that their lines name. `head` follows VERSION and PRODID. */
export function stream(
  head: readonly string[],
  events: readonly CalendarEvent[],
  linesOf: (event: CalendarEvent, zone: string | null) => string[],
): string {
  const zones = zonesOf(events);
  const used = new Set<string | null>();
  const told = events.map((event) => {
    const zone = zoneFor(event, zones);
    used.add(zone);
    return written(linesOf(event, zone));
  });
  return [
    written(['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Goodturn//Goodturn//EN', 'CALSCALE:GREGORIAN', ...head]),
    ...[...zones].map(([name, zone]) => written(used.has(name) ? (zone.lines ?? []) : [])),
    ...told,
    written(['END:VCALENDAR']),
  ].join('');
}

function calendarLines(calendar: Calendar): string[] {
  return [
    'METHOD:PUBLISH',
    ...textLine('NAME', calendar.name),
    ...textLine('X-WR-CALNAME', calendar.name),
    ...textLine('DESCRIPTION', calendar.description),
    ...textLine('X-WR-CALDESC', calendar.description),
    ...textLine('X-WR-TIMEZONE', calendar.timeZone),
    `URL:${uri(calendar.url)}`,
    ...(calendar.source === null ? [] : [`SOURCE;VALUE=URI:${uri(calendar.source)}`]),
    'REFRESH-INTERVAL;VALUE=DURATION:PT1H',
    'X-PUBLISHED-TTL:PT1H',
  ];
}

/** The VEVENT. `people` are ORGANIZER and ATTENDEE lines: a mail has them, a feed never. */
export function eventLines(
  event: CalendarEvent,
  zone: string | null,
  cancelledPrefix: string,
  people: readonly string[] = [],
): string[] {
  const language = LANGUAGE_TAG.test(event.language) ? `;LANGUAGE=${event.language}` : '';
  const changed = utc(event.changedAt);
  return [
    'BEGIN:VEVENT',
    ...textLine('UID', event.uid),
    `SEQUENCE:${event.sequence}`,
    `DTSTAMP:${event.stampedAt ? utc(event.stampedAt) : changed}`,
    `CREATED:${utc(event.createdAt)}`,
    `LAST-MODIFIED:${changed}`,
    dateLine('DTSTART', event.startsAt, zone),
    ...(event.endsAt > event.startsAt ? [dateLine('DTEND', event.endsAt, zone)] : []), // an equal end is forbidden, §3.8.2.2
    `STATUS:${statusOf(event)}`,
    // A feed of events shows what there is to go to; nobody becomes busy by subscribing, nor by what is called off.
    `TRANSP:${event.own && !event.cancelled ? 'OPAQUE' : 'TRANSPARENT'}`,
    ...textLine(`SUMMARY${language}`, event.cancelled ? cancelledPrefix + event.title : event.title),
    ...textLine(`DESCRIPTION${language}`, descriptionOf(event)),
    ...textLine('LOCATION', event.location ?? ''),
    ...geoLine(event),
    ...categoriesLine(event.tags),
    `URL:${uri(event.url)}`,
    ...conferenceLine(event),
    ...people,
    'END:VEVENT',
  ];
}

function statusOf({ cancelled, own }: CalendarEvent): string {
  if (cancelled) return 'CANCELLED';
  return own?.tentative ? 'TENTATIVE' : 'CONFIRMED';
}

/** Few programs show CONFERENCE (RFC 7986 §5.11), so that the link stands in the description as well. */
function descriptionOf({ description, own }: CalendarEvent): string {
  return own?.conference ? `${description}\n\n${own.conference.label}: ${own.conference.url}` : description;
}

function conferenceLine({ own }: CalendarEvent): string[] {
  if (!own?.conference) return [];
  const { url, label } = own.conference;
  return [`CONFERENCE;VALUE=URI;FEATURE=AUDIO,VIDEO;LABEL=${quoted(label)}:${uri(url)}`];
}

function byStartThenUid(a: CalendarEvent, b: CalendarEvent): number {
  return a.startsAt.getTime() - b.startsAt.getTime() || (a.uid < b.uid ? -1 : Number(a.uid > b.uid));
}

/** The rule of each zone in order of its name, made for exactly the instants that the feed shows. */
function zonesOf(events: readonly CalendarEvent[]): Map<string, ZoneRule> {
  const instants = new Map<string, Date[]>();
  for (const { timeZone, startsAt, endsAt } of events) {
    const known = instants.get(timeZone);
    if (known) known.push(startsAt, endsAt);
    else instants.set(timeZone, [startsAt, endsAt]);
  }
  return new Map([...instants.keys()].sort().map((name) => [name, vtimezone(name, instants.get(name) ?? [])]));
}

/** The event's zone, or null for UTC when the zone's VTIMEZONE would show another time than the one we mean. */
function zoneFor({ timeZone, startsAt, endsAt }: CalendarEvent, zones: ReadonlyMap<string, ZoneRule>): string | null {
  const zone = zones.get(timeZone);
  return zone?.lines && zone.expresses(startsAt) && zone.expresses(endsAt) ? timeZone : null;
}

function dateLine(name: string, instant: Date, zone: string | null): string {
  if (zone === null) return `${name}:${utc(instant)}`;
  const wall = utc(new Date(instant.getTime() + offsetAt(zone, instant)));
  return `${name};TZID=${zone}:${wall.slice(0, -1)}`;
}

function geoLine({ latitude, longitude }: CalendarEvent): string[] {
  if (latitude === null || longitude === null) return [];
  if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) return []; // NaN too
  return [`GEO:${latitude.toFixed(6)};${longitude.toFixed(6)}`];
}

function categoriesLine(tags: readonly string[]): string[] {
  const names = tags.map(text).filter((name) => name !== '');
  return names.length > 0 ? [`CATEGORIES:${names.join(',')}`] : [];
}
