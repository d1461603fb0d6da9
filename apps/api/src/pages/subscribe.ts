import { html, type Html } from '#kernel';
import { feedPath, type FeedAddress } from '#calendar';
import { subscribeLinksOf } from './calendar-links.ts';
import { TEXTS } from './texts.ts';

/** The ways to have a feed in one's own calendar. `publicUrl` ends without a slash. */
export function subscribeLinks(publicUrl: string, address: FeedAddress, name: string): Html {
  const feed = publicUrl + feedPath(address);
  const { webcal, google, outlook } = subscribeLinksOf(feed, name);
  const text = TEXTS.subscribe;
  return html`<section class="sheet" aria-labelledby="subscribe-${address.name}">
    <h2 id="subscribe-${address.name}">${text.heading}</h2>
    <p>${text.lead}</p>
    <p class="actions"><a class="button" href="${webcal}">${text.open}</a></p>
    <ul class="links">
      <li><a href="${google}">${text.google}</a></li>
      <li><a href="${outlook}">${text.outlook}</a></li>
      <li><a href="${feed}">${text.copy}</a></li>
      ${address.kind !== 'events' && html`<li><a href="${publicUrl}${feedPath(news(address))}">${text.news}</a></li>`}
    </ul>
    <label for="address-${address.name}">${text.address}</label>
    <input id="address-${address.name}" type="url" readonly value="${feed}" />
    <p class="soft">${text.refresh}</p>
  </section>`;
}

/** How programs find the feeds that belong to a page. */
export function feedLink(publicUrl: string, address: FeedAddress, name: string): Html {
  return html`<link rel="alternate" type="text/calendar" title="${name}" href="${publicUrl}${feedPath(address)}" /> ${
      address.kind !== 'events' &&
      html`<link
        rel="alternate"
        type="application/atom+xml"
        title="${name}"
        href="${publicUrl}${feedPath(news(address))}"
      />`
    }`;
}

function news(address: FeedAddress): FeedAddress {
  return { ...address, format: 'atom' };
}
