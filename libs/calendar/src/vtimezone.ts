import { Temporal } from 'temporal-polyfill';

const DAY = 86_400_000;
const WEEKDAYS = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'];
/** Rules are written as of this year, so that the text of a zone stays the same while a feed's window moves on. */
const FIRST_YEAR = 1970;
/** The years after the last event that help to tell "fourth Sunday" from "last Sunday"; six see every weekday shift. */
const YEARS_AHEAD = 6;

/** How one zone is told to calendar programs, and which instants are right when told so. */
export interface ZoneRule {
  /** The VTIMEZONE as unfolded content lines, or null when no instant is right by any one rule: use UTC then. */
  readonly lines: readonly string[] | null;
  /**
   * Whether every program reads the wall time of `instant` as `instant`, be it by these lines or by the zone's name.
   * False also in an hour that the clock shows twice, which the two passes share.
   */
  expresses(instant: Date): boolean;
}

/** The clock leaves offset `from` for offset `to` at the instant `at`. All in milliseconds. */
interface Change {
  readonly at: number;
  readonly from: number;
  readonly to: number;
}

/** What a zone's clock does in one UTC year, as the running Node knows it. */
interface ZoneYear {
  readonly offsetBefore: number;
  readonly changes: readonly Change[];
}

/** A change that comes back every year: `nth` weekday of `month` (-1: the last), `time` on the clock before it. */
interface YearlyChange {
  readonly month: number;
  readonly nth: number;
  readonly weekday: number;
  readonly time: number;
  readonly from: number;
  readonly to: number;
}

/** One offset all year long, or two changes a year: all that Outlook reads of a VTIMEZONE (MS-STANOICAL 2.2.47). */
type Rule = readonly [YearlyChange, YearlyChange] | { readonly offset: number };

const NO_RULE: ZoneRule = { lines: null, expresses: () => false };

/**
 * The VTIMEZONE (RFC 5545 §3.6.5) of an IANA zone that is right for most of `instants`, made of the zone data of the
 * running Node, from which wall times are computed too: a second source would give other instants. Where the zone does
 * not keep to one yearly pair of changes, `expresses` says so. UTC and a zone that Node does not know have no lines.
 */
export function vtimezone(timeZone: string, instants: readonly Date[]): ZoneRule {
  if (instants.length === 0 || !isNamedZone(timeZone)) return NO_RULE;
  const years = [...new Set(instants.map(yearOf))].sort((a, b) => b - a);
  const rule = bestRule(timeZone, instants, years);
  if (!rule) return NO_RULE;
  return { lines: linesOf(timeZone, rule), expresses: judge(timeZone, rule) };
}

/** Offset of `timeZone` from UTC at `instant`, in milliseconds, east positive. Throws RangeError for an unknown zone. */
export function offsetAt(timeZone: string, instant: Date): number {
  const { offsetBefore, changes } = zoneYear(timeZone, yearOf(instant));
  return lastBefore(changes, instant.getTime())?.to ?? offsetBefore;
}

/** A row whose zone left the database must not take the feed down, so an unknown name is an answer, not an error. */
function isNamedZone(timeZone: string): boolean {
  if (timeZone === 'UTC' || timeZone === 'Etc/UTC' || !/^[A-Za-z][\w+/-]*$/.test(timeZone)) return false;
  try {
    zoneYear(timeZone, FIRST_YEAR);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** Asking Intl costs about 0.3 ms a year and the answer cannot change while the process lives. */
const zones = new Map<string, Map<number, ZoneYear>>();

function zoneYear(timeZone: string, year: number): ZoneYear {
  const known = zones.get(timeZone)?.get(year);
  if (known) return known;
  let clock = Temporal.Instant.fromEpochMilliseconds(Date.UTC(year, 0, 1) - 1).toZonedDateTimeISO(timeZone);
  const offsetBefore = offsetOf(clock);
  const changes: Change[] = [];
  for (;;) {
    const next = clock.getTimeZoneTransition('next');
    if (!next || next.epochMilliseconds >= Date.UTC(year + 1, 0, 1)) break;
    if (offsetOf(next) !== offsetOf(clock)) {
      changes.push({ at: next.epochMilliseconds, from: offsetOf(clock), to: offsetOf(next) });
    }
    clock = next;
  }
  const found = { offsetBefore, changes };
  const years = zones.get(timeZone) ?? new Map<number, ZoneYear>();
  zones.set(timeZone, years.set(year, found));
  return found;
}

function offsetOf(clock: Temporal.ZonedDateTime): number {
  return clock.offsetNanoseconds / 1_000_000;
}

function yearOf(instant: Date): number {
  return instant.getUTCFullYear();
}

/** The rule right for most instants and, among equals, for most whole years: "last Sunday", not "fourth" by accident. */
function bestRule(timeZone: string, instants: readonly Date[], years: readonly number[]): Rule | null {
  const [latest = FIRST_YEAR] = years;
  const ahead = Array.from({ length: YEARS_AHEAD }, (_, index) => latest + index + 1);
  const wholeYears = [...years, ...ahead];
  let best: { rule: Rule; instants: number; years: number } | null = null;
  for (const rule of candidates(timeZone, years)) {
    const expresses = judge(timeZone, rule);
    const right = {
      rule,
      instants: instants.filter(expresses).length,
      years: wholeYears.filter((year) => isRightAllYear(timeZone, rule, year)).length,
    };
    if (right.instants === instants.length && right.years === wholeYears.length) return rule;
    if (!best || right.instants > best.instants || (right.instants === best.instants && right.years > best.years)) {
      best = right;
    }
  }
  return best && best.instants > 0 ? best.rule : null;
}

function candidates(timeZone: string, years: readonly number[]): Rule[] {
  const rules = years.flatMap((year): Rule[] => {
    const { offsetBefore, changes } = zoneYear(timeZone, year);
    const pairs = changes.flatMap((first, index): Rule[] => {
      const second = changes[index + 1];
      if (!second || first.from !== second.to) return [];
      return yearly(first).flatMap((a) => yearly(second).map((b): Rule => [a, b]));
    });
    return [...pairs, { offset: offsetBefore }, ...changes.map(({ to }): Rule => ({ offset: to }))];
  });
  return [...new Map(rules.map((rule) => [JSON.stringify(rule), rule])).values()];
}

/** The ways to say a date as "nth weekday". Never "fifth": programs disagree about months that have only four. */
function yearly({ at, from, to }: Change): YearlyChange[] {
  const local = new Date(at + from);
  const [month, day, weekday] = [local.getUTCMonth(), local.getUTCDate(), local.getUTCDay()];
  const isLast = new Date(local.getTime() + 7 * DAY).getUTCMonth() !== month;
  const nths = [...(isLast ? [-1] : []), ...(day <= 28 ? [Math.ceil(day / 7)] : [])];
  return nths.map((nth) => ({ month, nth, weekday, time: (at + from) % DAY, from, to }));
}

/** The day's midnight on the clock that the rule changes, written as if it were UTC. */
function dayIn(year: number, { month, nth, weekday }: YearlyChange): number {
  if (nth === -1) {
    const last = new Date(Date.UTC(year, month + 1, 0));
    return last.getTime() - ((last.getUTCDay() - weekday + 7) % 7) * DAY;
  }
  const first = new Date(Date.UTC(year, month, 1));
  return first.getTime() + (((weekday - first.getUTCDay() + 7) % 7) + (nth - 1) * 7) * DAY;
}

function changesBy(rule: Rule, year: number): Change[] {
  if ('offset' in rule) return [];
  return rule
    .map((change) => ({ at: dayIn(year, change) + change.time - change.from, from: change.from, to: change.to }))
    .sort((a, b) => a.at - b.at);
}

/** Evaluates the rule the way a calendar program does, and compares with what Node says of the zone. */
function judge(timeZone: string, rule: Rule): (instant: Date) => boolean {
  const years = new Map<number, { byRule: Change[]; real: ZoneYear }>();
  const around = (year: number): { byRule: Change[]; real: ZoneYear } => {
    const known = years.get(year);
    if (known) return known;
    const byRule = [...changesBy(rule, year - 1), ...changesBy(rule, year), ...changesBy(rule, year + 1)];
    const found = { byRule, real: zoneYear(timeZone, year) };
    years.set(year, found);
    return found;
  };
  return (instant) => {
    const at = instant.getTime();
    const year = yearOf(instant);
    if (year <= FIRST_YEAR) return false;
    const { byRule, real } = around(year);
    const offset = 'offset' in rule ? rule.offset : lastBefore(byRule, at)?.to;
    if (offset !== (lastBefore(real.changes, at)?.to ?? real.offsetBefore)) return false;
    return !isRepeated(byRule, at) && !isRepeated(real.changes, at);
  };
}

function lastBefore(changes: readonly Change[], at: number): Change | undefined {
  return changes.findLast((change) => change.at <= at);
}

/** Whether the clock shows the wall time of `at` twice, because it is about to be set back or just was. */
function isRepeated(changes: readonly Change[], at: number): boolean {
  return changes.some(({ at: changesAt, from, to }) => at >= changesAt - (from - to) && at < changesAt + (from - to));
}

function isRightAllYear(timeZone: string, rule: Rule, year: number): boolean {
  const real = zoneYear(timeZone, year);
  if ('offset' in rule) return real.changes.length === 0 && real.offsetBefore === rule.offset;
  return JSON.stringify(real.changes) === JSON.stringify(changesBy(rule, year));
}

function linesOf(timeZone: string, rule: Rule): string[] {
  const observances =
    'offset' in rule
      ? observance('STANDARD', Date.UTC(FIRST_YEAR, 0, 1), null, rule.offset, rule.offset)
      : [...rule]
          .sort((a, b) => a.to - b.to)
          .flatMap((change, index) =>
            observance(
              index === 0 ? 'STANDARD' : 'DAYLIGHT',
              dayIn(FIRST_YEAR, change) + change.time,
              `FREQ=YEARLY;BYMONTH=${change.month + 1};BYDAY=${change.nth}${WEEKDAYS[change.weekday]}`,
              change.from,
              change.to,
            ),
          );
  return ['BEGIN:VTIMEZONE', `TZID:${timeZone}`, ...observances, 'END:VTIMEZONE'];
}

function observance(name: string, startsAtLocal: number, rrule: string | null, from: number, to: number): string[] {
  return [
    `BEGIN:${name}`,
    `DTSTART:${new Date(startsAtLocal).toISOString().slice(0, 19).replace(/[-:]/g, '')}`,
    ...(rrule ? [`RRULE:${rrule}`] : []),
    `TZOFFSETFROM:${utcOffset(from)}`,
    `TZOFFSETTO:${utcOffset(to)}`,
    `END:${name}`,
  ];
}

/** RFC 5545 §3.3.14: hours and minutes, and seconds only when there are any. */
function utcOffset(offset: number): string {
  const seconds = Math.abs(offset) / 1000;
  const fields = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const digits = fields.map((field) => String(field).padStart(2, '0')).join('');
  return `${offset < 0 ? '-' : '+'}${digits.endsWith('00') ? digits.slice(0, 4) : digits}`;
}
