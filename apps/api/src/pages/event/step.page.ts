import { html, type Actor, type Refusal } from '#kernel';
import type { PublicPage } from '../frame.ts';
import { TEXTS } from '../texts.ts';
import { elementOf, summary } from './form-errors.ts';
import type { Held } from './held.ts';
import { spoken } from './refusals.ts';
import type { Asking } from './steps.ts';

/** Asks before anything is changed: a link can be opened by accident, or by a program. */
export function stepPage(
  asking: Asking,
  about: { held: Held; step: string; visitor: Actor; refusals: Refusal[] },
): PublicPage {
  const { title, lead, fields, button, otherwise = { words: TEXTS.manage.back, step: '' } } = asking;
  const { held, step, visitor, refusals } = about;
  const other = html`<a class="button quiet" href="/manage/${held.token}${otherwise.step}">${otherwise.words}</a>`;
  const action = `/manage/${held.token}/${step}`;
  return {
    title,
    visitor,
    narrow: true,
    body: html`<div class="sheet key">
      <h1>${title}</h1>
      <p class="lead">${lead}</p>
      ${summary(refusals, held.event)}
      ${
        fields
          ? html`<form method="post" action="${action}">
              ${fields}
              <div class="actions"><button type="submit">${button}</button> ${other}</div>
            </form>`
          : html`<div class="actions">
              ${button && html`<form method="post" action="${action}"><button type="submit">${button}</button></form>`}
              ${other}
            </div>`
      }
    </div>`,
  };
}

/** For what could not be done, and that no field of a form is to blame for. */
export function refusedPage({ token, event }: Held, refusals: Refusal[], visitor: Actor): PublicPage {
  return {
    title: TEXTS.steps.refused,
    visitor,
    narrow: true,
    body: html`<h1>${TEXTS.steps.refused}</h1>
      <div role="alert">
        ${refusals.map(({ code, message }) => html`<p class="lead">${spoken(code, message, event)}</p>`)}
      </div>
      <p class="actions"><a class="button" href="/manage/${token}">${TEXTS.manage.back}</a></p>`,
  };
}

/** The link that led here opens nothing any more, so there is no page to go back to. */
export function newLinkPage({ event }: Held, visitor: Actor): PublicPage {
  return {
    title: TEXTS.steps.newLinkSent,
    visitor,
    narrow: true,
    body: html`<h1>${TEXTS.steps.newLinkSent}</h1>
      <p class="lead">${TEXTS.steps.newLinkSentLead}</p>
      <p class="actions">
        <a class="button quiet" href="/events/${encodeURIComponent(event.slug)}">${TEXTS.manage.toEvent}</a>
      </p>`,
  };
}

/** Whether the fields of a form are to blame for every refusal. */
export function blamesFields(refusals: Refusal[]): boolean {
  return refusals.every(({ field }) => elementOf(field)?.startsWith('answer-'));
}
