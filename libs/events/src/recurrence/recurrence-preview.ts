import { wallTimeOf } from '#kernel';
import { Temporal } from 'temporal-polyfill';
import type { Occurrence } from './recurrence.ts';

/** What people should know of the clock on the day of each occurrence, in words; null where there is nothing to say. */
export function clockNotes(occurrences: readonly Occurrence[], timeZone: string): (string | null)[] {
  return occurrences.map(({ key, startsAt }, index) => {
    const previous = occurrences[index - 1];
    const changed = previous && offsetOf(previous.startsAt, timeZone) !== offsetOf(startsAt, timeZone);
    const notes = [
      hourNote(key, startsAt, timeZone),
      changed &&
        `From this date on the clocks show UTC${offsetOf(startsAt, timeZone)}, before it was UTC${offsetOf(previous.startsAt, timeZone)}: whoever lives elsewhere may find it an hour off.`,
    ];
    return notes.filter(Boolean).join(' ') || null;
  });
}

function hourNote(key: string, startsAt: Date, timeZone: string): string | null {
  const shown = wallTimeOf(startsAt, timeZone);
  const time = key.slice(11);
  if (shown !== key) return `The clocks skip ${time} that night, so it begins at ${shown.slice(11)}.`;
  const wall = Temporal.PlainDateTime.from(key);
  const [first, second] = (['earlier', 'later'] as const).map(
    (disambiguation) => wall.toZonedDateTime(timeZone, { disambiguation }).epochMilliseconds,
  );
  return first === second ? null : `The clocks show ${time} twice that night; it begins the first time.`;
}

function offsetOf(instant: Date, timeZone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO(timeZone).offset;
}
