import { html, type Actor, type Html } from '#kernel';
import { EventState, ResourceKind, type Event, type Series } from '#events';
import { agendaSection, resourcesSection } from './agenda.ts';
import { eventList } from './event-list.ts';
import type { PublicPage } from './frame.ts';
import { markdown } from './markdown.ts';
import type { ListedEvent } from './pages.queries.ts';
import { feedLink, subscribeLinks } from './subscribe.ts';
import { TEXTS } from './texts.ts';
import { dayLeaf, timeLine, whenOf } from './when.ts';

/** The quarterly session: when the next one is, and what was said in those before. */
export function essentialsPage(
  sessions: { series: Series[]; coming: ListedEvent[]; recorded: Event[] },
  about: { visitor: Actor; publicUrl: string; now: Date },
): PublicPage {
  const { series, coming, recorded } = sessions;
  const { visitor, publicUrl, now } = about;
  const text = TEXTS.essentialsPage;
  const feeds = series.map(({ slug, title }) => ({ address: { kind: 'series', name: slug } as const, title }));
  const next = coming.find(({ event }) => event.state === EventState.PUBLISHED)?.event;
  const shown = next ?? series[0];
  const described = series.find(({ id }) => id === next?.seriesId) ?? series[0];
  return {
    title: text.title,
    visitor,
    path: '/essentials',
    head: html`<link rel="canonical" href="${publicUrl}/essentials" />
      <meta name="description" content="${text.lead}" />
      ${feeds.map(({ address, title }) => feedLink(publicUrl, address, title))}`,
    body: html`<header class="hero">
        <h1>${text.title}</h1>
        <p class="lead">${text.lead}</p>
      </header>
      <div class="columns">
        <section aria-labelledby="next">
          <h2 id="next">${text.next}</h2>
          ${coming.length > 0 ? eventList(coming, now, { group: true }) : html`<p>${text.none}</p>`}
        </section>
        <div class="side stack">${feeds.map(({ address, title }) => subscribeLinks(publicUrl, address, title))}</div>
        ${
          described?.description &&
          html`<section class="prose" aria-labelledby="about">
            <h2 id="about">${TEXTS.event.about}</h2>
            <div lang="${described.language}" dir="auto">${markdown(described.description)}</div>
          </section>`
        }
        ${shown && agendaSection(shown)} ${next && resourcesSection(next)}
        ${
          recorded.length > 0 &&
          html`<section aria-labelledby="past">
            <h2 id="past">${text.past}</h2>
            <ul class="events">
              ${recorded.map(recording)}
            </ul>
          </section>`
        }
      </div>`,
  };
}

function recording(event: Event): Html {
  const shown = event.resources.filter(({ kind }) => kind === ResourceKind.AFTER);
  return html`<li class="event">
    ${dayLeaf(event)}
    <div>
      <h3>
        <a href="${event.recordingUrl}" aria-label="${TEXTS.essentialsPage.watch(event.title, whenOf(event).day)}"
          >${TEXTS.essentialsPage.recording}</a
        >
      </h3>
      <p lang="${event.language}" dir="auto">${event.title}</p>
      <p class="soft">${timeLine(event)}</p>
      ${
        shown.length > 0 &&
        html`<ul class="links">
          ${shown.map(({ title, url }) => html`<li><a href="${url}">${title}</a></li>`)}
        </ul>`
      }
    </div>
  </li>`;
}
