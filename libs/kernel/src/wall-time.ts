import { Temporal } from 'temporal-polyfill';

const LOCAL = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::[0-5]\d)?$/;

export type WallTimeCode = 'SYNTAX' | 'ZONE_UNKNOWN' | 'SKIPPED';

/** A date and time that no clock of its zone will ever show, with a sentence that says what to do. */
export class WallTimeError extends Error {
  constructor(
    readonly code: WallTimeCode,
    message: string,
  ) {
    super(message);
    this.name = 'WallTimeError';
  }
}

/**
 * The instant at which a clock in `timeZone` shows `local` (`YYYY-MM-DDTHH:mm`, seconds optional).
 * A time that the clock shows twice is the earlier one (RFC 5545 §3.3.5). Throws `WallTimeError`: `SYNTAX`,
 * `ZONE_UNKNOWN`, or `SKIPPED` for a time that the clock jumps over.
 */
export function instantOf(local: string, timeZone: string): Date {
  const wall = parseWallTime(local);
  const zoned = onClock(wall, timeZone);
  if (!zoned.toPlainDateTime().equals(wall)) {
    throw new WallTimeError(
      'SKIPPED',
      `${local.replace('T', ' ')} does not exist in ${timeZone}: the clocks go forward that day. Please choose an earlier or a later time.`,
    );
  }
  return new Date(zoned.epochMilliseconds);
}

/**
 * Like `instantOf`, for times that nobody chose by hand, such as a date of a series: a skipped time is read with the
 * offset in force before the gap (RFC 5545 §3.3.5), so 02:30 becomes 03:30 on that one day. Throws `WallTimeError`:
 * `SYNTAX` or `ZONE_UNKNOWN`.
 */
export function nearestInstantOf(local: string, timeZone: string): Date {
  return new Date(onClock(parseWallTime(local), timeZone).epochMilliseconds);
}

/** What a clock in `timeZone` shows at `instant`, as `YYYY-MM-DDTHH:mm`. Throws `WallTimeError` `ZONE_UNKNOWN`. */
export function wallTimeOf(instant: Date, timeZone: string): string {
  requireTimeZone(timeZone);
  return Temporal.Instant.fromEpochMilliseconds(instant.getTime())
    .toZonedDateTimeISO(timeZone)
    .toPlainDateTime()
    .toString({ smallestUnit: 'minute' });
}

/**
 * Whether `name` is `UTC` or an IANA zone in its own spelling (`Europe/Paris`, not `europe/paris`, `+02:00` or `CET`),
 * known to the zone data of the running Node.
 */
export function isTimeZone(name: string): boolean {
  // Clients match TZID letter by letter, but Intl folds case and knows ICU's own short names: only a name that
  // Temporal repeats unchanged is the registered one.
  if (name !== 'UTC' && !name.includes('/')) return false;
  if (/^systemv\//i.test(name)) return false; // ICU keeps these, the IANA database dropped them
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name).timeZoneId === name;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function requireTimeZone(timeZone: string): void {
  if (isTimeZone(timeZone)) return;
  throw new WallTimeError(
    'ZONE_UNKNOWN',
    `We do not know the time zone "${timeZone.slice(0, 60)}". Please choose one such as Europe/Paris or America/New_York.`,
  );
}

/** Reads `YYYY-MM-DDTHH:mm`, seconds optional, of no zone yet. Throws `WallTimeError` `SYNTAX`. */
export function parseWallTime(local: string): Temporal.PlainDateTime {
  try {
    if (LOCAL.test(local)) return Temporal.PlainDateTime.from(local, { overflow: 'reject' });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  throw new WallTimeError(
    'SYNTAX',
    `"${local.slice(0, 60)}" is not a date and time. Please write it like 2026-05-21T18:30.`,
  );
}

function onClock(wall: Temporal.PlainDateTime, timeZone: string): Temporal.ZonedDateTime {
  requireTimeZone(timeZone);
  return wall.toZonedDateTime(timeZone, { disambiguation: 'compatible' }); // Temporal's name for RFC 5545 §3.3.5
}
