import { Clock, DomainError, given, instantOf, isUuid, notFound, wallTimeOf, type Actor } from '#kernel';
import { inTransaction } from '#database';
import {
  Event,
  EventState,
  Series,
  SeriesScope,
  SeriesService,
  agendaFrom,
  asRefusal,
  datesOf,
  lockSeries,
  newPlaces,
  occurrenceTimes,
  parseRecurrence,
  resourcesFrom,
  ruleOf,
  venueFor,
  type SkipDatesInput,
  type UpdateSeriesInput,
} from '#events';
import { Access } from '#groups';
import { record } from '#history';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { EventChangesService } from './event-changes.service.ts';
import { countThere, isUntouched, lockOccurrences, removeOccurrence } from './series-changes.queries.ts';

const CLEARABLE = new Set(['venue', 'joinUrl', 'capacityInPerson', 'capacityOnline']);

/** The parts of an edit that make a new plan. */
const PLAN = ['rule', 'startsOn', 'startsAtTime', 'durationMinutes', 'timeZone'] as const;

type SeriesEdit = Omit<UpdateSeriesInput, 'seriesId' | 'scope' | 'from'>;

/** A series after an edit, and the coming occurrences that the edit left as they are. */
export interface SeriesChange {
  series: Series;
  kept: Event[];
}

/**
 * Edits of a series, which reach its occurrences that have not begun and nobody edited by hand, each as an edit of its
 * own: what is material is mailed once. A new plan (rule, first day, time of day, length or zone) treats them so:
 *
 * - Whose day the new rule has too keeps that day. Others move to a free day of the same week, month or year, where rule
 *   and old rule have the same frequency and interval.
 * - Whose date has gone is removed if nobody would miss it: no registration, no mail, no preparation. Otherwise it stays
 *   as it is, counts as edited by hand from then on, and is named in the answer for the organizer to decide.
 * - Occurrences edited by hand, and cancelled ones, keep their time. They hold the place of the date they were planned
 *   for, so that it is not made a second time.
 *
 * Locks: the row of the series, then its events by id. Filling takes the first too, so that the two follow each other.
 */
@Injectable()
export class SeriesChangesService {
  constructor(
    private readonly db: DataSource,
    private readonly access: Access,
    private readonly series: SeriesService,
    private readonly changes: EventChangesService,
    private readonly clock: Clock,
  ) {}

  /** Edits all coming occurrences, or those from one on, which become a series of their own. */
  async update(actor: Actor, { seriesId, scope, from, ...edit }: UpdateSeriesInput): Promise<SeriesChange> {
    return inTransaction(this.db, async (tx) => {
      const locked = await lockSeries(tx, seriesId);
      await this.access.require(tx, actor, 'event.edit', locked.groupId);
      const series =
        scope === SeriesScope.FOLLOWING
          ? await this.series.continueFrom(tx, actor, locked, await this.dayOf(tx, locked, from ?? null))
          : locked;
      const rule = series.rule;
      await this.changePlan(tx, series, edit);
      await record(tx, actor, [{ act: 'series.updated', subjectId: series.id, groupId: series.groupId }]);
      const kept = await this.follow(tx, actor, series, rule, edit);
      await this.series.fill(tx, actor, series);
      return { series, kept };
    });
  }

  /** Leaves days out for good. Occurrences made for them are cancelled, unless that would surprise somebody. */
  async skipDates(actor: Actor, { seriesId, dates }: SkipDatesInput): Promise<Series> {
    return inTransaction(this.db, async (tx) => {
      const series = await lockSeries(tx, seriesId);
      await this.access.require(tx, actor, 'event.edit', series.groupId);
      const days = [...new Set(dates)].filter((day) => !series.exdates.includes(day));
      this.checkDates(series, days);
      const made = (await lockOccurrences(tx, series, this.present(series))).filter(
        ({ occurrenceKey, state }) => days.includes(occurrenceKey?.slice(0, 10) ?? '') && isAlive(state),
      );
      await checkNobodyMinds(tx, made);
      series.exdates = [...series.exdates, ...days].sort();
      await tx.save(series);
      const details = { dates: days };
      await record(tx, actor, [{ act: 'series.datesSkipped', subjectId: series.id, groupId: series.groupId, details }]);
      for (const event of made) await this.changes.callOff(tx, actor, event, null);
      return series;
    });
  }

  private async changePlan(tx: EntityManager, series: Series, edit: SeriesEdit): Promise<void> {
    const { rule, startsOn, startsAtTime, venue, agenda, resources, ...facts } = edit;
    const seen = `${series.title}\n${series.description}\n${series.timeZone}`;
    Object.assign(series, given(facts, CLEARABLE));
    if (`${series.title}\n${series.description}\n${series.timeZone}` !== seen) series.changedAt = this.clock.now();
    if (agenda) series.agenda = agendaFrom(agenda);
    if (resources) series.resources = resourcesFrom(resources);
    if (venue !== undefined) series.venueId = venue ? await venueFor(tx, series.groupId, venue) : null;
    if (rule) series.rule = ruleOf(rule);
    const [day, time] = series.startsAtLocal.split('T');
    series.startsAtLocal = `${startsOn ?? day}T${startsAtTime ?? time}`;
    if (isReplanned(edit)) checkPlan(series, edit);
    await tx.save(series);
  }

  /** Takes the occurrences along, and answers with those that stay behind. */
  private async follow(
    tx: EntityManager,
    actor: Actor,
    series: Series,
    rule: string,
    edit: SeriesEdit,
  ): Promise<Event[]> {
    const { now, today } = this.present(series);
    const occurrences = await lockOccurrences(tx, series, { now, today });
    const places = isReplanned(edit) ? placesOf(series, rule, occurrences, today) : null;
    const kept: Event[] = [];
    for (const event of occurrences) {
      const place = places?.get(event.id) ?? null;
      const isComing = isAlive(event.state) && event.startsAt > now;
      if (place !== null) event.occurrenceKey = place;
      if (isComing && !event.editedByHand && (!places || (place !== null && startOf(series, place) > now)))
        await this.changes.change(tx, actor, event, editOf(series, edit, place));
      else if (isComing && !event.editedByHand && place === null && (await isUntouched(tx, event)))
        await removeOccurrence(tx, actor, event);
      else if (isComing) kept.push(await tx.save(Object.assign(event, { editedByHand: true })));
      else if (place !== null) await tx.save(event);
    }
    return kept.sort((a, b) => a.startsAt.getTime() - b.startsAt.getTime());
  }

  /** The day for which an occurrence was planned that is still to come. */
  private async dayOf(tx: EntityManager, series: Series, from: string | null): Promise<string> {
    if (!from) throw new DomainError('FROM_NEEDED', 'Please say from which occurrence on, by its id.', 'from');
    const event = isUuid(from) ? await tx.findOneBy(Event, { id: from, seriesId: series.id }) : null;
    if (!event?.occurrenceKey) throw notFound('occurrence', 'from');
    if (event.startsAt <= this.clock.now())
      throw new DomainError('OCCURRENCE_OVER', 'That occurrence has begun. Please choose one that is to come.', 'from');
    return event.occurrenceKey.slice(0, 10);
  }

  private checkDates(series: Series, days: string[]): void {
    const coming = datesOf(series, { from: this.clock.now() }).map(({ key }) => key.slice(0, 10));
    const unknown = days.find((day) => !coming.includes(day));
    if (unknown === undefined) return;
    const next = coming.slice(0, 3).join(', ');
    throw new DomainError(
      'DATE_UNKNOWN',
      `This series has no date to come on ${unknown}. ${next ? `Its next dates are ${next}.` : 'All its dates are over.'}`,
      'dates',
    );
  }

  /** Now, and the day it is where the series takes place. */
  private present(series: Series): { now: Date; today: string } {
    const now = this.clock.now();
    return { now, today: wallTimeOf(now, series.timeZone).slice(0, 10) };
  }
}

function isAlive(state: EventState): boolean {
  return state === EventState.DRAFT || state === EventState.PUBLISHED;
}

function isReplanned(edit: SeriesEdit): boolean {
  return PLAN.some((part) => edit[part] != null);
}

/** A plan that gives dates, from a first day that its clock shows. */
function checkPlan(series: Series, { startsOn }: SeriesEdit): void {
  if (startsOn) {
    try {
      instantOf(series.startsAtLocal, series.timeZone);
    } catch (error) {
      throw asRefusal(error, 'startsOn');
    }
  }
  datesOf(series, { limit: 1 });
}

function placesOf(series: Series, rule: string, occurrences: Event[], today: string): Map<string, string> {
  const dates = datesOf(series, { from: occurrenceTimes(`${today}T00:00`, series.timeZone, 1).startsAt });
  return newPlaces(
    occurrences.map(({ id, occurrenceKey }) => ({ id, key: occurrenceKey ?? '' })),
    dates.map(({ key }) => key),
    parseRecurrence(rule),
    parseRecurrence(series.rule),
  );
}

function startOf(series: Series, place: string): Date {
  return occurrenceTimes(place, series.timeZone, series.durationMinutes).startsAt;
}

/** What an edit of the series says to one occurrence, with its times where it has a place in a new plan. */
function editOf(series: Series, edit: SeriesEdit, place: string | null) {
  const facts: SeriesEdit = { ...edit };
  for (const part of PLAN) delete facts[part];
  const changes = given(facts, CLEARABLE);
  if (place === null) return changes;
  const { startsAtLocal, endsAtLocal } = occurrenceTimes(place, series.timeZone, series.durationMinutes);
  return { ...changes, startsAtLocal, endsAtLocal, timeZone: series.timeZone };
}

/** People registered and edits by hand are not swept away with a date: such an event is cancelled by itself. */
async function checkNobodyMinds(tx: EntityManager, made: Event[]): Promise<void> {
  const there = await countThere(
    tx,
    made.map(({ id }) => id),
  );
  const minded = made.find(({ id, editedByHand }) => editedByHand || there.has(id));
  if (!minded) return;
  const people = there.get(minded.id) ?? 0;
  const registered = people === 1 ? '1 person is registered' : `${people} people are registered`;
  const why = people > 0 ? `${registered} for “${minded.title}” on` : `“${minded.title}” was edited by hand for`;
  throw new DomainError(
    'DATE_IN_USE',
    `${why} ${minded.startsAtLocal.slice(0, 10)}. Please cancel that event itself, with a word to those who wanted to come, or leave the date out of your list.`,
    'dates',
  );
}
