import { html, type Html, type Refusal } from '#kernel';
import type { Event } from '#events';
import { TEXTS } from '../texts.ts';
import { spoken } from './refusals.ts';

const FIELDS = new Set(['name', 'email', 'pool', 'guests']);

/** The id of the element that shows a field of the API; null for those that no form shows. */
export function elementOf(field: string | null): string | null {
  const [, question] = /^answers\.([\w-]+)$/.exec(field ?? '') ?? [];
  if (question) return `answer-${question}`;
  const [, guest] = /^guests\.(\d+)\.name$/.exec(field ?? '') ?? [];
  if (guest) return `guest-${Number(guest) + 1}`;
  return field && FIELDS.has(field) ? field : null;
}

/** All refusals above the form, each leading to its field, so that nobody has to search (WCAG 3.3.1). */
export function summary(refusals: Refusal[], event: Event): Html | null {
  if (refusals.length === 0) return null;
  return html`<div class="notice bad" role="alert">
    <p><strong>${refusals.length === 1 ? TEXTS.register.fixOne : TEXTS.register.fix}</strong></p>
    <ul>
      ${refusals.map((refusal) => {
        const [element, words] = [elementOf(refusal.field), inWords(refusal, event)];
        return html`<li>${element ? html`<a href="#${element}">${words}</a>` : words}</li>`;
      })}
    </ul>
  </div>`;
}

/** What is wrong with a field, beside it. */
export function error(refusals: Refusal[], element: string, event: Event): Html | null {
  const refusal = refusals.find(({ field }) => elementOf(field) === element);
  return refusal
    ? html`<p class="error" id="${element}-error">${spoken(refusal.code, refusal.message, event)}</p>`
    : null;
}

/** Tells programs that read aloud what is wrong with a field, and what to know about it. */
export function marks(refusals: Refusal[], element: string, hint = false): Html {
  const wrong = refusals.some(({ field }) => elementOf(field) === element);
  return html`${wrong && html`aria-invalid="true"`} ${described(wrong, element, hint)}`;
}

/** The same for a group of fields, which as a whole cannot be wrong in the eyes of ARIA. */
export function groupMarks(refusals: Refusal[], element: string, hint = false): Html | null {
  const wrong = refusals.some(({ field }) => elementOf(field) === element);
  return described(wrong, element, hint);
}

function described(wrong: boolean, element: string, hint: boolean): Html | null {
  const ids = [wrong && `${element}-error`, hint && `${element}-hint`].filter(Boolean).join(' ');
  return ids ? html`aria-describedby="${ids}"` : null;
}

/** In a list of refusals “this question” must say which. */
function inWords({ code, field, message }: Refusal, event: Event): string {
  const question = event.questions.find(({ id }) => field === `answers.${id}`);
  const words = spoken(code, message, event);
  return question ? `${question.label} ${words}` : words;
}
