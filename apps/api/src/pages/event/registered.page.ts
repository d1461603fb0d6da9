import { html, seal, unseal, type Actor, type Html } from '#kernel';
import type { Event, Venue } from '#events';
import { RegistrationState } from '#registration';
import { placeOf } from '../event-list.ts';
import type { PublicPage } from '../frame.ts';
import { TEXTS } from '../texts.ts';
import { timeLine } from '../when.ts';

/** What became of a request for a seat. Nothing that opens a door: whoever typed an address need not be its owner. */
export interface Answer {
  eventId: string;
  state: RegistrationState;
  /** Place in line, 1 being next; null for those who do not wait. */
  position: number | null;
}

/** The answer as it stands in an address: readable by us only, and made by nobody else. */
export function sealedAnswer(secret: string, answer: Answer): string {
  return seal(secret, JSON.stringify(answer));
}

/** The answer for this event, or null for anything that we did not seal. */
export function answerOf(secret: string, sealed: unknown, eventId: string): Answer | null {
  const opened = typeof sealed === 'string' ? unseal(secret, sealed) : null;
  const answer = opened ? (JSON.parse(opened) as Answer) : null;
  return answer?.eventId === eventId ? answer : null;
}

/** What follows the form. */
export function registeredPage(answer: Answer, event: Event, venue: Venue | null, visitor: Actor): PublicPage {
  const path = `/events/${encodeURIComponent(event.slug)}`;
  const { title, body } = words(answer, event);
  return {
    title,
    visitor,
    narrow: true,
    body: html`<div class="sheet key">
      <h1>${title}</h1>
      ${body}
      <dl>
        <div>
          <dt>${TEXTS.event.when}</dt>
          <dd>${timeLine(event)}</dd>
        </div>
        <div>
          <dt>${TEXTS.event.where}</dt>
          <dd dir="auto">${placeOf(event, venue)}</dd>
        </div>
      </dl>
      <p class="actions">
        <a class="button quiet" href="${path}"
          >${answer.state === RegistrationState.CANCELLED ? TEXTS.registered.again : TEXTS.registered.back}</a
        >
      </p>
    </div>`,
  };
}

function words({ state, position }: Answer, { title }: Event): { title: string; body: Html } {
  const text = TEXTS.registered;
  const spam = html`<p class="soft">${text.spam}</p>`;
  if (state === RegistrationState.CONFIRMED)
    return {
      title: text.CONFIRMED,
      body: html`<p class="lead">${text.confirmed(title)}</p>
        <p class="notice good">${text.confirmedMail}</p>
        ${spam}`,
    };
  if (state === RegistrationState.WAITLISTED && position !== null)
    return {
      title: text.waitlisted(position),
      body: html`<p class="lead">${text.waitlistedLead(title)}</p>
        <p class="notice">${text.waitlistedMail}</p>
        ${spam}`,
    };
  if (state === RegistrationState.CANCELLED)
    return { title: text.CANCELLED, body: html`<p class="lead">${text.cancelledLead}</p>` };
  if (state === RegistrationState.PENDING)
    return {
      title: text.PENDING,
      body: html`<p class="lead">${text.pendingLead(title)}</p>
        <p class="notice">${text.pendingMail}</p>
        ${spam}`,
    };
  return { title: text.OTHER, body: html`<p class="lead">${text.otherLead(title)}</p>` };
}
