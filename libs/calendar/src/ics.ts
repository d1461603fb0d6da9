import { offsetAt, vtimezone, type ZoneRule } from './vtimezone.ts';

/** RFC 5545 §3.1: a line has at most 75 octets, its line break not counted. */
const LONGEST_LINE = 75;
const LANGUAGE_TAG = /^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$/;

/** One event as people who subscribed see it. Holds nothing that is private: public feeds are shared and indexed. */
export interface CalendarEvent {
  /** Opaque and permanent, the same in every channel. */
  uid: string;
  /** Raised by material changes only (RFC 5546 §2.1.4). */
  sequence: number;
  /** Last visible change; becomes DTSTAMP and LAST-MODIFIED, so that an unchanged event is told in unchanged bytes. */
  changedAt: Date;
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
}

/** A feed: what it is called, where it lives, and its events in any order. */
export interface Calendar {
  name: string;
  description: string;
  /** Page for people. */
  url: string;
  /** Address of this feed. */
  source: string;
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
  const events = [...calendar.events].sort(byStartThenUid);
  const zones = zonesOf(events);
  const told = events.map((event) => ({ event, zone: zoneFor(event, zones) }));
  const used = new Set(told.map(({ zone }) => zone));
  const lines = [
    ...calendarLines(calendar),
    ...[...zones].flatMap(([name, zone]) => (used.has(name) ? (zone.lines ?? []) : [])),
    ...told.flatMap(({ event, zone }) => eventLines(event, zone, calendar.cancelledPrefix)),
    'END:VCALENDAR',
  ];
  return lines.map(fold).join('');
}

function calendarLines(calendar: Calendar): string[] {
  return [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Goodturn//Goodturn//EN',
    'CALSCALE:GREGORIAN',
    'METHOD:PUBLISH',
    ...textLine('NAME', calendar.name),
    ...textLine('X-WR-CALNAME', calendar.name),
    ...textLine('DESCRIPTION', calendar.description),
    ...textLine('X-WR-CALDESC', calendar.description),
    ...textLine('X-WR-TIMEZONE', calendar.timeZone),
    `URL:${uri(calendar.url)}`,
    `SOURCE;VALUE=URI:${uri(calendar.source)}`,
    'REFRESH-INTERVAL;VALUE=DURATION:PT1H',
    'X-PUBLISHED-TTL:PT1H',
  ];
}

function eventLines(event: CalendarEvent, zone: string | null, cancelledPrefix: string): string[] {
  const language = LANGUAGE_TAG.test(event.language) ? `;LANGUAGE=${event.language}` : '';
  return [
    'BEGIN:VEVENT',
    ...textLine('UID', event.uid),
    `SEQUENCE:${event.sequence}`,
    `DTSTAMP:${utc(event.changedAt)}`,
    `CREATED:${utc(event.createdAt)}`,
    `LAST-MODIFIED:${utc(event.changedAt)}`,
    dateLine('DTSTART', event.startsAt, zone),
    ...(event.endsAt > event.startsAt ? [dateLine('DTEND', event.endsAt, zone)] : []), // an equal end is forbidden, §3.8.2.2
    `STATUS:${event.cancelled ? 'CANCELLED' : 'CONFIRMED'}`,
    'TRANSP:TRANSPARENT', // a feed shows what there is to go to; nobody becomes busy by subscribing
    ...textLine(`SUMMARY${language}`, event.cancelled ? cancelledPrefix + event.title : event.title),
    ...textLine(`DESCRIPTION${language}`, event.description),
    ...textLine('LOCATION', event.location ?? ''),
    ...geoLine(event),
    ...categoriesLine(event.tags),
    `URL:${uri(event.url)}`,
    'END:VEVENT',
  ];
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

function utc(instant: Date): string {
  return `${instant.toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
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

function textLine(name: string, value: string): string[] {
  const escaped = text(value);
  return escaped === '' ? [] : [`${name}:${escaped}`];
}

/**
 * A TEXT value, RFC 5545 §3.3.11. Every line break that any program splits at becomes `\n` (Python splits at U+2028,
 * VT and NEL too), so that a name can never begin a property of its own; no other control character passes.
 */
function text(value: string): string {
  return value
    .replace(/\r\n|[\r\v\f\u0085\u2028\u2029]/g, '\n')
    .replace(/\t/g, ' ')
    .replace(/(?!\n)\p{Cc}|\p{Cs}/gu, '')
    .trim()
    .replace(/[\\;,]/g, '\\$&')
    .replace(/\n/g, '\\n');
}

/** A URI value, RFC 5545 §3.3.13: never escaped, so `,` and `;` are percent-encoded for programs that unescape all. */
function uri(value: string): string {
  return value.replace(/\p{Cc}|\p{Cs}/gu, '').replace(/[^\w!#$%&'()*+./:=?@~[\]-]/gu, encodeURIComponent);
}

/** Breaks a line where it must, never inside a character: half a character is not UTF-8 to a program that reads lines. */
function fold(line: string): string {
  const octets = Buffer.from(line);
  const pieces: string[] = [];
  let start = 0;
  let room = LONGEST_LINE;
  while (octets.length - start > room) {
    let end = start + room;
    while (isInsideCharacter(octets[end])) end--;
    pieces.push(octets.toString('utf8', start, end));
    start = end;
    room = LONGEST_LINE - 1; // the space that marks a continuation
  }
  return `${[...pieces, octets.toString('utf8', start)].join('\r\n ')}\r\n`;
}

/** UTF-8 marks every octet but a character's first with the bits 10. */
function isInsideCharacter(octet = 0): boolean {
  return (octet & 0b1100_0000) === 0b1000_0000;
}
