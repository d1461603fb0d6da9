const DAY = 86_400_000;
const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];

/** What decides on the days of a rule; see `Recurrence`. */
interface DayRule {
  readonly frequency: 'DAILY' | 'WEEKLY' | 'MONTHLY' | 'YEARLY';
  readonly interval: number;
  readonly byDay: readonly string[];
  readonly byMonthDay: readonly number[];
  readonly byMonth: readonly number[];
  readonly bySetPos: readonly number[];
  readonly weekStart: string;
}

/** A day of the calendar and what a rule may ask of it. `number` counts days since 1970. */
interface CalendarDay {
  number: number;
  month: number;
  day: number;
  /** 0 is Monday. */
  weekday: number;
  daysInMonth: number;
  dayOfYear: number;
  daysInYear: number;
}

/**
 * The days that a rule meets from `first` to `last` (`YYYY-MM-DD`, both included), in order (RFC 5545 §3.3.10). Each day of
 * each day, week, month or year that counts is asked whether it fits: a hundred years of it take some 20 ms, and there is
 * nothing to get wrong about leap years and fifth Mondays.
 */
export function* ruleDays(rule: DayRule, first: string, last: string): Generator<string> {
  const start = calendarDay(Date.parse(`${first}T00:00Z`) / DAY);
  const end = Date.parse(`${last}T00:00Z`) / DAY;
  for (let period = 0; ; period += rule.interval) {
    const [from, to] = boundsOf(rule, start, first, period);
    if (from > end) return;
    const fitting: number[] = [];
    for (let number = from; number < to; number += 1) if (fits(rule, calendarDay(number), start)) fitting.push(number);
    for (const number of picked(rule, fitting))
      if (number >= start.number && number <= end) yield new Date(number * DAY).toISOString().slice(0, 10);
  }
}

/** First day of a period, and that of the next one; periods count from the one in which the rule starts. */
function boundsOf(rule: DayRule, start: CalendarDay, first: string, period: number): [number, number] {
  const year = Number(first.slice(0, 4));
  if (rule.frequency === 'YEARLY') return [dayNumber(year + period, 1), dayNumber(year + period + 1, 1)];
  if (rule.frequency === 'MONTHLY')
    return [dayNumber(year, start.month + period), dayNumber(year, start.month + period + 1)];
  if (rule.frequency === 'DAILY') return [start.number + period, start.number + period + 1];
  const week = start.number - ((start.weekday - WEEKDAYS.indexOf(rule.weekStart) + 7) % 7) + 7 * period;
  return [week, week + 7];
}

function fits({ frequency, byMonth, byMonthDay, byDay }: DayRule, day: CalendarDay, start: CalendarDay): boolean {
  if (byMonth.length > 0 && !byMonth.includes(day.month)) return false;
  if (byMonthDay.length > 0 && ![day.day, day.day - day.daysInMonth - 1].some((n) => byMonthDay.includes(n)))
    return false;
  if (byDay.length > 0) return namesOf(frequency === 'YEARLY' && byMonth.length === 0, day).some(isIn(byDay));
  if (byMonthDay.length > 0 || frequency === 'DAILY') return true;
  // What the rule does not say, its start does.
  if (frequency === 'WEEKLY') return day.weekday === start.weekday;
  return day.day === start.day && (frequency === 'MONTHLY' || byMonth.length > 0 || day.month === start.month);
}

/** What BYDAY may call a day: `TU`, and counted from either end of its month, or of its year, `2TU` and `-3TU`. */
function namesOf(inYear: boolean, day: CalendarDay): string[] {
  const name = WEEKDAYS[day.weekday];
  const [place, length] = inYear ? [day.dayOfYear, day.daysInYear] : [day.day, day.daysInMonth];
  return [`${name}`, `${Math.ceil(place / 7)}${name}`, `-${Math.ceil((length - place + 1) / 7)}${name}`];
}

function isIn(names: readonly string[]): (name: string) => boolean {
  return (name) => names.includes(name);
}

function picked({ bySetPos }: DayRule, days: number[]): number[] {
  if (bySetPos.length === 0) return days;
  return days.filter((_, index) => bySetPos.includes(index + 1) || bySetPos.includes(index - days.length));
}

function calendarDay(number: number): CalendarDay {
  const date = new Date(number * DAY);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + 1];
  return {
    number,
    month,
    day: date.getUTCDate(),
    weekday: (date.getUTCDay() + 6) % 7,
    daysInMonth: dayNumber(year, month + 1) - dayNumber(year, month),
    dayOfYear: number - dayNumber(year, 1) + 1,
    daysInYear: dayNumber(year + 1, 1) - dayNumber(year, 1),
  };
}

/** The first day of a month; month 13 is January of the next year. */
function dayNumber(year: number, month: number): number {
  return new Date(0).setUTCFullYear(year, month - 1, 1) / DAY;
}
