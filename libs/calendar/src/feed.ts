import { EventFormat, EventState, type Event, type Venue } from '#events';
import { feedPath, type FeedAddress } from './feed-address.ts';
import { renderCalendar, type CalendarEvent } from './ics.ts';
import { plainText } from './plain-text.ts';

/** What anybody may see of an event. The join address has no place in it: only confirmed people reach that (rule E2). */
export type ShownEvent = Pick<
  Event,
  | 'id'
  | 'slug'
  | 'title'
  | 'description'
  | 'startsAt'
  | 'endsAt'
  | 'timeZone'
  | 'language'
  | 'format'
  | 'state'
  | 'tags'
  | 'sequence'
  | 'createdAt'
> & {
  /** Instant of the last visible change to the event, its venue or its group. */
  changedAt: Date;
  venue: Pick<Venue, 'name' | 'address' | 'latitude' | 'longitude'> | null;
};

/** A feed as it stands in the database. */
export interface Feed {
  /** The group whose changes may change the feed; null when those of every group may. */
  groupId: string | null;
  title: string;
  /** Markdown. */
  description: string;
  timeZone: string;
  groupSlug: string | null;
  /** Not before the last change, of anything that left the feed too. */
  lastModified: Date;
  events: ShownEvent[];
}

/**
 * The identity of an event in every channel, feed or mail, for ever (RFC 7986 §5.3). The domain is a constant that nobody
 * can own (RFC 2606 §2): with host or slug in it, a rename would double every entry in everybody's calendar.
 */
export function uidOf(eventId: string): string {
  return `${eventId}@goodturn.invalid`;
}

/** The event as calendars tell it, the same in a feed and in a mail. `publicUrl` ends without a slash. */
export function calendarEventOf(event: ShownEvent, publicUrl: string): CalendarEvent {
  const url = `${publicUrl}/events/${encodeURIComponent(event.slug)}`;
  const venue = event.format === EventFormat.ONLINE ? null : event.venue; // one left from before it moved online
  return {
    uid: uidOf(event.id),
    sequence: event.sequence,
    changedAt: event.changedAt,
    createdAt: event.createdAt,
    title: event.title,
    description: [plainText(event.description), url].join('\n\n'),
    startsAt: event.startsAt,
    endsAt: event.endsAt,
    timeZone: event.timeZone,
    cancelled: event.state === EventState.CANCELLED,
    location: venue ? placeOf(venue) : event.format === EventFormat.IN_PERSON ? null : 'Online',
    latitude: venue?.latitude ?? null,
    longitude: venue?.longitude ?? null,
    url,
    tags: event.tags,
    language: event.language,
  };
}

/** The feed's text, a pure function of what it shows: equal in every process that serves it. */
export function renderFeed(address: FeedAddress, feed: Feed, publicUrl: string): string {
  return renderCalendar({
    name: feed.title,
    description: plainText(feed.description),
    url: publicUrl + pageOf(address, feed),
    source: publicUrl + feedPath(address),
    timeZone: feed.timeZone,
    cancelledPrefix: 'Cancelled: ',
    events: feed.events.map((event) => calendarEventOf(event, publicUrl)),
  });
}

function placeOf({ name, address }: Pick<Venue, 'name' | 'address'>): string {
  return [name, address].filter((part) => part !== '').join(', ');
}

function pageOf({ kind, name }: FeedAddress, { groupSlug }: Feed): string {
  if (kind === 'events') return `/events/${encodeURIComponent(name)}`;
  return groupSlug === null ? '/' : `/groups/${encodeURIComponent(groupSlug)}`;
}
