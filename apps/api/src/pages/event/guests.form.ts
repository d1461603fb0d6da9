import { html, type Html, type Refusal } from '#kernel';
import type { Event } from '#events';
import { TEXTS } from '../texts.ts';
import { error, groupMarks, marks } from './form-errors.ts';
import { need } from './questions.form.ts';

/** Fields that are shown at once; whoever brings more people opens the rest. */
const SHOWN = 4;

/** Who is brought along. What was typed stays, also where the event takes fewer by now. */
export function guestFields(event: Event, guests: string[], refusals: Refusal[]): Html | null {
  const places = Math.max(event.guestLimit, guests.length);
  if (places === 0) return null;
  const fields = Array.from({ length: places }, (_, index) => guestField(event, index, guests[index] ?? '', refusals));
  const rest = fields.slice(SHOWN);
  return html`<fieldset id="guests" class="field" ${groupMarks(refusals, 'guests', true)}>
    <legend>${TEXTS.register.guests} ${need(false)}</legend>
    <p class="hint" id="guests-hint">${TEXTS.register.guestsHint}</p>
    ${error(refusals, 'guests', event)} ${fields.slice(0, SHOWN)}
    ${
      rest.length > 0 &&
      html`<details ${guests.length > SHOWN && html`open`}>
        <summary>${TEXTS.register.moreGuests(rest.length)}</summary>
        ${rest}
      </details>`
    }
  </fieldset>`;
}

function guestField(event: Event, index: number, name: string, refusals: Refusal[]): Html {
  const id = `guest-${index + 1}`;
  return html`<div class="field">
    <label for="${id}">${TEXTS.register.guest(index + 1)}</label>
    <input id="${id}" name="guest" autocomplete="off" maxlength="120" value="${name}" ${marks(refusals, id)} />
    ${error(refusals, id, event)}
  </div>`;
}
