import type { Config } from '#kernel';
import { calendarEventOf, renderInvitation, shownEvents } from '#calendar';
import { senderAddress, type CalendarMethod, type CalendarPart, type Message } from '#mail';
import type { EntityManager } from 'typeorm';
import type { RegistrationFacts } from './mail-facts.queries.ts';
import { RegistrationState } from '../registration.entity.ts';

/**
 * What mails tell the recipient's calendar (rule C5). Whoever has a seat is sent a REQUEST, and again when something about
 * it changes; a CANCEL takes back what a REQUEST put in, and nothing else: people who only waited get neither.
 *
 * Its version is `event.sequence` (material changes, rule E6) plus `registration.calendar_sequence` (what happened to this
 * person's seat: lost, moved to the other pool, given a new link, asked for again). Both only rise, so their sum does, and a
 * REQUEST after a CANCEL is newer than that (RFC 5546 §2.1.4), where calendars would ignore an equal one. It is noted on the
 * mail when that is decided, under the event's lock, and mails about one registration are sent in that order.
 */
const METHODS: Record<string, CalendarMethod> = {
  registered: 'REQUEST',
  promoted: 'REQUEST',
  switched: 'REQUEST',
  changed: 'REQUEST',
  'new-link': 'REQUEST', // the entry there is holds the old link
  left: 'CANCEL',
  removed: 'CANCEL',
  'event-cancelled': 'CANCEL',
};

/** The calendar part of a mail about a registration; undefined for a mail without one. */
export async function calendarPart(
  db: EntityManager,
  config: Config,
  message: Message,
  facts: RegistrationFacts,
): Promise<CalendarPart | undefined> {
  const method = METHODS[message.kind];
  if (!method || !isDue(method, message, facts)) return undefined;
  const shown = message.eventId && (await shownEvents(db, [message.eventId])).get(message.eventId);
  if (!shown) return undefined;
  const event = calendarEventOf(shown, config.publicUrl);
  const ics = renderInvitation({
    method,
    event: {
      ...event,
      ...(facts.joinUrl ? { location: facts.text('online'), latitude: null, longitude: null } : {}), // not in the room
      sequence: message.calendarSequence ?? event.sequence,
      cancelled: event.cancelled && method === 'CANCEL', // if it was called off since, the mail that follows says so
    },
    organizer: { name: facts.group, email: senderAddress(config) },
    attendee: { name: facts.name, email: message.toAddress },
    conference: facts.joinUrl ? { url: facts.joinUrl, label: facts.text('join') } : null,
    decidedAt: message.createdAt > event.changedAt ? message.createdAt : event.changedAt,
  });
  return { method, ics };
}

function isDue(method: CalendarMethod, { kind }: Message, { state, calendarTold }: RegistrationFacts): boolean {
  if (method === 'CANCEL') return calendarTold === 'REQUEST';
  // Only a seat makes this kind; given back since, it is taken back by the mail that follows.
  return state === RegistrationState.CONFIRMED || kind === 'registered';
}
