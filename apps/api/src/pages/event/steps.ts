import type { Actor, Html } from '#kernel';
import { EventState, type Pool } from '#events';
import {
  RegistrationState,
  hasRoom,
  seatsOf,
  type OwnRegistrationService,
  type RegistrationService,
} from '#registration';
import { TEXTS } from '../texts.ts';
import type { Answering, GivenAnswers } from './filled.ts';
import { asksMore, otherPool, stands, type Held } from './held.ts';
import { questionFields } from './questions.form.ts';

/** What is asked before something is done with a registration. */
export interface Asking {
  title: string;
  /** What follows from it. */
  lead: string;
  /** Fields to fill in. */
  fields?: Html | null;
  /** The words on the button; none where it cannot be done now. */
  button: string | null;
  /** Another answer than the one on the button, and where it leads. */
  otherwise?: { words: string; step: string };
}

/** Something the holder of a registration can do with it: asked by a page, done by its button. */
export interface Step {
  /** Null where there is nothing to do: then the page of the registration says how things stand. */
  ask: (held: Held, answering: Answering) => Asking | null;
  act: (does: Doing, actor: Actor, held: Held, answers: GivenAnswers) => Promise<unknown>;
}

/** What does the steps. */
export interface Doing {
  own: OwnRegistrationService;
  registrations: RegistrationService;
}

const accept: Step = {
  ask: (held, answering) => {
    if (!stands(held) || held.registration.state !== RegistrationState.OFFERED) return null;
    const { event, guests } = held;
    const fields = asksMore(held) || answering.refusals.length > 0 ? questionFields(event, answering) : null;
    return {
      title: TEXTS.manage.offered(guests.length),
      lead: fields ? TEXTS.steps.acceptAnswers : TEXTS.steps.acceptLead(event.title),
      fields,
      button: guests.length > 0 ? TEXTS.manage.acceptParty : TEXTS.manage.accept,
      otherwise: { words: guests.length > 0 ? TEXTS.manage.declineParty : TEXTS.manage.decline, step: '/cancel' },
    };
  },
  act: ({ own }, actor, { token: manageToken }, answers) => own.acceptOffer(actor, { manageToken, answers }),
};

const answers: Step = {
  ask: (held, answering) => {
    if (!stands(held) || held.event.questions.length === 0) return null;
    return {
      title: TEXTS.steps.answers,
      lead: held.event.title,
      fields: questionFields(held.event, answering),
      button: TEXTS.steps.save,
    };
  },
  act: ({ own }, actor, { token: manageToken }, given) => own.updateAnswers(actor, { manageToken, answers: given }),
};

const switchPool: Step = {
  ask: (held) => {
    const to = otherPool(held);
    return to && stands(held) ? switchAsking(held, to) : null;
  },
  act: async ({ own }, actor, held) => {
    const pool = otherPool(held);
    if (pool) await own.switchPool(actor, { manageToken: held.token, pool });
  },
};

function switchAsking({ registration: { state }, event, guests }: Held, to: Pool): Asking {
  const text = TEXTS.steps;
  const title = text.switchTo[to];
  const room = state === RegistrationState.PENDING || hasRoom(seatsOf(event, to), 1 + guests.length);
  if (!room) return { title, lead: text.switchFull, button: null };
  const seat = text.switchSeat(guests.length);
  const follows = { CONFIRMED: seat, OFFERED: seat, WAITLISTED: text.switchWaiting, PENDING: '', CANCELLED: '' }[state];
  return { title, lead: `${text.switchLead[to]} ${follows}`, button: text.switchYes[to] };
}

const coming: Step = {
  ask: (held) => {
    const { registration, event } = held;
    if (!stands(held) || registration.state !== RegistrationState.CONFIRMED || registration.stillComingAt) return null;
    return {
      title: TEXTS.steps.coming,
      lead: TEXTS.steps.comingLead(event.title),
      button: TEXTS.manage.comingYes,
      otherwise: { words: TEXTS.steps.comingNo, step: '/cancel' },
    };
  },
  act: ({ own }, actor, { token: manageToken }) => own.confirmComing(actor, { manageToken }),
};

const newLink: Step = {
  ask: () => ({
    title: TEXTS.steps.newLink,
    lead: TEXTS.steps.newLinkLead,
    button: TEXTS.steps.newLinkYes,
    otherwise: { words: TEXTS.steps.no, step: '' },
  }),
  act: ({ own }, actor, { token: manageToken }) => own.rotateManageLink(actor, { manageToken }),
};

const cancel: Step = {
  ask: ({ registration: { state }, event, guests }) => {
    const text = TEXTS.cancel;
    const otherwise = { words: text.no, step: '' };
    const words = {
      CONFIRMED: { title: text.title, lead: text.lead(event.title, guests.length), button: text.yes },
      OFFERED: { title: text.decline, lead: text.lead(event.title, guests.length), button: text.yesDecline },
      WAITLISTED: { title: text.leave, lead: text.leaveLead(event.title), button: text.yesLeave },
      PENDING: { title: text.takeBack, lead: text.takeBackLead(event.title), button: text.yesTakeBack },
      CANCELLED: null,
    }[state];
    return words && event.state !== EventState.CANCELLED ? { ...words, otherwise } : null;
  },
  act: ({ registrations }, actor, { token: manageToken }) => registrations.cancel(actor, { manageToken }),
};

/** All there is to do with a registration, by the last part of its address. */
export const STEPS: ReadonlyMap<string, Step> = new Map([
  ['accept', accept],
  ['answers', answers],
  ['switch', switchPool],
  ['coming', coming],
  ['new-link', newLink],
  ['cancel', cancel],
]);
