import { html, type Html, type Refusal } from '#kernel';
import { Pool, type Event } from '#events';
import { hasRoom, refusalFor, seatsFree, seatsOf } from '#registration';
import { TEXTS } from '../texts.ts';
import { spoken } from './refusals.ts';

/** What stands in the form: what was typed, and what has to be changed about it. */
export interface Filled {
  name: string;
  email: string;
  pool: Pool | null;
  /** Made up once per page shown: sending a form twice asks once. */
  idempotencyKey: string;
  refusals: Refusal[];
}

const FIELDS = new Set(['name', 'email', 'pool']);

/** Refusals that need no words here: a draft has no form yet, and what is over or off says so at the top of its page. */
const SAID_ELSEWHERE = new Set(['NOT_FOUND', 'EVENT_OVER', 'EVENT_CANCELLED']);

/** How to come to the event: the form, or why there is none. */
export function registerSection(event: Event, now: Date, filled: Filled): Html | null {
  const closed = refusalFor(event, now);
  if (closed && SAID_ELSEWHERE.has(closed.code)) return null;
  const full = !event.pools().some((pool) => hasRoom(seatsOf(event, pool)));
  return html`<section class="sheet key" id="register" aria-labelledby="register-heading">
    <h2 id="register-heading">${headingOf(closed !== null, full)}</h2>
    ${closed ? html`<p>${spoken(closed.code, closed.message, event)}</p>` : form(event, filled, full)}
  </section>`;
}

function headingOf(closed: boolean, full: boolean): string {
  if (closed) return TEXTS.register.headingClosed;
  return full ? TEXTS.register.headingFull : TEXTS.register.heading;
}

function form(event: Event, filled: Filled, full: boolean): Html {
  const text = TEXTS.register;
  const pools = event.pools();
  const [only] = pools;
  return html`${pools.length === 1 && only && html`<p class="badge ${hasRoom(seatsOf(event, only)) && 'good'}">${seatsLine(event, only)}</p>`}
    ${full && html`<p>${text.full}</p>`} ${summary(filled, event)}
    <form method="post" action="/events/${encodeURIComponent(event.slug)}/register#register">
      <input type="hidden" name="idempotencyKey" value="${filled.idempotencyKey}" />
      <label for="name">${text.name}</label>
      <input
        id="name"
        name="name"
        autocomplete="name"
        required
        maxlength="120"
        value="${filled.name}"
        ${marks(filled, 'name')}
      />
      ${error(filled, 'name', event)}
      <label for="email">${text.email}</label>
      <input
        id="email"
        name="email"
        type="email"
        autocomplete="email"
        required
        maxlength="254"
        value="${filled.email}"
        ${marks(filled, 'email', 'email-hint')}
      />
      ${error(filled, 'email', event)}
      <p class="hint" id="email-hint">${text.emailHint}</p>
      ${pools.length > 1 && poolChoice(event, filled)}
      <button type="submit">${full ? text.buttonFull : text.button}</button>
    </form>`;
}

function poolChoice(event: Event, filled: Filled): Html {
  return html`<fieldset
    id="pool"
    ${filled.refusals.some(({ field }) => field === 'pool') && html`aria-describedby="pool-error"`}
  >
    <legend>${TEXTS.register.pool}</legend>
    ${error(filled, 'pool', event)}
    ${event.pools().map(
      (pool) =>
        html`<label class="choice">
          <input type="radio" name="pool" value="${pool}" required ${filled.pool === pool && html`checked`} />
          <span>${TEXTS.seats[pool]} <span>${seatsLine(event, pool)}</span></span>
        </label>`,
    )}
  </fieldset>`;
}

function seatsLine(event: Event, pool: Pool): string {
  const seats = seatsOf(event, pool);
  if (!hasRoom(seats)) return `${TEXTS.seats.full}: ${TEXTS.seats.waiting(seats.waiting)}`;
  return seats.capacity === null ? TEXTS.seats.unlimited : TEXTS.seats.left(seatsFree(seats));
}

/** All refusals above the form, each leading to its field, so that nobody has to search (WCAG 3.3.1). */
function summary({ refusals }: Filled, event: Event): Html | null {
  if (refusals.length === 0) return null;
  return html`<div class="notice bad" role="alert">
    <p><strong>${refusals.length === 1 ? TEXTS.register.fixOne : TEXTS.register.fix}</strong></p>
    <ul>
      ${refusals.map(({ code, field, message }) => {
        const words = spoken(code, message, event);
        return html`<li>${field && FIELDS.has(field) ? html`<a href="#${field}">${words}</a>` : words}</li>`;
      })}
    </ul>
  </div>`;
}

function error({ refusals }: Filled, field: string, event: Event): Html | null {
  const refusal = refusals.find((one) => one.field === field);
  return refusal
    ? html`<p class="error" id="${field}-error">${spoken(refusal.code, refusal.message, event)}</p>`
    : null;
}

function marks({ refusals }: Filled, field: string, hint?: string): Html | null {
  const wrong = refusals.some((refusal) => refusal.field === field);
  const described = [wrong && `${field}-error`, hint].filter(Boolean).join(' ');
  return html`${wrong && html`aria-invalid="true"`} ${described && html`aria-describedby="${described}"`}`;
}
