import { html, type Actor, type Html } from '#kernel';
import { plainText } from '#calendar';
import type { Group } from '#groups';
import { eventList } from './event-list.ts';
import type { PublicPage } from './frame.ts';
import { markdown } from './markdown.ts';
import type { ListedEvent } from './pages.queries.ts';
import { feedLink, subscribeLinks } from './subscribe.ts';
import { TEXTS } from './texts.ts';

/** A group: who they are, what they plan, and how to hear of it. */
export function groupPage(
  group: Group,
  events: ListedEvent[],
  about: { visitor: Actor; publicUrl: string; now: Date },
): PublicPage {
  const { visitor, publicUrl, now } = about;
  const text = TEXTS.group;
  const feed = { kind: 'groups', name: group.slug } as const;
  const path = `/groups/${encodeURIComponent(group.slug)}`;
  const place = text.where(group.city, countryName(group.country));
  return {
    title: group.name,
    visitor,
    path,
    head: html`<link rel="canonical" href="${publicUrl}${path}" />
      <meta name="description" content="${plainText(group.description).slice(0, 300)}" />
      <meta property="og:type" content="website" />
      <meta property="og:title" content="${group.name}" />
      <meta property="og:url" content="${publicUrl}${path}" />
      ${feedLink(publicUrl, feed, group.name)}`,
    body: html`<header class="hero">
        ${place && html`<p class="eyebrow soft">${place}</p>`}
        <h1 lang="${group.language}" dir="auto">${group.name}</h1>
        <div class="lead prose" lang="${group.language}" dir="auto">${markdown(group.description)}</div>
      </header>
      <div class="columns">
        <section aria-labelledby="coming">
          <h2 id="coming">${text.coming}</h2>
          ${events.length > 0 ? eventList(events, now, { group: false }) : html`<p>${text.none}</p>`}
        </section>
        <div class="side">${subscribeLinks(publicUrl, feed, group.name)}</div>
        ${group.links.length > 0 && linksOf(group)}
        ${
          group.codeOfConduct &&
          html`<section class="prose">
            <h2>${text.conduct}</h2>
            <div lang="${group.language}" dir="auto">${markdown(group.codeOfConduct)}</div>
          </section>`
        }
      </div>`,
  };
}

function linksOf({ links }: Group): Html {
  const safe = links.filter((link) => /^https?:\/\//i.test(link));
  return html`<section>
    <h2>${TEXTS.group.links}</h2>
    <ul class="links">
      ${safe.map((link) => html`<li><a href="${link}" rel="nofollow ugc">${link.replace(/^https?:\/\/(www\.)?/i, '')}</a></li>`)}
    </ul>
  </section>`;
}

function countryName(country: string | null): string | null {
  if (!country || !/^[A-Z]{2}$/.test(country)) return country;
  return new Intl.DisplayNames(TEXTS.locale, { type: 'region' }).of(country) ?? country;
}
