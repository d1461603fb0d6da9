import { nearestInstantOf, parseWallTime, wallTimeOf } from '#kernel';
import { Temporal } from 'temporal-polyfill';
import { ruleDays } from './rule-days.ts';

const MOST_OCCURRENCES = 1000;
/** Rules are searched this far. It bounds the work that an impossible rule can cause (measured: 30 ms). */
const HORIZON_YEARS = 100;
/** Later years have five digits, which no wall time of ours is written with. */
const LAST_YEAR = 9999;
const END_OF_TIME = Temporal.PlainDateTime.from(`${LAST_YEAR}-12-31T23:59:59`);
const LONGEST_RULE = 500;
const LARGEST_INTERVAL = 1000;

const FREQUENCIES = ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'] as const;
const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const;
const KNOWN_PARTS = [
  'FREQ',
  'INTERVAL',
  'COUNT',
  'UNTIL',
  'BYDAY',
  'BYMONTHDAY',
  'BYMONTH',
  'BYSETPOS',
  'WKST',
] as const;
const OTHER_PARTS = new Set(['BYHOUR', 'BYMINUTE', 'BYSECOND', 'BYYEARDAY', 'BYWEEKNO', 'RSCALE', 'SKIP']);
const OTHER_FREQUENCIES = new Set(['HOURLY', 'MINUTELY', 'SECONDLY']);

type Part = (typeof KNOWN_PARTS)[number];
type Parts = ReadonlyMap<Part, string>;

/** How a series repeats, in wall time: the subset of RFC 5545 §3.3.10 that a meetup needs. Always has an end. */
export interface Recurrence {
  readonly frequency: (typeof FREQUENCIES)[number];
  readonly interval: number;
  /** Number of occurrences, or null when `until` ends the rule. */
  readonly count: number | null;
  /** Last possible occurrence, as written in the rule: `YYYYMMDD`, `YYYYMMDDTHHMMSS` or the same with `Z`. */
  readonly until: string | null;
  /** Weekdays, each with an optional ordinal: `TU`, `2TU`, `-1FR`. */
  readonly byDay: readonly string[];
  readonly byMonthDay: readonly number[];
  readonly byMonth: readonly number[];
  readonly bySetPos: readonly number[];
  readonly weekStart: (typeof WEEKDAYS)[number];
}

/** One date of a series. */
export interface Occurrence {
  /** Wall time that the rule gives, `YYYY-MM-DDTHH:mm`: names the occurrence for ever, also after it was moved. */
  readonly key: string;
  readonly startsAt: Date;
}

/** Which occurrences to give, both ends included; `limit` counts from `from` on. */
export interface OccurrenceWindow {
  readonly from?: Date;
  readonly until?: Date;
  readonly limit?: number;
  /** Days that are left out, `YYYY-MM-DD` (RFC 5545 §3.8.5.1 EXDATE). COUNT counts them all the same. */
  readonly without?: readonly string[];
}

export type RecurrenceCode = 'SYNTAX' | 'UNSUPPORTED' | 'ENDLESS' | 'NEVER';

/** A rule that cannot become a series, with a sentence that says what to do about it. */
export class RecurrenceError extends Error {
  constructor(
    readonly code: RecurrenceCode,
    message: string,
  ) {
    super(message);
    this.name = 'RecurrenceError';
  }
}

/**
 * Reads an RFC 5545 §3.3.10 rule (`FREQ=MONTHLY;BYDAY=2TU;COUNT=12`). Throws `RecurrenceError`: `SYNTAX`,
 * `UNSUPPORTED`, or `ENDLESS` for a rule without an end. Whether a rule meets any date depends on its start, so `NEVER`
 * is for `occurrences` to say.
 */
export function parseRecurrence(rule: string): Recurrence {
  const parts = partsOf(rule);
  const frequency = frequencyOf(parts);
  const recurrence: Recurrence = {
    frequency,
    interval: numberOf(parts, 'INTERVAL', 1),
    count: parts.has('COUNT') ? numberOf(parts, 'COUNT', 1) : null,
    until: untilOf(parts),
    byDay: daysOf(parts, frequency),
    byMonthDay: numbersOf(parts, 'BYMONTHDAY', -31, 31),
    byMonth: numbersOf(parts, 'BYMONTH', 1, 12),
    bySetPos: numbersOf(parts, 'BYSETPOS', -366, 366),
    weekStart: weekStartOf(parts),
  };
  requireEnd(recurrence);
  requireSense(recurrence);
  return recurrence;
}

/**
 * The dates of a series that starts at `startsAtLocal` (`YYYY-MM-DDTHH:mm`) in `timeZone`, in order. The clock keeps its
 * time when the offset changes; on a day that skips the time, the offset before the gap counts (RFC 5545 §3.3.5). The
 * start itself is an occurrence only if the rule meets it. Throws `RecurrenceError`: `NEVER`, or `UNSUPPORTED` for more
 * than 1000 occurrences or more than 100 years; `WallTimeError` for a start or zone that cannot be read.
 */
export function occurrences(
  recurrence: Recurrence,
  startsAtLocal: string,
  timeZone: string,
  window: OccurrenceWindow = {},
): Occurrence[] {
  const from = window.from?.getTime() ?? -Infinity;
  const until = window.until?.getTime() ?? Infinity;
  const without = new Set(window.without);
  const found: Occurrence[] = [];
  let previous = -Infinity;
  for (const key of wallTimes(recurrence, startsAtLocal, timeZone)) {
    const startsAt = nearestInstantOf(key, timeZone);
    const at = startsAt.getTime();
    // A zone that jumps over a whole day (Samoa, December 2011) gives two dates one instant: people meet once.
    if (at <= previous) continue;
    previous = at;
    if (at > until || found.length === window.limit) break;
    if (at >= from && !without.has(key.slice(0, 10))) found.push({ key, startsAt });
  }
  return found;
}

/** Every wall time of the rule, of no zone yet, so that a gap in the clock cannot drop or shift a date. */
function wallTimes(recurrence: Recurrence, startsAtLocal: string, timeZone: string): string[] {
  const start = parseWallTime(startsAtLocal).with({ second: 0 });
  const horizon = start.year > LAST_YEAR - HORIZON_YEARS ? END_OF_TIME : start.add({ years: HORIZON_YEARS });
  const until = recurrence.until === null ? horizon : wallTimeOfUntil(recurrence.until, timeZone);
  if (Temporal.PlainDateTime.compare(until, horizon) > 0) throw tooFar();
  const most = recurrence.count ?? MOST_OCCURRENCES + 1;
  const times: string[] = [];
  const time = start.toPlainTime().toString({ smallestUnit: 'minute' });
  const last = until.toString({ smallestUnit: 'second' });
  for (const day of ruleDays(recurrence, start.toPlainDate().toString(), last.slice(0, 10))) {
    const wallTime = `${day}T${time}`;
    if (times.length === most || `${wallTime}:00` > last) break;
    times.push(wallTime);
  }
  if (times.length === 0) throw never();
  if (times.length > MOST_OCCURRENCES) throw tooMany();
  if (recurrence.count !== null && times.length < recurrence.count) throw tooFar();
  return times;
}

/** A day counts to its last second; an instant (`…Z`, what other calendars write) counts as the zone's clock shows it. */
function wallTimeOfUntil(until: string, timeZone: string): Temporal.PlainDateTime {
  if (until.endsWith('Z')) return Temporal.PlainDateTime.from(wallTimeOf(instantOfUntil(until), timeZone));
  if (!until.includes('T')) return Temporal.PlainDate.from(until).toPlainDateTime('23:59:59');
  return Temporal.PlainDateTime.from(until);
}

function instantOfUntil(until: string): Date {
  return new Date(Temporal.Instant.from(until).epochMilliseconds);
}

function partsOf(rule: string): Parts {
  if (rule.length > LONGEST_RULE)
    throw syntax('This rule is far too long. A rule looks like FREQ=MONTHLY;BYDAY=2TU;COUNT=12.');
  const parts = new Map<Part, string>();
  const text = rule
    .trim()
    .toUpperCase()
    .replace(/^RRULE:/, '');
  for (const piece of text.split(';')) {
    const [, name, value] = /^([A-Z]+)=([A-Z0-9,+-]+)$/.exec(piece) ?? [];
    if (name === undefined || value === undefined) throw unreadable(piece);
    if (OTHER_PARTS.has(name)) throw unsupported(`We do not support ${name} in a series. Please leave it out.`);
    if (!isOneOf(KNOWN_PARTS, name)) throw unreadable(piece);
    if (parts.has(name)) throw syntax(`${name} is given twice. Please keep one of them.`);
    parts.set(name, value);
  }
  return parts;
}

function frequencyOf(parts: Parts): Recurrence['frequency'] {
  const value = parts.get('FREQ');
  if (value === undefined)
    throw syntax('The rule does not say how often. Please begin with FREQ=WEEKLY or FREQ=MONTHLY.');
  if (isOneOf(FREQUENCIES, value)) return value;
  if (OTHER_FREQUENCIES.has(value)) {
    throw unsupported(`A series cannot repeat ${value}. Please choose DAILY, WEEKLY, MONTHLY or YEARLY.`);
  }
  throw unreadable(`FREQ=${value}`);
}

function weekStartOf(parts: Parts): Recurrence['weekStart'] {
  const value = parts.get('WKST') ?? 'MO';
  if (!isOneOf(WEEKDAYS, value)) throw unreadable(`WKST=${value}`);
  return value;
}

function numberOf(parts: Parts, part: 'INTERVAL' | 'COUNT', otherwise: number): number {
  const value = parts.get(part);
  if (value === undefined) return otherwise;
  const number = Number(value);
  if (!/^\d+$/.test(value) || number < 1) throw unreadable(`${part}=${value}`);
  if (part === 'COUNT' && number > MOST_OCCURRENCES) throw tooMany();
  if (part === 'INTERVAL' && number > LARGEST_INTERVAL) throw tooFar();
  return number;
}

function numbersOf(parts: Parts, part: 'BYMONTHDAY' | 'BYMONTH' | 'BYSETPOS', least: number, most: number): number[] {
  const values = parts.get(part)?.split(',') ?? [];
  return values.map((value) => {
    const number = Number(value);
    if (!/^[+-]?\d{1,3}$/.test(value) || number === 0 || number < least || number > most)
      throw unreadable(`${part}=${value}`);
    return number;
  });
}

function daysOf(parts: Parts, frequency: Recurrence['frequency']): string[] {
  const values = parts.get('BYDAY')?.split(',') ?? [];
  // RFC 5545 §3.3.10: an ordinal counts within the month, or within the year of a yearly rule that names no month.
  const most = frequency === 'YEARLY' && !parts.has('BYMONTH') ? 53 : 5;
  return values.map((value) => {
    const [, ordinal, day] = /^([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)$/.exec(value) ?? [];
    if (day === undefined) throw unreadable(`BYDAY=${value}`);
    if (ordinal === undefined) return day;
    if (frequency === 'DAILY' || frequency === 'WEEKLY') {
      throw syntax(`${value} needs a month to count in. Please use FREQ=MONTHLY, or write ${day} alone.`);
    }
    if (Number(ordinal) === 0 || Math.abs(Number(ordinal)) > most) throw unreadable(`BYDAY=${value}`);
    return `${Number(ordinal)}${day}`;
  });
}

function untilOf(parts: Parts): string | null {
  const value = parts.get('UNTIL');
  if (value === undefined) return null;
  try {
    const [, date, time, utc] = /^(\d{8})(?:(T\d{6})(Z?))?$/.exec(value) ?? [];
    if (date === undefined) throw new RangeError('not a date');
    Temporal.PlainDateTime.from(`${date}${time ?? 'T000000'}`, { overflow: 'reject' });
    if (utc === 'Z') instantOfUntil(value);
    return value;
  } catch (error) {
    if (error instanceof RangeError) throw unreadable(`UNTIL=${value}`);
    throw error;
  }
}

function requireEnd({ count, until }: Recurrence): void {
  if (count !== null && until !== null) throw syntax('COUNT and UNTIL cannot go together. Please keep one of them.');
  if (count === null && until === null) {
    throw new RecurrenceError(
      'ENDLESS',
      'This series would go on for ever. Please give it an end: a number of times (COUNT=12) or a last day (UNTIL=20271231).',
    );
  }
}

/** Combinations that RFC 5545 §3.3.10 forbids or gives no meaning, which calendar programs read in different ways. */
function requireSense({ frequency, byDay, byMonthDay, byMonth, bySetPos }: Recurrence): void {
  if (frequency === 'WEEKLY' && byMonthDay.length > 0) {
    throw syntax('A weekly series has no days of the month. Please use FREQ=MONTHLY, or BYDAY in place of BYMONTHDAY.');
  }
  if (bySetPos.length > 0 && byDay.length + byMonthDay.length + byMonth.length === 0) {
    throw syntax('BYSETPOS picks from a set of days. Please add the days, such as BYDAY=MO,TU,WE,TH,FR.');
  }
  if (bySetPos.length > 0 && frequency === 'DAILY') {
    throw unsupported('BYSETPOS has nothing to pick from in a single day. Please use FREQ=MONTHLY.');
  }
}

function isOneOf<T extends string>(values: readonly T[], value: string): value is T {
  return (values as readonly string[]).includes(value);
}

function syntax(message: string): RecurrenceError {
  return new RecurrenceError('SYNTAX', message);
}

function unsupported(message: string): RecurrenceError {
  return new RecurrenceError('UNSUPPORTED', message);
}

function unreadable(piece: string): RecurrenceError {
  return syntax(`We could not read "${piece.slice(0, 40)}". A rule looks like FREQ=MONTHLY;BYDAY=2TU;COUNT=12.`);
}

function tooMany(): RecurrenceError {
  return unsupported(
    `A series can have at most ${MOST_OCCURRENCES} events. Please end it sooner; you can start another one later.`,
  );
}

function tooFar(): RecurrenceError {
  return unsupported(
    `A series can reach at most ${HORIZON_YEARS} years ahead. Please end it sooner or repeat it more often.`,
  );
}

function never(): RecurrenceError {
  return new RecurrenceError(
    'NEVER',
    'No date fits this rule between its start and its end. Please check its days and months: February has no 30th, for example.',
  );
}
