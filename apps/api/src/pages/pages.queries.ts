import {
  EventState,
  Event,
  Series,
  SeriesKind,
  peopleByEvent,
  venuesById,
  type EventPerson,
  type Venue,
} from '#events';
import { groupsById, type Group } from '#groups';
import { Registration, RegistrationState } from '#registration';
import { Not, type EntityManager } from 'typeorm';

/** An event with what is told about it at a glance. */
export interface ListedEvent {
  event: Event;
  group: Group;
  venue: Venue | null;
}

/** What anybody may know of an event. */
export interface EventFacts extends ListedEvent {
  people: (EventPerson & { name: string })[];
}

/** The events with their groups and venues, in the same order. */
export async function listed(db: EntityManager, events: Event[]): Promise<ListedEvent[]> {
  const [groups, venues] = await Promise.all([
    groupsById(db, [...new Set(events.map(({ groupId }) => groupId))]),
    venuesById(db, [...new Set(events.flatMap(({ venueId }) => venueId ?? []))]),
  ]);
  return events.map((event) => {
    const group = groups.get(event.groupId);
    if (!group) throw new Error('An event has a group');
    return { event, group, venue: venues.get(event.venueId ?? '') ?? null };
  });
}

/** One event with all that its page tells. */
export async function factsOf(db: EntityManager, event: Event): Promise<EventFacts> {
  const [[facts], people] = await Promise.all([listed(db, [event]), peopleByEvent(db, [event.id])]);
  if (!facts) throw new Error('One event was asked for');
  return { ...facts, people: people.get(event.id) ?? [] };
}

/** Whom somebody brings along, by name. */
export function guestsOf(db: EntityManager, { id }: Registration): Promise<Registration[]> {
  return db.find(Registration, {
    where: { partyId: id, state: Not(RegistrationState.CANCELLED) },
    order: { name: 'ASC', id: 'ASC' },
  });
}

/** Every Essentials series, its sessions to come (soonest first) and its recorded past (latest first). */
export async function essentialsSessions(
  db: EntityManager,
  now: Date,
): Promise<{ series: Series[]; coming: Event[]; recorded: Event[] }> {
  const series = await db.find(Series, {
    where: { kind: SeriesKind.ESSENTIALS },
    order: { createdAt: 'ASC', id: 'ASC' },
  });
  const sessions = db
    .createQueryBuilder(Event, 'event')
    .where('event.seriesId = ANY(:ids)', { ids: series.map(({ id }) => id) })
    .limit(12);
  const [coming, recorded] = await Promise.all([
    sessions
      .clone()
      .andWhere('event.state IN (:...shown) AND event.endsAt > :now', {
        shown: [EventState.PUBLISHED, EventState.CANCELLED],
        now,
      })
      .orderBy('event.startsAt')
      .getMany(),
    sessions
      .clone()
      .andWhere('event.state = :finished AND event.recordingUrl IS NOT NULL', { finished: EventState.FINISHED })
      .orderBy('event.startsAt', 'DESC')
      .getMany(),
  ]);
  return { series, coming, recorded };
}
