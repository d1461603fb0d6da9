import { html, type Html } from '#kernel';
import { Pool, type Event } from '#events';
import { hasRoom, refusalFor, seatsFree, seatsOf } from '#registration';
import { TEXTS } from '../texts.ts';
import type { Answering } from './filled.ts';
import { error, groupMarks, marks, summary } from './form-errors.ts';
import { guestFields } from './guests.form.ts';
import { need, questionFields } from './questions.form.ts';
import { spoken } from './refusals.ts';

/** What stands in the form: what was typed, and what has to be changed about it. */
export interface Filled extends Answering {
  name: string;
  email: string;
  pool: Pool | null;
  /** Names of those who come along; fields left empty are not in it. */
  guests: string[];
  /** Made up once per page shown: sending a form twice asks once. */
  idempotencyKey: string;
}

/** Refusals that need no words here: a draft has no form yet, and what is over or off says so at the top of its page. */
const SAID_ELSEWHERE = new Set(['NOT_FOUND', 'EVENT_OVER', 'EVENT_CANCELLED']);

/** How to come to the event: the form, or why there is none. */
export function registerSection(event: Event, now: Date, filled: Filled): Html | null {
  const closed = refusalFor(event, now);
  if (closed && SAID_ELSEWHERE.has(closed.code)) return null;
  const full = !event.pools().some((pool) => hasRoom(seatsOf(event, pool)));
  return html`<section class="sheet key" id="register" aria-labelledby="register-heading">
    <h2 id="register-heading">${closed ? TEXTS.register.headingClosed : wordsFor(event, full).heading}</h2>
    ${termsLine(event)}
    ${closed ? html`<p>${spoken(closed.code, closed.message, event)}</p>` : form(event, filled, full)}
  </section>`;
}

/** How this event takes people, where there is something to say about it. */
function termsLine({ approvalRequired, guestLimit }: Event): Html | null {
  const { approval, guestsUpTo } = TEXTS.register;
  if (!approvalRequired && guestLimit === 0) return null;
  return html`<p>
    ${[approvalRequired && approval, guestLimit > 0 && guestsUpTo(guestLimit)].filter(Boolean).join(' ')}
  </p>`;
}

function wordsFor({ approvalRequired }: Event, full: boolean): { heading: string; button: string } {
  const { heading, headingFull, headingAsk, button, buttonFull, buttonAsk } = TEXTS.register;
  if (approvalRequired) return { heading: headingAsk, button: buttonAsk };
  return full ? { heading: headingFull, button: buttonFull } : { heading, button };
}

function form(event: Event, filled: Filled, full: boolean): Html {
  const pools = event.pools();
  const [only] = pools;
  return html`${pools.length === 1 && only && html`<p class="badge ${hasRoom(seatsOf(event, only)) && 'good'}">${seatsLine(event, only)}</p>`}
    ${full && html`<p>${TEXTS.register.full}</p>`} ${summary(filled.refusals, event)}
    <form method="post" action="/events/${encodeURIComponent(event.slug)}/register#register">
      <input type="hidden" name="idempotencyKey" value="${filled.idempotencyKey}" />
      ${personFields(event, filled)} ${pools.length > 1 && poolChoice(event, filled)} ${questionFields(event, filled)}
      ${guestFields(event, filled.guests, filled.refusals)}
      <button type="submit">${wordsFor(event, full).button}</button>
    </form>`;
}

function personFields(event: Event, { name, email, refusals }: Filled): Html {
  const text = TEXTS.register;
  const told = needed(event);
  return html`<label for="name">${text.name} ${told}</label>
    <input
      id="name"
      name="name"
      autocomplete="name"
      required
      maxlength="120"
      value="${name}"
      ${marks(refusals, 'name')}
    />
    ${error(refusals, 'name', event)}
    <label for="email">${text.email} ${told}</label>
    <input
      id="email"
      name="email"
      type="email"
      autocomplete="email"
      required
      maxlength="254"
      value="${email}"
      ${marks(refusals, 'email', true)}
    />
    ${error(refusals, 'email', event)}
    <p class="hint" id="email-hint">${text.emailHint}</p>`;
}

/** Said of our own fields where others follow: where all has to be filled in, nothing need be said. */
function needed({ questions, guestLimit }: Event): Html | null {
  return questions.length > 0 || guestLimit > 0 ? need(true) : null;
}

function poolChoice(event: Event, { pool: chosen, refusals }: Filled): Html {
  return html`<fieldset id="pool" ${groupMarks(refusals, 'pool')}>
    <legend>${TEXTS.register.pool} ${needed(event)}</legend>
    ${error(refusals, 'pool', event)}
    ${event.pools().map(
      (pool) =>
        html`<label class="choice">
          <input type="radio" name="pool" value="${pool}" required ${chosen === pool && html`checked`} />
          <span>${TEXTS.seats[pool]} <span class="soft">${seatsLine(event, pool)}</span></span>
        </label>`,
    )}
  </fieldset>`;
}

/** How many seats of a kind there are, in words. */
function seatsLine(event: Event, pool: Pool): string {
  const seats = seatsOf(event, pool);
  if (!hasRoom(seats)) return `${TEXTS.seats.full}: ${TEXTS.seats.waiting(seats.waiting)}`;
  return seats.capacity === null ? TEXTS.seats.unlimited : TEXTS.seats.left(seatsFree(seats));
}
