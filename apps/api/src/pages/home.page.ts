import { html, type Actor } from '#kernel';
import { eventList } from './event-list.ts';
import type { PublicPage } from './frame.ts';
import type { ListedEvent } from './pages.queries.ts';
import { feedLink, subscribeLinks } from './subscribe.ts';
import { TEXTS } from './texts.ts';

const SITE = { kind: 'site', name: 'site' } as const;

/** What is on, of all groups. */
export function homePage(events: ListedEvent[], about: { visitor: Actor; publicUrl: string; now: Date }): PublicPage {
  const { visitor, publicUrl, now } = about;
  const text = TEXTS.home;
  return {
    title: text.title,
    visitor,
    path: '/',
    head: html`<link rel="canonical" href="${publicUrl}/" />
      <meta name="description" content="${text.lead}" />
      ${feedLink(publicUrl, SITE, TEXTS.brand)}`,
    body: html`<header class="hero">
        <h1>${text.heading}</h1>
        <p class="lead">${text.lead}</p>
      </header>
      <div class="columns">
        <section aria-labelledby="coming">
          <h2 id="coming">${text.coming}</h2>
          ${events.length > 0 ? eventList(events, now, { group: true }) : html`<p>${text.none}</p>`}
        </section>
        <div class="side stack">
          <section class="sheet key" aria-labelledby="essentials">
            <h2 id="essentials">${text.essentials}</h2>
            <p>${text.essentialsLead}</p>
            <p class="actions"><a class="button quiet" href="/essentials">${text.essentialsLink}</a></p>
          </section>
          ${subscribeLinks(publicUrl, SITE, TEXTS.brand)}
        </div>
      </div>`,
  };
}
