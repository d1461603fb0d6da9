import { html, type Actor, type Html } from '#kernel';
import { feedPath, plainText } from '#calendar';
import { EventFormat, EventState, type Event, type Venue } from '#events';
import type { Group } from '#groups';
import { agendaSection, resourcesSection } from '../agenda.ts';
import { googleEventLink, outlookEventLink } from '../calendar-links.ts';
import { badge, placeOf, titleOf } from '../event-list.ts';
import type { PublicPage } from '../frame.ts';
import { markdown } from '../markdown.ts';
import type { EventFacts } from '../pages.queries.ts';
import { feedLink } from '../subscribe.ts';
import { TEXTS } from '../texts.ts';
import { dayLeaf, whenOf } from '../when.ts';
import { registerSection, type Filled } from './register.form.ts';
import { structuredData } from './structured-data.ts';

/** An event, and the form to come to it. */
export function eventPage(
  facts: EventFacts,
  about: { visitor: Actor; publicUrl: string; now: Date },
  filled: Filled,
): PublicPage {
  const { event, group, people } = facts;
  const { visitor, publicUrl, now } = about;
  const path = `/events/${encodeURIComponent(event.slug)}`;
  const feed = { kind: 'events', name: event.slug } as const;
  const summary = plainText(event.description).slice(0, 300);
  const { day, hours } = whenOf(event);
  return {
    title: event.title,
    visitor,
    path,
    head: html`<link rel="canonical" href="${publicUrl}${path}" />
      <meta name="description" content="${`${day}, ${hours}. ${summary}`}" />
      <meta property="og:type" content="website" />
      <meta property="og:title" content="${event.title}" />
      <meta property="og:description" content="${`${day}, ${hours}. ${summary}`}" />
      <meta property="og:url" content="${publicUrl}${path}" />
      ${feedLink(publicUrl, feed, event.title)} ${event.isPublic() && structuredData(facts, publicUrl)}`,
    body: html`<div class="columns">
      <header>
        <p class="eyebrow"><a href="/groups/${encodeURIComponent(group.slug)}">${group.name}</a></p>
        <div class="titled">
          ${dayLeaf(event)}
          <h1 lang="${event.language}" dir="auto">${titleOf(event)}</h1>
        </div>
        ${badges(event, group, now)}
      </header>
      ${factList(facts, publicUrl)}
      <div class="side">${registerSection(event, now, filled)}</div>
      ${
        event.description.trim() !== '' &&
        html`<section class="prose">
          <h2>${TEXTS.event.about}</h2>
          <div lang="${event.language}" dir="auto">${markdown(event.description)}</div>
        </section>`
      }
      ${agendaSection(event)} ${resourcesSection(event)} ${people.length > 0 && peopleSection(people)}
      ${accessSection(event)}
    </div>`,
  };
}

function badges(event: Event, group: Group, now: Date): Html | null {
  const [short, long] = [badge(event, now), notice(event, group, now)];
  return short || long ? html`<div class="badges">${short} ${long}</div>` : null;
}

function notice(event: Event, group: Group, now: Date): Html | null {
  const text = TEXTS.event;
  if (event.state === EventState.DRAFT) return html`<p class="notice">${text.draft}</p>`;
  const more = html`<p><a href="/groups/${encodeURIComponent(group.slug)}">${text.more(group.name)}</a></p>`;
  if (event.state === EventState.CANCELLED)
    return html`<div class="notice bad">
      <p><strong>${text.cancelledLong}</strong></p>
      ${event.cancelReason && html`<p>${text.reason} <q lang="${event.language}" dir="auto">${event.cancelReason}</q></p>`}
      ${more}
    </div>`;
  if (event.state !== EventState.FINISHED && event.endsAt > now) return null;
  return html`<div class="notice">
    <p>${text.overLong}</p>
    ${event.recordingUrl && html`<p><a class="button" href="${event.recordingUrl}">${text.recording}</a></p>`} ${more}
  </div>`;
}

function factList({ event, venue }: EventFacts, publicUrl: string): Html {
  const { day, hours } = whenOf(event);
  const text = TEXTS.event;
  const language = new Intl.DisplayNames(TEXTS.locale, { type: 'language', fallback: 'code' }).of(event.language);
  return html`<dl class="sheet">
    <div>
      <dt>${text.when}</dt>
      <dd>
        <time datetime="${event.startsAt.toISOString()}"><b>${day}</b><br />${hours}</time>
        <p class="soft">${text.zone(event.timeZone)}</p>
        ${event.isPublic() && saveLinks(event, venue, publicUrl)}
      </dd>
    </div>
    <div>
      <dt>${text.where}</dt>
      <dd>
        ${event.format !== EventFormat.ONLINE && venue && venueLines(venue)}
        ${
          event.format !== EventFormat.IN_PERSON &&
          html`<p><b>${text.online}</b></p>
            <p class="soft">${text.onlineLink}</p>`
        }
      </dd>
    </div>
    <div>
      <dt>${text.language}</dt>
      <dd>${language}</dd>
    </div>
  </dl>`;
}

function venueLines({ name, address, latitude, longitude }: Venue): Html {
  const query =
    latitude !== null && longitude !== null
      ? `?mlat=${latitude}&mlon=${longitude}#map=17/${latitude}/${longitude}`
      : `search?${new URLSearchParams({ query: address }).toString()}`;
  return html`<p dir="auto"><b>${name}</b><br />${address}</p>
    <p><a class="quiet-link" href="https://www.openstreetmap.org/${query}">${TEXTS.event.map}</a></p>`;
}

/** The event alone: a file for every calendar program, links for those on the web, which would take it as taking place. */
function saveLinks(event: Event, venue: Venue | null, publicUrl: string): Html {
  const linked = {
    ...event,
    location: venue && event.format !== EventFormat.ONLINE ? `${venue.name}, ${venue.address}` : placeOf(event, venue),
    url: `${publicUrl}/events/${encodeURIComponent(event.slug)}`,
  };
  return html`<ul class="links" aria-label="${TEXTS.event.save}">
    <li><a href="${feedPath({ kind: 'events', name: event.slug })}">${TEXTS.event.ics}</a></li>
    ${
      event.state !== EventState.CANCELLED &&
      html`<li><a href="${googleEventLink(linked)}">${TEXTS.event.google}</a></li>
        <li><a href="${outlookEventLink(linked)}">${TEXTS.event.outlook}</a></li>`
    }
  </ul>`;
}

function peopleSection(people: EventFacts['people']): Html {
  return html`<section>
    <h2>${TEXTS.event.people}</h2>
    <ul class="people">
      ${people.map(
        ({ name, role, topic }) =>
          html`<li>
            <b dir="auto">${name}</b>
            <div class="soft">${TEXTS.roles[role]}</div>
            ${topic && html`<div dir="auto">${topic}</div>`}
          </li>`,
      )}
    </ul>
  </section>`;
}

/** What the organizers said, both ways. What they did not say is not shown: silence is no “no”. */
function accessSection({ accessibility, language }: Event): Html | null {
  const facts = (['stepFree', 'captions', 'signLanguage', 'quietRoom'] as const).flatMap((fact) => {
    const told = accessibility[fact];
    return typeof told === 'boolean' ? [{ told, words: TEXTS.access[fact][told ? 'yes' : 'no'] }] : [];
  });
  if (facts.length === 0 && !accessibility.notes) return null;
  return html`<section class="prose">
    <h2>${TEXTS.event.access}</h2>
    ${
      facts.length > 0 &&
      html`<ul>
        ${facts.map(({ words }) => html`<li>${words}</li>`)}
      </ul>`
    }
    ${accessibility.notes && html`<p lang="${language}" dir="auto">${accessibility.notes}</p>`}
  </section>`;
}
