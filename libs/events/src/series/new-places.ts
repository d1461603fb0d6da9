import { groupedBy } from '#kernel';
import { Temporal } from 'temporal-polyfill';
import type { Recurrence } from '../recurrence/recurrence.ts';

const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];

/** An occurrence and the wall time that its series planned for it. */
interface Placed {
  id: string;
  key: string;
}

/**
 * Which date of a new plan each occurrence of an old one takes, by occurrence; absent for those whose date has gone. Whoever's day is
 * in the new plan keeps it. The others move within their week, month or year (by the frequency of the rule) to a day
 * that nobody has, in order: the Tuesday of a week becomes its Wednesday. They do so only where frequency and interval
 * stay the same, since the third meeting of a weekly group is not the one meeting of a monthly group.
 */
export function newPlaces(
  occurrences: readonly Placed[],
  dates: readonly string[],
  before: Recurrence,
  after: Recurrence,
): Map<string, string> {
  const dateOn = new Map(dates.map((key) => [dayOf(key), key]));
  const places = new Map<string, string>();
  const homeless: Placed[] = [];
  for (const occurrence of [...occurrences].sort((a, b) => a.key.localeCompare(b.key))) {
    const date = dateOn.get(dayOf(occurrence.key));
    if (date === undefined) homeless.push(occurrence);
    else places.set(occurrence.id, date);
  }
  if (before.frequency !== after.frequency || before.interval !== after.interval) return places;
  const taken = new Set(places.values());
  const free = groupedBy(
    dates.filter((key) => !taken.has(key)),
    (key) => periodOf(key, after),
  );
  for (const { id, key } of homeless) {
    const date = free.get(periodOf(key, after))?.shift();
    if (date !== undefined) places.set(id, date);
  }
  return places;
}

/** The week, month or year that a date lies in; a daily rule has but its day. */
function periodOf(key: string, { frequency, weekStart }: Recurrence): string {
  const day = Temporal.PlainDate.from(dayOf(key));
  if (frequency === 'YEARLY') return String(day.year);
  if (frequency === 'MONTHLY') return day.toPlainYearMonth().toString();
  if (frequency === 'DAILY') return day.toString();
  const sinceWeekStart = (day.dayOfWeek - 1 - WEEKDAYS.indexOf(weekStart) + 7) % 7;
  return day.subtract({ days: sinceWeekStart }).toString();
}

function dayOf(key: string): string {
  return key.slice(0, 10);
}
