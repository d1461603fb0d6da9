import { html, type Html } from '#kernel';
import { EventFormat, EventState, type Event, type Venue } from '#events';
import { hasRoom, refusalFor, seatsFree, seatsOf } from '#registration';
import type { ListedEvent } from './pages.queries.ts';
import { TEXTS } from './texts.ts';
import { dayLeaf, timeLine } from './when.ts';

/** From here on the number of seats is worth a word: before, it would only press people. */
const FEW_SEATS = 10;

/** Events one under the other, each a way to its page. */
export function eventList(events: ListedEvent[], now: Date, told: { group: boolean }): Html {
  return html`<ul class="events">
    ${events.map(({ event, group, venue }) => {
      const place = placeOf(event, venue);
      return html`<li class="event">
        ${dayLeaf(event)}
        <div>
          <h3>
            <a href="/events/${encodeURIComponent(event.slug)}" lang="${event.language}" dir="auto"
              >${titleOf(event)}</a
            >
          </h3>
          <p>${timeLine(event)}</p>
          <p class="soft" dir="auto">${told.group ? `${group.name} · ${place}` : place}</p>
          ${badge(event, now)}
        </div>
      </li>`;
    })}
  </ul>`;
}

/** The title, crossed out where the event will not take place. */
export function titleOf(event: Event): Html {
  return event.state === EventState.CANCELLED ? html`<s>${event.title}</s>` : html`${event.title}`;
}

/** Where it takes place, in a few words. */
export function placeOf(event: Event, venue: Venue | null): string {
  if (event.format === EventFormat.ONLINE || !venue) return TEXTS.event.online;
  return event.format === EventFormat.HYBRID ? `${venue.name} ${TEXTS.event.alsoOnline}` : venue.name;
}

/** The one thing to know about it at a glance, or nothing. */
export function badge(event: Event, now: Date): Html | null {
  if (event.state === EventState.CANCELLED) return html`<p class="badge bad">${TEXTS.event.cancelled}</p>`;
  if (event.state === EventState.FINISHED || event.endsAt <= now) return html`<p class="badge">${TEXTS.event.over}</p>`;
  if (event.startsAt <= now) return html`<p class="badge good">${TEXTS.event.now}</p>`;
  if (refusalFor(event, now)) return null;
  const pools = event.pools().map((pool) => seatsOf(event, pool));
  if (!pools.some(hasRoom)) return html`<p class="badge">${TEXTS.seats.waitlist}</p>`;
  const free = pools.filter(hasRoom).reduce((sum, seats) => sum + seatsFree(seats), 0);
  return free <= FEW_SEATS ? html`<p class="badge good">${TEXTS.seats.left(free)}</p>` : null;
}
