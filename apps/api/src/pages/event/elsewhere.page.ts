import { html, type Actor } from '#kernel';
import type { Event } from '#events';
import type { PublicPage } from '../frame.ts';
import { TEXTS } from '../texts.ts';

/** For a form that was sent from the page of somebody else. */
export function elsewherePage(event: Event, visitor: Actor): PublicPage {
  const text = TEXTS.register;
  return {
    title: text.elsewhere,
    visitor,
    narrow: true,
    body: html`<h1>${text.elsewhere}</h1>
      <p class="lead">${text.elsewhereLead}</p>
      <p class="actions"><a class="button" href="/events/${encodeURIComponent(event.slug)}">${text.toEvent}</a></p>`,
  };
}
