import { Clock, DomainError, isUuid, newId, notFound, slugOf, type Actor } from '#kernel';
import { inTransaction, violatedConstraint } from '#database';
import { Access, Group, checkTimeZone } from '#groups';
import { record } from '#history';
import { upsertPeople } from '#identity';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { agendaFrom, resourcesFrom } from './essentials/agenda.ts';
import { isMaterialChange, isVisibleChange, missingToPublish, timesOf } from './event-facts.ts';
import { EventRole } from './event-person.entity.ts';
import { Event, EventState } from './event.entity.ts';
import type { CreateEventInput, EventPersonInput, UpdateEventInput, VenueInput } from './events.inputs.ts';
import { lockEvent, putEventPeople, venueFor } from './events.queries.ts';
import { asksAnew, faultsOf, questionsFrom, type WrittenQuestion } from './question.ts';
import { moveRunbook } from './essentials/runbook.queries.ts';

/** What an update did to an event: its earlier self, for those who have to tell people what changed. */
export interface EventChange {
  before: Event;
  event: Event;
  /** Time, place or format moved while it was public: people must be told. */
  material: boolean;
}

/** Events as such. What touches registrations too (changing, cancelling, finishing) is in `#registration`. */
@Injectable()
export class EventsService {
  constructor(
    private readonly db: DataSource,
    private readonly access: Access,
    private readonly clock: Clock,
  ) {}

  /** A public event, or a draft for those who prepare it. */
  async find(actor: Actor, slug: string): Promise<Event | null> {
    const event = await this.db.manager.findOneBy(Event, { slug });
    if (!event || event.isPublic()) return event;
    return (await this.access.can(this.db.manager, actor, 'event.viewDraft', event.groupId)) ? event : null;
  }

  async create(actor: Actor, input: CreateEventInput): Promise<Event> {
    return inTransaction(this.db, async (tx) => {
      const group = isUuid(input.groupId) ? await tx.findOneBy(Group, { id: input.groupId }) : null;
      if (!group) throw notFound('group', 'groupId');
      await this.access.require(tx, actor, 'event.edit', group.id);
      const timeZone = input.timeZone ?? group.timeZone;
      checkTimeZone(timeZone);
      const event = this.blank(tx, group, {
        slug: input.slug ?? `${slugOf(input.title)}-${input.startsAtLocal.slice(0, 10)}`,
        title: input.title.trim(),
        description: input.description ?? '',
        startsAtLocal: input.startsAtLocal,
        endsAtLocal: input.endsAtLocal,
        timeZone,
        ...timesOf(input.startsAtLocal, input.endsAtLocal, timeZone),
        language: input.language ?? group.language,
        format: input.format,
        venueId: input.venue ? await venueFor(tx, group.id, input.venue) : null,
        joinUrl: input.joinUrl ?? null,
        capacityInPerson: input.capacityInPerson ?? null,
        capacityOnline: input.capacityOnline ?? null,
        registrationOpensAt: input.registrationOpensAt ?? null,
        registrationClosesAt: input.registrationClosesAt ?? null,
        tags: input.tags ?? [],
        accessibility: input.accessibility ?? {},
        approvalRequired: input.approvalRequired ?? false,
        guestLimit: input.guestLimit ?? 0,
        askStillComing: input.askStillComing ?? false,
        agenda: agendaFrom(input.agenda ?? []),
        resources: resourcesFrom(input.resources ?? []),
      });
      if (input.questions) putQuestions(event, input.questions);
      checkWindow(event);
      return this.insert(tx, actor, event, actor.personId, input.people ?? []);
    });
  }

  /** Writes a new event with those who make it happen. Also how a series makes its occurrences. */
  async insert(
    tx: EntityManager,
    actor: Actor,
    event: Event,
    organizerId: string | null,
    people: EventPersonInput[],
  ): Promise<Event> {
    await tx.insert(Event, event).catch((error: unknown) => slugTaken(error, event.slug));
    if (organizerId)
      await tx.query(`INSERT INTO event_person (event_id, person_id, role, position) VALUES ($1, $2, 'ORGANIZER', 0)`, [
        event.id,
        organizerId,
      ]);
    if (people.length > 0) await this.namePeople(tx, event, people);
    await record(tx, actor, [{ act: 'event.created', subjectId: event.id, groupId: event.groupId }]);
    return event;
  }

  /** A draft with nothing decided but what is given. */
  blank(tx: EntityManager, group: { id: string }, facts: Partial<Event>): Event {
    const now = this.clock.now();
    return tx.create(Event, {
      id: newId(),
      groupId: group.id,
      seriesId: null,
      occurrenceKey: null,
      editedByHand: false,
      state: EventState.DRAFT,
      takenInPerson: 0,
      takenOnline: 0,
      waitingInPerson: 0,
      waitingOnline: 0,
      lastWaitlistNumber: 0,
      registrationCount: 0,
      attendedInPerson: 0,
      attendedOnline: 0,
      approvalRequired: false,
      guestLimit: 0,
      questions: [],
      formVersion: 0,
      askStillComing: false,
      registrationOpensAt: null,
      registrationClosesAt: null,
      recordingUrl: null,
      agenda: [],
      resources: [],
      sequence: 0,
      changedAt: now,
      createdAt: now,
      finishedAt: null,
      attendanceChangedAt: null,
      cancelReason: null,
      ...facts,
    });
  }

  /** Applies an organizer's edit to an event whose row is locked. Registrations are the caller's business. */
  async applyUpdate(
    tx: EntityManager,
    actor: Actor,
    event: Event,
    input: Omit<UpdateEventInput, 'eventId'>,
  ): Promise<EventChange> {
    if (event.state === EventState.CANCELLED)
      throw new DomainError(
        'EVENT_CANCELLED',
        'This event was cancelled and cannot be changed any more. Please copy it instead.',
      );
    const before = tx.create(Event, { ...event });
    const timeZone = input.timeZone ?? event.timeZone;
    checkTimeZone(timeZone);
    Object.assign(event, {
      title: input.title?.trim() ?? event.title,
      description: input.description ?? event.description,
      startsAtLocal: input.startsAtLocal ?? event.startsAtLocal,
      endsAtLocal: input.endsAtLocal ?? event.endsAtLocal,
      timeZone,
      language: input.language ?? event.language,
      format: input.format ?? event.format,
      joinUrl: input.joinUrl === undefined ? event.joinUrl : input.joinUrl,
      capacityInPerson: input.capacityInPerson === undefined ? event.capacityInPerson : input.capacityInPerson,
      capacityOnline: input.capacityOnline === undefined ? event.capacityOnline : input.capacityOnline,
      registrationOpensAt:
        input.registrationOpensAt === undefined ? event.registrationOpensAt : input.registrationOpensAt,
      registrationClosesAt:
        input.registrationClosesAt === undefined ? event.registrationClosesAt : input.registrationClosesAt,
      recordingUrl: input.recordingUrl === undefined ? event.recordingUrl : input.recordingUrl,
      tags: input.tags ?? event.tags,
      accessibility: input.accessibility ?? event.accessibility,
      approvalRequired: input.approvalRequired ?? event.approvalRequired,
      guestLimit: input.guestLimit ?? event.guestLimit,
      askStillComing: input.askStillComing ?? event.askStillComing,
      agenda: input.agenda ? agendaFrom(input.agenda) : event.agenda,
      resources: input.resources ? resourcesFrom(input.resources) : event.resources,
    });
    if (input.questions) putQuestions(event, input.questions);
    if (input.startsAtLocal ?? input.endsAtLocal ?? input.timeZone)
      Object.assign(event, timesOf(event.startsAtLocal, event.endsAtLocal, timeZone));
    if (input.venue !== undefined) event.venueId = await this.changedVenue(tx, event.groupId, input.venue);
    checkWindow(event);
    if (input.people) await this.namePeople(tx, event, input.people);
    return this.saveChange(tx, actor, before, event);
  }

  /** Makes a draft public. Publishing again changes nothing. */
  async publish(actor: Actor, eventId: string): Promise<Event> {
    return inTransaction(this.db, async (tx) => {
      const event = await lockEvent(tx, eventId);
      await this.access.require(tx, actor, 'event.edit', event.groupId);
      if (event.state === EventState.PUBLISHED) return event;
      if (event.state !== EventState.DRAFT)
        throw new DomainError('NOT_A_DRAFT', 'Only a draft can be published. Please copy the event to hold it again.');
      const missing = missingToPublish(event);
      if (missing.length > 0) throw DomainError.all(missing);
      event.state = EventState.PUBLISHED;
      event.changedAt = this.clock.now();
      await tx.save(event);
      await record(tx, actor, [{ act: 'event.published', subjectId: event.id, groupId: event.groupId }]);
      return event;
    });
  }

  /** Takes the event off the programme. The caller holds its lock and tells those who registered. */
  async cancel(tx: EntityManager, actor: Actor, event: Event, reason: string | null): Promise<void> {
    event.state = EventState.CANCELLED;
    event.cancelReason = reason;
    event.sequence += 1;
    event.changedAt = this.clock.now();
    await tx.save(event);
    await record(tx, actor, [{ act: 'event.cancelled', subjectId: event.id, groupId: event.groupId }]);
  }

  private async saveChange(tx: EntityManager, actor: Actor, before: Event, event: Event): Promise<EventChange> {
    const material = event.isPublic() && isMaterialChange(before, event);
    if (material && event.state === EventState.FINISHED)
      throw new DomainError(
        'EVENT_OVER',
        'This event has taken place; its time, place and format can no longer change.',
        'eventId',
      );
    const missing = event.state === EventState.PUBLISHED ? missingToPublish(event) : [];
    if (missing.length > 0) throw DomainError.all(missing); // what publishing asked for stays true
    if (material) event.sequence += 1;
    if (isVisibleChange(before, event)) event.changedAt = this.clock.now();
    await tx.save(event);
    await moveRunbook(tx, before, event);
    await record(tx, actor, [
      { act: 'event.updated', subjectId: event.id, groupId: event.groupId, details: { material } },
    ]);
    return { before, event, material };
  }

  private async changedVenue(tx: EntityManager, groupId: string, venue: VenueInput | null): Promise<string | null> {
    return venue ? venueFor(tx, groupId, venue) : null;
  }

  private async namePeople(tx: EntityManager, event: Event, people: EventPersonInput[]): Promise<void> {
    const named = people.map((person) => ({ ...person, email: person.email.trim().toLowerCase() }));
    const ids = await upsertPeople(
      tx,
      named.map(({ name, email }) => ({ name, email, language: event.language })),
    );
    await putEventPeople(
      tx,
      event.id,
      named.flatMap(({ email, role, topic }) => {
        const personId = ids.get(email);
        return personId && role !== EventRole.ORGANIZER ? [{ personId, role, topic: topic ?? null }] : [];
      }),
    );
  }
}

/** Replaces the form. Those who answered an earlier one are asked again where it asks something new. */
function putQuestions(event: Event, written: WrittenQuestion[]): void {
  const questions = questionsFrom(written, event.questions);
  const faults = faultsOf(questions);
  if (faults.length > 0) throw DomainError.all(faults);
  if (asksAnew(event.questions, questions)) event.formVersion += 1;
  event.questions = questions;
}

function checkWindow({ registrationOpensAt: opens, registrationClosesAt: closes }: Event): void {
  if (opens && closes && closes <= opens)
    throw new DomainError(
      'CLOSES_BEFORE_OPENING',
      'Registration closes before it opens. Please choose a later closing time.',
      'registrationClosesAt',
    );
}

function slugTaken(error: unknown, slug: string): never {
  if (violatedConstraint(error) === 'uq_event_slug')
    throw new DomainError(
      'SLUG_TAKEN',
      `Another event has the address “${slug}” already. Please give it a slug of its own.`,
      'slug',
    );
  throw error;
}
