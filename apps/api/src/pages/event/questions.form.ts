import { html, type Html } from '#kernel';
import { QuestionKind, type Event, type Question } from '#events';
import { TEXTS } from '../texts.ts';
import type { Answering } from './filled.ts';
import { error, groupMarks, marks } from './form-errors.ts';

/** From so many options on they are chosen from a list that opens, or a phone would scroll for long. */
const MANY_OPTIONS = 9;

/** One question about to be drawn, with all that its field depends on. */
interface Asked extends Answering {
  event: Event;
  question: Question;
  /** Id of the element, and name of the field. */
  id: string;
}

/** What the event asks, as fields of a form. */
export function questionFields(event: Event, answering: Answering): Html {
  return html`${event.questions.map(
    (question) =>
      html`<div class="field">
        <input type="hidden" name="asked" value="${question.id}" />
        ${FIELDS[question.kind]({ ...answering, event, question, id: `answer-${question.id}` })}
      </div>`,
  )}`;
}

/** Whether a field has to be filled in, in a word: a colour or a star would not tell everybody. */
export function need(required: boolean): Html {
  return html`<span class="need">${required ? TEXTS.register.required : TEXTS.register.optional}</span>`;
}

const FIELDS: Record<QuestionKind, (asked: Asked) => Html> = {
  SHORT_TEXT: (asked) => html`${label(asked)}<input ${textMarks(asked)} maxlength="200" value="${valueOf(asked)}" />`,
  LONG_TEXT: (asked) =>
    html`${label(asked)}<textarea ${textMarks(asked)} rows="4" maxlength="4000">${valueOf(asked)}</textarea>`,
  ONE_CHOICE: (asked) =>
    asked.question.options.length < MANY_OPTIONS
      ? group(asked, 'radio', worded(asked.question.options, asked))
      : html`${label(asked)}<select ${textMarks(asked)}>
            <option value="">${asked.question.required ? TEXTS.register.choose : TEXTS.register.noAnswer}</option>
            ${asked.question.options.map(
              (option) =>
                html`<option value="${option}" ${valueOf(asked) === option && html`selected`}>${option}</option>`,
            )}
          </select>`,
  MANY_CHOICES: (asked) => group(asked, 'checkbox', worded(asked.question.options, asked)),
  YES_NO: (asked) =>
    group(asked, 'radio', [
      ['yes', html`${TEXTS.register.yes}`],
      ['no', html`${TEXTS.register.no}`],
    ]),
  CONSENT: consent,
};

function label({ question, event, refusals, id }: Asked): Html {
  return html`<label for="${id}">${words(question.label, event)} ${need(question.required)}</label>
    ${help(question, event, id)} ${error(refusals, id, event)}`;
}

function help({ help: text }: Question, event: Event, id: string): Html | null {
  return text ? html`<p class="hint" id="${id}-hint">${words(text, event)}</p>` : null;
}

function textMarks({ question, refusals, id }: Asked): Html {
  return html`id="${id}" name="${id}" ${question.required && html`required`}
  ${marks(refusals, id, question.help !== null)}`;
}

function group(asked: Asked, type: 'radio' | 'checkbox', options: [value: string, words: Html][]): Html {
  const { question, event, refusals, typed, id } = asked;
  const chosen = typed.get(question.id) ?? [];
  // What was chosen among these once cannot be unchosen otherwise.
  const none: typeof options = type === 'radio' && !question.required ? [['', html`${TEXTS.register.noAnswer}`]] : [];
  return html`<fieldset id="${id}" ${groupMarks(refusals, id, question.help !== null)}>
    <legend>${words(question.label, event)} ${need(question.required)}</legend>
    ${help(question, event, id)} ${error(refusals, id, event)}
    ${[...options, ...none].map(
      ([value, shown]) =>
        html`<label class="choice">
          <input
            type="${type}"
            name="${id}"
            value="${value}"
            ${type === 'radio' && question.required && html`required`}
            ${chosen.includes(value) && html`checked`}
          />
          <span>${shown}</span>
        </label>`,
    )}
  </fieldset>`;
}

function consent({ question, event, refusals, typed, id }: Asked): Html {
  const given = typed.get(question.id)?.includes('yes');
  return html`<label class="choice">
      <input
        type="checkbox"
        id="${id}"
        name="${id}"
        value="yes"
        ${question.required && html`required`}
        ${given && html`checked`}
        ${marks(refusals, id, question.help !== null)}
      />
      <span>${words(question.label, event)} ${need(question.required)}</span>
    </label>
    ${help(question, event, id)} ${error(refusals, id, event)}`;
}

function valueOf({ question, typed }: Asked): string {
  return typed.get(question.id)?.[0] ?? '';
}

function worded(options: string[], { event }: Asked): [string, Html][] {
  return options.map((option) => [option, words(option, event)]);
}

/** The organizers' words, in the language of the event. */
function words(text: string, { language }: Event): Html {
  return html`<span lang="${language}" dir="auto">${text}</span>`;
}
