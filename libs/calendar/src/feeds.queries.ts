import type { EntityManager } from 'typeorm';
import type { FeedAddress, FeedKind } from './feed-address.ts';
import type { Feed, ShownEvent } from './feed.ts';

const DAY = 86_400_000;
/** A feed reaches this far, and the events nearest to today come first when there are too many: big files are read slowly. */
const PAST_DAYS = 90;
const FUTURE_DAYS = 548; // 18 months
const MOST_EVENTS = 1000;
/** A reader shows news one by one; nobody scrolls further. */
const MOST_NEWS = 100;

/** What a feed shows on one day, UTC. It moves at midnight only, so that all processes make the same bytes all day. */
export interface Window {
  today: Date;
  from: Date;
  until: Date;
  /** The events nearest to `today` are shown when there are more. */
  mostEvents: number;
}

/** Facts that anybody may see of the events that `chosen` names. Drafts are not public, join addresses never are. */
const publicEvents = (chosen: string): string => `
  SELECT event.id, event.group_id AS "groupId", event.slug, event.title, event.description, event.starts_at AS "startsAt", event.ends_at AS "endsAt",
         event.time_zone AS "timeZone", event.language, event.format, event.state, event.tags, event.sequence,
         event.created_at AS "createdAt", greatest(event.changed_at, venue.changed_at, home.changed_at) AS "changedAt",
         CASE WHEN venue.id IS NOT NULL THEN json_build_object('name', venue.name, 'address', venue.address,
           'latitude', venue.latitude, 'longitude', venue.longitude) END AS venue
    FROM event
    JOIN meetup_group home ON home.id = event.group_id
    LEFT JOIN venue ON venue.id = event.venue_id
   WHERE event.state <> 'DRAFT' AND ${chosen}`;

const listed = (events: string): string => `(SELECT coalesce(json_agg(shown), '[]') FROM (${events}) shown) AS events`;

const listedInWindow = (chosen: string): string =>
  listed(`${publicEvents(chosen)} AND event.ends_at > $1 AND event.starts_at < $2
   ORDER BY abs(extract(epoch FROM event.starts_at - $3::timestamptz)), event.id LIMIT $4`);

/** The latest change among all that was ever shown, and who was last to leave the window and to come into it. */
const everShown = (chosen: string): string => `
  LATERAL (
    SELECT max(greatest(event.changed_at, venue.changed_at)) AS "changedAt",
           max(event.ends_at) FILTER (WHERE event.ends_at <= $1) AS "lastEndedBefore",
           max(event.starts_at) FILTER (WHERE event.starts_at < $2) AS "lastStarted"
      FROM event
      LEFT JOIN venue ON venue.id = event.venue_id
     WHERE event.state <> 'DRAFT' AND ${chosen}
  ) ever`;

/** When an event was last taken out of the feed. */
const lastDeparture = (from: 'group_id' | 'series_id'): string =>
  `(SELECT max(left_at) FROM event_departure WHERE event_departure.${from} = feed.id)`;

const SQL: Record<FeedKind, string> = {
  groups: `
    SELECT ARRAY[feed.id::text] AS topics, feed.id, feed.name AS title, feed.description, feed.time_zone AS "timeZone", feed.slug AS "groupSlug",
           greatest(feed.changed_at, ever."changedAt", ${lastDeparture('group_id')}) AS "changedAt", ever."lastEndedBefore", ever."lastStarted",
           ${listedInWindow('event.group_id = feed.id')}
      FROM meetup_group feed
      CROSS JOIN ${everShown('event.group_id = feed.id')}
     WHERE feed.slug = $5`,
  // Whoever subscribed to a series keeps its dates when another continues it.
  series: `
    WITH RECURSIVE line AS (
      SELECT id FROM series WHERE slug = $5
       UNION SELECT next.id FROM series AS next JOIN line ON next.continues = line.id)
    SELECT ARRAY[feed.group_id::text] AS topics, feed.id, feed.title, feed.description, feed.time_zone AS "timeZone", owner.slug AS "groupSlug",
           greatest(feed.changed_at, owner.changed_at, ever."changedAt", ${lastDeparture('series_id')}) AS "changedAt",
           ever."lastEndedBefore",
           ever."lastStarted", ${listedInWindow('event.group_id = feed.group_id AND event.series_id IN (SELECT id FROM line)')}
      FROM series feed
      JOIN meetup_group owner ON owner.id = feed.group_id
      CROSS JOIN ${everShown('event.group_id = feed.group_id AND event.series_id IN (SELECT id FROM line)')}
     WHERE feed.slug = $5`,
  events: `
    SELECT ARRAY[feed.group_id::text] AS topics, feed.id, feed.title, '' AS description, feed.time_zone AS "timeZone", owner.slug AS "groupSlug",
           greatest(feed.changed_at, venue.changed_at, owner.changed_at) AS "changedAt",
           ${listed(publicEvents('event.id = feed.id'))}
      FROM event feed
      JOIN meetup_group owner ON owner.id = feed.group_id
      LEFT JOIN venue ON venue.id = feed.venue_id
     WHERE feed.slug = $1 AND feed.state <> 'DRAFT'`,
  tags: `
    SELECT NULL AS topics, NULL AS id, 'Goodturn: ' || $5::text AS title, '' AS description, 'UTC' AS "timeZone", NULL AS "groupSlug",
           ${listedInWindow('event.tags @> ARRAY[$5::text]')}
     WHERE EXISTS (SELECT FROM event WHERE event.state <> 'DRAFT' AND event.tags @> ARRAY[$5::text])`,
  site: `
    SELECT NULL AS topics, NULL AS id, 'Goodturn' AS title, '' AS description, 'UTC' AS "timeZone", NULL AS "groupSlug",
           ${listedInWindow('true')}`,
};

type Told<T> = { [K in keyof T]: T[K] extends Date ? string : T[K] };

type FeedRow = Omit<Feed, 'lastModified' | 'events'> & {
  changedAt?: Date | null;
  lastEndedBefore?: Date | null;
  lastStarted?: Date | null;
  events: Told<ShownEvent>[]; // JSON has no instants
};

/** What the feed shows at `now`, or null when there is no such group, series, event or tag in public. */
export async function feedAt(
  db: EntityManager,
  address: FeedAddress,
  now: Date,
  mostEvents?: number,
): Promise<Feed | null> {
  const window = {
    ...(address.format === 'atom' ? newsWindowAt(now) : windowAt(now)),
    ...(mostEvents && { mostEvents }),
  };
  const span = address.kind === 'events' ? [] : [window.from, window.until, window.today, window.mostEvents];
  const name = address.kind === 'site' ? [] : [address.name];
  const [row]: FeedRow[] = await db.query(SQL[address.kind], [...span, ...name]);
  if (!row) return null;
  const events = row.events.map(withInstants);
  return { ...row, changedAt: row.changedAt ?? null, lastModified: lastModifiedOf(row, window, now), events };
}

/** Those of these events that are public, as calendars and mails show them, by id. */
export async function shownEvents(db: EntityManager, eventIds: readonly string[]): Promise<Map<string, ShownEvent>> {
  const rows: ShownEvent[] = await db.query(publicEvents('event.id = ANY($1)'), [eventIds]);
  return new Map(rows.map((event) => [event.id, event]));
}

/** The first instant after `now` at which an unchanged feed may show something else. */
export function windowMovesAt(now: Date): Date {
  return new Date(windowAt(now).today.getTime() + DAY);
}

/** What a calendar reaches at `now`. */
export function windowAt(now: Date): Window {
  const today = startOfDay(now.getTime());
  return {
    today: new Date(today),
    from: new Date(today - PAST_DAYS * DAY),
    until: new Date(today + FUTURE_DAYS * DAY),
    mostEvents: MOST_EVENTS,
  };
}

/** What news tell: the events to come, and those of today. */
function newsWindowAt(now: Date): Window {
  const window = windowAt(now);
  return { ...window, from: window.today, mostEvents: MOST_NEWS };
}

/**
 * Not before the last change of what is shown or has left: a subscriber who asks by date only would be told "unchanged"
 * for good otherwise. That date also moves when time alone moved an event out of the window or into it. A tag or the
 * site has no row that remembers what left it, so there it is the instant at which we looked.
 */
function lastModifiedOf(row: FeedRow, { today, from, mostEvents }: Window, now: Date): Date {
  if (!row.changedAt) return now;
  const moves = [
    row.changedAt.getTime(),
    row.lastEndedBefore ? startOfDay(row.lastEndedBefore.getTime() + today.getTime() - from.getTime() + DAY - 1) : 0,
    row.lastStarted ? startOfDay(row.lastStarted.getTime() - FUTURE_DAYS * DAY) + DAY : 0,
    row.events.length === mostEvents ? today.getTime() : 0, // another day, other events are the nearest
  ];
  return new Date(Math.min(Math.max(...moves), now.getTime())); // never in the future, RFC 9110 §8.8.2.1
}

function startOfDay(instant: number): number {
  return Math.floor(instant / DAY) * DAY;
}

/** In place: a copy of each of thousands of rows is what the collector would be busy with. */
function withInstants(event: Told<ShownEvent>): ShownEvent {
  return Object.assign(event, {
    startsAt: new Date(event.startsAt),
    endsAt: new Date(event.endsAt),
    createdAt: new Date(event.createdAt),
    changedAt: new Date(event.changedAt),
  });
}
