import { EventFormat, EventState, Pool, eventsById, type Event, type Venue } from '#events';
import { RegistrationState, lacksAnswers, positionsOf, type HoldersService, type Registration } from '#registration';
import type { FastifyReply } from 'fastify';
import type { EntityManager } from 'typeorm';
import { show } from '../frame.ts';
import { notFoundPage } from '../not-found.filter.ts';
import { factsOf, guestsOf } from '../pages.queries.ts';
import { TEXTS } from '../texts.ts';

/** A registration as its holder sees it. */
export interface Held {
  registration: Registration;
  event: Event;
  venue: Venue | null;
  /** Who comes along. */
  guests: Registration[];
  /** Place in line, 1 being next; null for those who do not wait. */
  position: number | null;
  /** The secret of the manage link. */
  token: string;
}

/** The registration of this link; for any other link the page that says so is shown. */
export async function findHeld(
  holders: HoldersService,
  db: EntityManager,
  token: string,
  reply: FastifyReply,
): Promise<Held | null> {
  const registration = await holders.findByToken(token);
  const event = registration && (await eventsById(db, [registration.eventId])).get(registration.eventId);
  if (!registration || !event) {
    show(reply, 404, notFoundPage(TEXTS.notFound.link, TEXTS.notFound.linkLead));
    return null;
  }
  const [{ venue }, guests, positions] = await Promise.all([
    factsOf(db, event),
    guestsOf(db, registration),
    positionsOf(db, [registration.id]),
  ]);
  return { registration, event, venue, guests, position: positions.get(registration.id) ?? null, token };
}

/** Back to the page of the link, after something was done there or when there was nothing to do. */
export function backToHeld(reply: FastifyReply, token: string): void {
  void reply
    .headers({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' })
    .redirect(`/manage/${token}`, 303);
}

/** Whether the registration still stands, at an event that will take place. */
export function stands({ registration, event }: Held): boolean {
  return registration.state !== RegistrationState.CANCELLED && event.state === EventState.PUBLISHED;
}

/** Whether the event's form has changed since it was answered, or leaves something open that is required. */
export function asksMore({ registration: { answers, formVersion }, event }: Held): boolean {
  const { questions } = event;
  if (questions.length === 0) return false;
  return formVersion !== event.formVersion || lacksAnswers(questions, answers);
}

/** The other way of taking part, where there is one. */
export function otherPool({ registration, event }: Held): Pool | null {
  if (event.format !== EventFormat.HYBRID) return null;
  return registration.pool === Pool.ONLINE ? Pool.IN_PERSON : Pool.ONLINE;
}
