import { html, type Html } from '#kernel';
import { feedPath, type FeedAddress } from '#calendar';
import { TEXTS } from './texts.ts';

/** The ways to have a feed in one's own calendar. `publicUrl` ends without a slash. */
export function subscribeLinks(publicUrl: string, address: FeedAddress, name: string): Html {
  const feed = publicUrl + feedPath(address);
  const webcal = feed.replace(/^https?:/, 'webcal:');
  const google = `https://calendar.google.com/calendar/r?${new URLSearchParams({ cid: webcal }).toString()}`;
  const outlook = `https://outlook.live.com/calendar/0/addfromweb?${new URLSearchParams({ url: feed, name }).toString()}`;
  return html`<section class="sheet" aria-labelledby="subscribe-${address.name}">
    <h2 id="subscribe-${address.name}">${TEXTS.subscribe.heading}</h2>
    <p>${TEXTS.subscribe.lead}</p>
    <p class="actions"><a class="button" href="${webcal}">${TEXTS.subscribe.open}</a></p>
    <ul class="links">
      <li><a href="${google}">${TEXTS.subscribe.google}</a></li>
      <li><a href="${outlook}">${TEXTS.subscribe.outlook}</a></li>
      <li><a href="${feed}">${TEXTS.subscribe.copy}</a></li>
    </ul>
    <p class="soft">${TEXTS.subscribe.refresh}</p>
  </section>`;
}

/** How programs find the feed that belongs to a page. */
export function feedLink(publicUrl: string, address: FeedAddress, name: string): Html {
  return html`<link rel="alternate" type="text/calendar" title="${name}" href="${publicUrl}${feedPath(address)}" />`;
}
