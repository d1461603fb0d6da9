import { html, type Html } from '#kernel';
import type { Event } from '#events';
import { TEXTS } from './texts.ts';

type Times = Pick<Event, 'startsAt' | 'endsAt' | 'timeZone'>;

const HOURS = { hour: '2-digit', minute: '2-digit' } as const;
const DAY = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' } as const;

/** When it takes place, in its own zone: “Tuesday, 17 March 2026” and “17:00–18:30 WET”, or one range over several days. */
export function whenOf({ startsAt, endsAt, timeZone }: Times): { day: string; hours: string } {
  const day = format(DAY, timeZone);
  if (day.format(startsAt) !== day.format(endsAt))
    return { day: day.formatRange(startsAt, endsAt), hours: hoursOf(startsAt, endsAt, timeZone) };
  return {
    day: day.format(startsAt),
    hours: format({ ...HOURS, timeZoneName: 'short' }, timeZone).formatRange(startsAt, endsAt),
  };
}

/** Both on one line, told to machines as well. */
export function timeLine(event: Times): Html {
  const { day, hours } = whenOf(event);
  return html`<time datetime="${event.startsAt.toISOString()}">${day}, ${hours}</time>`;
}

/** The day as a leaf of a calendar. For the eye only: the line beside it says the same in full. */
export function dayLeaf({ startsAt, timeZone }: Times): Html {
  return html`<div class="day" aria-hidden="true">
    <span>${format({ month: 'short' }, timeZone).format(startsAt)}</span>
    <b>${format({ day: 'numeric' }, timeZone).format(startsAt)}</b>
    <span>${format({ weekday: 'short' }, timeZone).format(startsAt)}</span>
  </div>`;
}

function hoursOf(startsAt: Date, endsAt: Date, timeZone: string): string {
  const hour = format(HOURS, timeZone);
  return `${hour.format(startsAt)} – ${format({ ...HOURS, timeZoneName: 'short' }, timeZone).format(endsAt)}`;
}

function format(options: Intl.DateTimeFormatOptions, timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(TEXTS.locale, { ...options, timeZone });
}
