import { html, type Actor, type Html } from '#kernel';
import { EventState, Pool, type Event, type Venue } from '#events';
import { RegistrationState, type Registration } from '#registration';
import { placeOf, titleOf } from '../event-list.ts';
import type { PublicPage } from '../frame.ts';
import { TEXTS } from '../texts.ts';
import { whenOf } from '../when.ts';

/** A registration as its holder sees it. */
export interface Held {
  registration: Registration;
  event: Event;
  venue: Venue | null;
  /** Place in line, 1 being next; null for those who do not wait. */
  position: number | null;
  /** The secret of the manage link. */
  token: string;
}

/** Somebody's own registration: what became of it, the ticket, and the way out. */
export function managePage(held: Held, visitor: Actor): PublicPage {
  const { registration, event, venue } = held;
  const { day, hours } = whenOf(event);
  const standing = standingOf(held);
  const eventPath = `/events/${encodeURIComponent(event.slug)}`;
  return {
    title: TEXTS.manage.title,
    visitor,
    narrow: true,
    body: html`<div class="stack">
      <div class="sheet key">
        <p class="eyebrow soft">${TEXTS.manage.hello(registration.name)}</p>
        <h1>${standing.title}</h1>
        <p class="lead">${standing.lead}</p>
        <dl>
          <div>
            <dt>${TEXTS.manage.what}</dt>
            <dd lang="${event.language}" dir="auto"><a href="${eventPath}">${titleOf(event)}</a></dd>
          </div>
          <div>
            <dt>${TEXTS.event.when}</dt>
            <dd>
              <time datetime="${event.startsAt.toISOString()}"><b>${day}</b><br />${hours}</time>
              <p class="soft">${TEXTS.event.zone(event.timeZone)}</p>
            </dd>
          </div>
          <div>
            <dt>${TEXTS.event.where}</dt>
            <dd dir="auto">
              ${registration.pool === Pool.ONLINE ? TEXTS.event.online : html`<b>${placeOf(event, venue)}</b><br />${venue?.address}`}
            </dd>
          </div>
        </dl>
        ${standing.live && registration.state === RegistrationState.CONFIRMED && seat(held)}
      </div>
      ${standing.live && registration.state !== RegistrationState.CANCELLED && wayOut(held)}
      ${
        registration.state === RegistrationState.CANCELLED &&
        standing.live &&
        html`<p class="actions"><a class="button quiet" href="${eventPath}">${TEXTS.manage.again}</a></p>`
      }
      <p class="soft">${TEXTS.manage.keepSecret}</p>
    </div>`,
  };
}

/** Asks before anything is given up: a link can be opened by accident, or by a program. */
export function cancelPage({ registration, event, token }: Held, visitor: Actor): PublicPage {
  const text = TEXTS.cancel;
  const seated = registration.state === RegistrationState.CONFIRMED;
  return {
    title: seated ? text.title : text.leave,
    visitor,
    narrow: true,
    body: html`<div class="sheet key">
      <h1>${seated ? text.title : text.leave}</h1>
      <p class="lead">${seated ? text.lead(event.title) : text.leaveLead(event.title)}</p>
      <div class="actions">
        <form method="post" action="/manage/${token}/cancel">
          <button type="submit">${seated ? text.yes : text.yesLeave}</button>
        </form>
        <a class="button quiet" href="/manage/${token}">${text.no}</a>
      </div>
    </div>`,
  };
}

/** For a cancellation that came too late. */
export function notCancelledPage({ token }: Held, reason: string, visitor: Actor): PublicPage {
  return {
    title: TEXTS.cancel.refused,
    visitor,
    narrow: true,
    body: html`<h1>${TEXTS.cancel.refused}</h1>
      <p class="lead" role="alert">${reason}</p>
      <p class="actions"><a class="button" href="/manage/${token}">${TEXTS.manage.title}</a></p>`,
  };
}

/** How things stand, in words; `live` while there is anything to be done about it. */
function standingOf({ registration: { state }, event, position }: Held): {
  title: string;
  lead: string;
  live: boolean;
} {
  const text = TEXTS.manage;
  if (event.state === EventState.CANCELLED)
    return { title: text.eventCancelled, lead: event.cancelReason ?? TEXTS.event.cancelledLong, live: false };
  if (event.state === EventState.FINISHED) return { title: text.over, lead: text.overLead, live: false };
  if (state === RegistrationState.CONFIRMED) return { title: text.CONFIRMED, lead: text.confirmedLead, live: true };
  if (state === RegistrationState.CANCELLED) return { title: text.CANCELLED, lead: text.cancelledLead, live: true };
  if (state !== RegistrationState.WAITLISTED) return { title: text.OTHER, lead: '', live: true };
  return {
    title: position === null ? text.WAITLISTED : text.waitlisted(position),
    lead: text.waitlistedLead,
    live: true,
  };
}

function seat({ registration, event }: Held): Html {
  const text = TEXTS.manage;
  if (registration.pool === Pool.ONLINE)
    return html`<div class="ticket">
      ${event.joinUrl && html`<p><a class="button" href="${event.joinUrl}" rel="noreferrer">${text.join}</a></p>`}
      <p class="soft">${text.joinLead}</p>
      <p>${text.ticket}: <b>${registration.ticketCode}</b></p>
    </div>`;
  return html`<div class="ticket">
    <h2>${text.ticket}</h2>
    <p class="code">${registration.ticketCode}</p>
    <p class="soft">${text.ticketLead}</p>
  </div>`;
}

function wayOut({ registration, token }: Held): Html {
  const text = TEXTS.manage;
  const seated = registration.state === RegistrationState.CONFIRMED;
  return html`<section>
    <h2>${text.plans}</h2>
    <p>${seated ? text.plansLead : text.leaveLead}</p>
    <p class="actions">
      <a class="button quiet" href="/manage/${token}/cancel">${seated ? text.cancel : text.leave}</a>
    </p>
  </section>`;
}
