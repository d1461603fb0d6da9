import { STRANGER, html, spokenDate, type Html } from '#kernel';
import type { Joining } from '#attendance';
import { EventState } from '#events';
import type { PublicPage } from '../frame.ts';
import { TEXTS } from '../texts.ts';

/** The page looks again when the session opens, but not more often than this, so that thousands may wait. */
const SHORTEST_WAIT_SECONDS = 60;
/** Nor more rarely: an organizer may begin earlier than was planned. */
const LONGEST_WAIT_SECONDS = 600;

/** How a waiting page is looked at. */
interface Waiting {
  now: Date;
  /** The path of the personal link. */
  path: string;
  /** Somebody asked the page not to load again by itself (WCAG 2.2.1). */
  still: boolean;
}

/** What a personal link shows as long as it does not lead into the session. */
export function joinPage(joining: Joining, waiting: Waiting): PublicPage {
  const { title, lead, more, head } = PAGES[joining.state](joining, waiting);
  const { event } = joining;
  return {
    title,
    visitor: STRANGER, // the link is the only proof it needs, and a page that loads again by itself need not ask who looks
    narrow: true,
    head: head ?? html``,
    body: html`<div class="sheet key">
      <p class="eyebrow" lang="${event.language}" dir="auto">${event.title}</p>
      <h1>${title}</h1>
      <p class="lead">${lead}</p>
      ${more}
    </div>`,
  };
}

type Words = { title: string; lead: string; more: Html | null; head?: Html | null };

const PAGES: Record<Joining['state'], (joining: Joining, waiting: Waiting) => Words> = {
  WAITING: ({ event, opensAt }, waiting) => ({
    title: TEXTS.join.waiting,
    lead: TEXTS.join.waitingLead(spokenDate(opensAt, event.timeZone, TEXTS.locale)),
    ...lookingAgain(waiting, (opensAt.getTime() - waiting.now.getTime()) / 1000),
  }),
  OPEN: (_, { path }) => ({
    title: TEXTS.join.open,
    lead: TEXTS.join.openLead,
    more: html`<p class="actions"><a class="button" href="${path}">${TEXTS.join.openButton}</a></p>`,
  }),
  NO_URL: (_, waiting) => ({
    title: TEXTS.join.noUrl,
    lead: TEXTS.join.noUrlLead,
    ...lookingAgain(waiting, SHORTEST_WAIT_SECONDS),
  }),
  OVER: ({ event }) => {
    const called = event.state === EventState.CANCELLED;
    return {
      title: called ? TEXTS.manage.eventCancelled : TEXTS.join.over,
      lead: called ? (event.cancelReason ?? TEXTS.event.cancelledLong) : TEXTS.join.overLead,
      more: event.recordingUrl
        ? html`<p class="actions"><a class="button" href="${event.recordingUrl}">${TEXTS.event.recording}</a></p>`
        : toEvent(event.slug),
    };
  },
  NO_SEAT: ({ event }) => ({ title: TEXTS.join.noSeat, lead: TEXTS.join.noSeatLead, more: toEvent(event.slug) }),
};

/** Looks again by itself, unless asked not to. What it shows then waits for a hand: a page left open joins nothing. */
function lookingAgain({ path, still }: Waiting, seconds: number): { more: Html; head: Html | null } {
  const wait = Math.ceil(Math.min(Math.max(seconds, SHORTEST_WAIT_SECONDS), LONGEST_WAIT_SECONDS));
  return {
    head: still ? null : html`<meta http-equiv="refresh" content="${wait};url=${path}?look" />`,
    more: html`${!still && html`<p>${TEXTS.join.waitingHint}</p>`}
      <p class="actions">
        <a class="button" href="${path}">${TEXTS.join.again}</a>
        ${!still && html`<a class="button quiet" href="${path}?still">${TEXTS.join.still}</a>`}
      </p>`,
  };
}

function toEvent(slug: string): Html {
  return html`<p class="actions">
    <a class="button" href="/events/${encodeURIComponent(slug)}">${TEXTS.manage.toEvent}</a>
  </p>`;
}
