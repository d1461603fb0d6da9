import { EventFormat, EventState, type Event, type Venue } from '#events';
import { renderAtom } from './atom.ts';
import { feedPath, type AnyAddress } from './feed-address.ts';
import { renderCalendar, type CalendarEvent, type OwnPlace } from './ics.ts';
import { plainText } from './plain-text.ts';

/** What anybody may see of an event. The join address has no place in it: only confirmed people reach that (rule E2). */
export type ShownEvent = Pick<
  Event,
  | 'id'
  | 'groupId'
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
  /** Only in the feed of one person. */
  own?: OwnPlace;
};

/** A feed as it stands in the database. */
export interface Feed {
  /** Of the group, series or event that it is about; null where it is about none. */
  id: string | null;
  /** Whose changes may change the feed: ids of groups and `person:<id>`; null when those of every group may. */
  topics: readonly string[] | null;
  title: string;
  /** Markdown. */
  description: string;
  timeZone: string;
  groupSlug: string | null;
  /** The last change of what it shows or ever showed; null where no row remembers what left it. */
  changedAt: Date | null;
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
    ...(event.own && { own: event.own }),
  };
}

/** The feed's text, a pure function of what it shows: equal in every process that serves it. */
export function renderFeed(address: AnyAddress, feed: Feed, publicUrl: string): string {
  const events = feed.events.map((event) => calendarEventOf(event, publicUrl));
  const url = publicUrl + pageOf(address, feed);
  if (address.kind !== 'me' && address.format === 'atom')
    return renderAtom({ ...feed, description: plainText(feed.description), url, publicUrl, address, events });
  return renderCalendar({
    name: feed.title,
    description: plainText(feed.description),
    url,
    source: address.kind === 'me' ? null : publicUrl + feedPath(address), // a copy that is passed on must not tell the secret
    timeZone: feed.timeZone,
    cancelledPrefix: 'Cancelled: ',
    events,
  });
}

function placeOf({ name, address }: Pick<Venue, 'name' | 'address'>): string {
  return [name, address].filter((part) => part !== '').join(', ');
}

function pageOf(address: AnyAddress, { groupSlug }: Feed): string {
  if (address.kind === 'me') return '/me';
  if (address.kind === 'events') return `/events/${encodeURIComponent(address.name)}`;
  return groupSlug === null ? '/' : `/groups/${encodeURIComponent(groupSlug)}`;
}
