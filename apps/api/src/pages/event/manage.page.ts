import { html, spokenDate, type Actor, type Html } from '#kernel';
import type { JoinState } from '#attendance';
import { Pool, hasOptions, type Question } from '#events';
import { RegistrationState } from '#registration';
import { placeOf, titleOf } from '../event-list.ts';
import type { PublicPage } from '../frame.ts';
import { TEXTS } from '../texts.ts';
import { whenOf } from '../when.ts';
import { asksMore, otherPool, stands, type Held } from './held.ts';
import { standingOf } from './standing.ts';
import { tickets } from './ticket.ts';

/** The own way into the online session, for the holder and for each guest. */
export interface WayIn {
  state: JoinState;
  opensAt: Date;
  path: string;
  guests: { name: string; path: string }[];
}

/** How long before the start people are asked whether they still come; the mail that asks goes out then too. */
const ASKED_HOURS = 48;

/** Somebody's own registration: what became of it, the ticket, and what they can do about it. */
export function managePage(
  held: Held,
  about: { visitor: Actor; secret: string; now: Date; wayIn: WayIn | null },
): PublicPage {
  const { registration, event } = held;
  const { title, lead } = standingOf(held);
  const confirmed = stands(held) && registration.state === RegistrationState.CONFIRMED;
  return {
    title: TEXTS.manage.title,
    visitor: about.visitor,
    narrow: true,
    body: html`<div class="stack">
      <div class="sheet key">
        <p class="eyebrow soft" dir="auto">${TEXTS.manage.hello(registration.name)}</p>
        <h1>${title}</h1>
        <p class="lead">${lead}</p>
        ${stands(held) && registration.state === RegistrationState.OFFERED && offer(held)} ${facts(held)}
        ${about.wayIn && wayIn(about.wayIn, held)}
        ${confirmed && registration.pool === Pool.IN_PERSON && tickets(held, about.secret)}
      </div>
      ${confirmed && coming(held, about.now)} ${stands(held) && answers(held, about.now)}
      ${stands(held) && plans(held, about.now)}
      ${
        registration.state === RegistrationState.CANCELLED &&
        event.endsAt > about.now &&
        html`<p class="actions">
          <a class="button quiet" href="/events/${encodeURIComponent(event.slug)}">${TEXTS.manage.again}</a>
        </p>`
      }
      ${ownLink(held)}
    </div>`,
  };
}

function facts({ registration, event, venue, guests }: Held): Html {
  const { day, hours } = whenOf(event);
  return html`<dl>
    <div>
      <dt>${TEXTS.manage.what}</dt>
      <dd lang="${event.language}" dir="auto">
        <a href="/events/${encodeURIComponent(event.slug)}">${titleOf(event)}</a>
      </dd>
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
        ${registration.pool === Pool.ONLINE ? TEXTS.event.online : html`<b>${venue?.name ?? placeOf(event, venue)}</b><br />${venue?.address}`}
      </dd>
    </div>
    ${
      guests.length > 0 &&
      html`<div>
        <dt>${TEXTS.manage.withYou}</dt>
        <dd>
          <ul class="plain">
            ${guests.map(({ name }) => html`<li dir="auto">${name}</li>`)}
          </ul>
        </dd>
      </div>`
    }
  </dl>`;
}

function offer(held: Held): Html {
  const text = TEXTS.manage;
  const party = held.guests.length > 0;
  const take = party ? text.acceptParty : text.accept;
  const path = `/manage/${held.token}`;
  return html`<div class="actions">
    ${
      asksMore(held)
        ? html`<a class="button" href="${path}/accept">${take}</a>`
        : html`<form method="post" action="${path}/accept"><button type="submit">${take}</button></form>`
    }
    <a class="button quiet" href="${path}/cancel">${party ? text.declineParty : text.decline}</a>
  </div>`;
}

function wayIn({ state, opensAt, path, guests }: WayIn, { event, registration }: Held): Html {
  const text = TEXTS.manage;
  if (state === 'OVER') return html`<div class="ticket"><p>${text.joinOver}</p></div>`;
  const opens = text.joinOpens(spokenDate(opensAt, event.timeZone, TEXTS.locale));
  return html`<section class="ticket" aria-labelledby="join">
    <h2 id="join">${text.join}</h2>
    <p>${state === 'WAITING' ? opens : text.joinOpen}</p>
    <p><a class="button" href="${path}" rel="noreferrer">${text.join}</a></p>
    <p class="soft">${text.joinLead}</p>
    <p class="soft">${text.ticketCode}: <b>${registration.ticketCode}</b></p>
    ${
      guests.length > 0 &&
      html`<h3>${text.guestLinks}</h3>
        <p>${text.guestLinksLead}</p>
        <ul class="plain">
          ${guests.map((guest) => html`<li><a href="${guest.path}" dir="auto">${text.joinAs(guest.name)}</a></li>`)}
        </ul>`
    }
  </section>`;
}

function coming({ registration, event, token }: Held, now: Date): Html | null {
  const text = TEXTS.manage;
  if (registration.stillComingAt) return html`<p class="notice good">${text.comingSaid}</p>`;
  const hours = (event.startsAt.getTime() - now.getTime()) / 3_600_000;
  if (!event.askStillComing || hours <= 0 || hours > ASKED_HOURS) return null;
  return html`<section>
    <h2>${text.coming}</h2>
    <p>${text.comingLead}</p>
    <form class="actions" method="post" action="/manage/${token}/coming">
      <button type="submit">${text.comingYes}</button>
    </form>
  </section>`;
}

function answers(held: Held, now: Date): Html | null {
  const { event, registration, token } = held;
  if (event.questions.length === 0) return null;
  const open = event.startsAt > now;
  const news = open && asksMore(held);
  return html`<section>
    <h2>${TEXTS.manage.answers}</h2>
    ${news && html`<p class="notice">${TEXTS.manage.answersNew}</p>`}
    <dl class="answers">
      ${event.questions.map(
        (question) =>
          html`<div>
            <dt lang="${event.language}" dir="auto">${question.label}</dt>
            <dd dir="auto">${answerLines(question, registration.answers[question.id])}</dd>
          </div>`,
      )}
    </dl>
    ${
      open &&
      html`<p class="actions">
        <a class="button ${!news && 'quiet'}" href="/manage/${token}/answers"
          >${news ? TEXTS.manage.answersGive : TEXTS.manage.answersChange}</a
        >
      </p>`
    }
  </section>`;
}

function answerLines(question: Question, answer: Held['registration']['answers'][string] | undefined): Html {
  if (answer === undefined) return html`<span class="soft">${TEXTS.manage.noAnswer}</span>`;
  if (typeof answer === 'boolean') return html`${answer ? TEXTS.register.yes : TEXTS.register.no}`;
  if (!hasOptions(question)) return html`<span class="lines">${answer}</span>`;
  return html`${[answer].flat().join(', ')}`;
}

function plans(held: Held, now: Date): Html | null {
  const { registration, event, guests, token } = held;
  const { lead, button } = WAYS_OUT[registration.state](guests.length);
  const other = event.endsAt > now ? otherPool(held) : null;
  if (!other && !button) return null;
  return html`<section>
    <h2>${TEXTS.manage.plans}</h2>
    ${lead && html`<p>${lead}</p>`}
    <p class="actions">
      ${other && html`<a class="button quiet" href="/manage/${token}/switch">${TEXTS.manage.switchTo[other]}</a>`}
      ${button && html`<a class="button quiet" href="/manage/${token}/cancel">${button}</a>`}
    </p>
  </section>`;
}

const WAYS_OUT: Record<RegistrationState, (guests: number) => { lead: string | null; button: string | null }> = {
  CONFIRMED: (guests) => ({ lead: TEXTS.manage.plansLead(guests), button: TEXTS.manage.cancel }),
  WAITLISTED: () => ({ lead: TEXTS.manage.leaveLead, button: TEXTS.manage.leave }),
  PENDING: () => ({ lead: TEXTS.manage.takeBackLead, button: TEXTS.manage.takeBack }),
  OFFERED: () => ({ lead: null, button: null }), // giving it back stands beside taking it
  CANCELLED: () => ({ lead: null, button: null }),
};

function ownLink({ token }: Held): Html {
  return html`<section class="soft">
    <h2>${TEXTS.manage.link}</h2>
    <p>${TEXTS.manage.keepSecret}</p>
    <p><a class="quiet-link" href="/manage/${token}/new-link">${TEXTS.manage.newLink}</a></p>
  </section>`;
}
