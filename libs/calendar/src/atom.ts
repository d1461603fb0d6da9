import { html } from '#kernel';
import { Feed } from 'feed';
import { feedPath, type FeedAddress } from './feed-address.ts';
import type { CalendarEvent } from './ics.ts';

/** Coming events as news. */
export interface News {
  address: FeedAddress;
  /** Of the group or series; null for a tag and the site, which are known by their address. */
  id: string | null;
  title: string;
  /** Plain text. */
  description: string;
  /** Page for people. */
  url: string;
  /** Where the site lives, without a slash at the end. */
  publicUrl: string;
  changedAt: Date | null;
  lastModified: Date;
  events: CalendarEvent[];
}

const DAY = 86_400_000;

/**
 * The feed as Atom 1.0 (RFC 4287), soonest event first. Ids stay for ever: an entry's is that of the event, so that a reader
 * shows a changed event again and not twice. `updated` is the last change that anybody can see, never the time of reading.
 */
export function renderAtom(news: News): string {
  const self = news.publicUrl + feedPath(news.address);
  const feed = new Feed({
    id: news.id ? `urn:uuid:${news.id}` : self,
    title: line(news.title),
    description: line(news.description) || undefined,
    link: news.url,
    feedLinks: { atom: self },
    updated: updatedAt(news),
    author: { name: line(news.title) || 'Goodturn' },
    generator: 'Goodturn',
    copyright: '',
  });
  const soonestFirst = [...news.events].sort(
    (a, b) => Number(a.startsAt) - Number(b.startsAt) || (a.uid < b.uid ? -1 : 1),
  );
  for (const event of soonestFirst)
    feed.addItem({
      id: `urn:uuid:${event.uid.replace(/@.*/, '')}`,
      title: html`${xmlText(event.cancelled ? `Cancelled: ${event.title}` : event.title)}`.markup,
      link: event.url,
      date: event.changedAt,
      published: event.createdAt,
      content: contentOf(event),
      category: event.tags.filter(isTerm).map((tag) => ({ name: tag, term: tag })),
    });
  return `${feed.atom1()}\n`;
}

/** Where no row remembers what left the feed, it is as new as its newest event, and an empty one as new as the day. */
function updatedAt({ changedAt, lastModified, events }: News): Date {
  if (changedAt) return changedAt;
  if (events.length > 0) return new Date(Math.max(...events.map((event) => event.changedAt.getTime())));
  return new Date(Math.floor(lastModified.getTime() / DAY) * DAY);
}

function contentOf({ startsAt, endsAt, timeZone, language, location, description }: CalendarEvent): string {
  const when = whenOf(startsAt, endsAt, timeZone, language);
  const paragraphs = xmlText(description).split(/\n{2,}/);
  return html`<p><time datetime="${startsAt.toISOString()}">${when}</time></p>
    ${location && html`<p>${xmlText(location)}</p>`} ${paragraphs.map((paragraph) => html`<p>${paragraph}</p>`)}`
    .markup;
}

function whenOf(startsAt: Date, endsAt: Date, timeZone: string, language: string): string {
  const options = { dateStyle: 'full', timeStyle: 'short' } as const;
  const range = (zone: string): string =>
    new Intl.DateTimeFormat(language, { ...options, timeZone: zone }).formatRange(startsAt, endsAt);
  try {
    return `${range(timeZone)} (${timeZone})`;
  } catch (error) {
    if (error instanceof RangeError) return `${startsAt.toISOString()} (UTC)`; // a name that this Node does not know
    throw error;
  }
}

/** Text that XML 1.0 can hold (§2.2): no control characters, no halves of characters, none of the two that never are one. */
function xmlText(text: string): string {
  return text.replace(/(?!\n)\p{Cc}|\p{Cs}|[\uFFFE\uFFFF]/gu, '');
}

/** Text for an element; the library takes `&amp;` for an ampersand that was escaped already, so each is given to it so. */
function line(text: string): string {
  return xmlText(text).replaceAll('&', '&amp;').trim();
}

/** The library does not escape `<` in an attribute; a tag that has one is not worth a broken feed. */
function isTerm(tag: string): boolean {
  return tag === xmlText(tag) && !tag.includes('<');
}
