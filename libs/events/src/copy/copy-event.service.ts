import { isUuid, notFound, slugOf, type Actor } from '#kernel';
import { inTransaction } from '#database';
import { Access } from '#groups';
import { record } from '#history';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { CopyEventInput } from './copy-event.inputs.ts';
import { timesOf } from '../event-facts.ts';
import { EventRole } from '../event-person.entity.ts';
import { Event } from '../event.entity.ts';
import { freeSlug, peopleByEvent, putEventPeople } from '../events.queries.ts';
import { EventsService } from '../events.service.ts';
import { questionsFrom } from '../question.ts';

/** Holding an event once more: what was decided comes along, what belonged to that one day does not (rule E5). */
@Injectable()
export class CopyEventService {
  constructor(
    private readonly db: DataSource,
    private readonly access: Access,
    private readonly events: EventsService,
  ) {}

  /** A draft like the event, in whatever state that is. A stale join link or window is worse than none. */
  async copy(actor: Actor, input: CopyEventInput): Promise<Event> {
    return inTransaction(this.db, async (tx) => {
      const original = isUuid(input.eventId) ? await tx.findOneBy(Event, { id: input.eventId }) : null;
      if (!original) throw notFound('event', 'eventId');
      await this.access.require(tx, actor, 'event.edit', original.groupId);
      const copy = this.events.blank(
        tx,
        { id: original.groupId },
        {
          ...whatComesAlong(original),
          ...timesFor(input, original),
          slug: input.slug ?? (await freeSlug(tx, `${slugOf(original.title)}-${input.startsAtLocal.slice(0, 10)}`)),
        },
      );
      await this.events.insert(tx, actor, copy, actor.personId, []);
      await bringHosts(tx, original, copy);
      const details = { from: original.id };
      await record(tx, actor, [{ act: 'event.copied', subjectId: copy.id, groupId: copy.groupId, details }]);
      return copy;
    });
  }
}

/** Named one by one, so that a fact added to events later stays behind until somebody decides. */
function whatComesAlong(original: Event): Partial<Event> {
  const { title, description, timeZone, language, format, venueId, capacityInPerson, capacityOnline } = original;
  const { tags, accessibility, guestLimit, approvalRequired, askStillComing, agenda } = original;
  return {
    title,
    description,
    timeZone,
    language,
    format,
    venueId,
    capacityInPerson,
    capacityOnline,
    tags,
    accessibility,
    guestLimit,
    approvalRequired,
    askStillComing,
    agenda,
    questions: questionsFrom(
      original.questions.map((question) => ({ ...question, id: null })),
      [],
    ),
    joinUrl: null,
  };
}

function timesFor({ startsAtLocal, endsAtLocal }: CopyEventInput, original: Event) {
  const end = endsAtLocal ?? endAsLong(startsAtLocal, original);
  return { startsAtLocal, endsAtLocal: end, ...timesOf(startsAtLocal, end, original.timeZone) };
}

/** As long by the clock on the wall: an evening from seven to nine stays one, also when the clocks change that night. */
function endAsLong(startsAtLocal: string, original: Event): string {
  const lasts = Date.parse(`${original.endsAtLocal}Z`) - Date.parse(`${original.startsAtLocal}Z`);
  const end = new Date(Date.parse(`${startsAtLocal}Z`) + lasts);
  // A start that is no date is refused as such, together with whatever end.
  return Number.isNaN(end.getTime()) ? startsAtLocal : end.toISOString().slice(0, 16);
}

async function bringHosts(tx: EntityManager, original: Event, copy: Event): Promise<void> {
  const people = (await peopleByEvent(tx, [original.id])).get(original.id) ?? [];
  const hosts = people.filter(({ role }) => role === EventRole.HOST);
  await putEventPeople(
    tx,
    copy.id,
    hosts.map(({ personId, role }) => ({ personId, role, topic: null })),
  );
}
