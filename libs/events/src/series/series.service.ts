import { Clock, DomainError, SYSTEM, isUuid, newId, notFound, slugOf, wallTimeOf, type Actor } from '#kernel';
import { inTransaction, violatedConstraint } from '#database';
import { Access, Group, checkTimeZone, requireScope } from '#groups';
import { record } from '#history';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { agendaFrom, resourcesFrom } from '../essentials/agenda.ts';
import { ESSENTIALS_AGENDA, ESSENTIALS_DESCRIPTION, runbookFor } from '../essentials/essentials.ts';
import { asRefusal, missingToPublish, occurrenceTimes, timesOf } from '../event-facts.ts';
import { EventState } from '../event.entity.ts';
import { freeSlug, venueFor } from '../events.queries.ts';
import { EventsService } from '../events.service.ts';
import { clockNotes } from '../recurrence/recurrence-preview.ts';
import {
  RecurrenceError,
  occurrences,
  parseRecurrence,
  type Occurrence,
  type OccurrenceWindow,
} from '../recurrence/recurrence.ts';
import { ruleAfter, ruleUntil } from '../recurrence/rule-split.ts';
import { Series, SeriesKind } from './series.entity.ts';
import type { CreateSeriesInput, PreviewRecurrenceArgs } from './series.inputs.ts';

/** How far ahead occurrences are made. Essentials: a quarter and the four weeks in which the next one is prepared. */
const HORIZON_DAYS = { [SeriesKind.REGULAR]: 183, [SeriesKind.ESSENTIALS]: 120 };

/** One date that a rule gives. */
export interface PlannedDate {
  startsAtLocal: string;
  startsAt: Date;
  note: string | null;
}

/** Series and the events they make. */
@Injectable()
export class SeriesService {
  constructor(
    private readonly db: DataSource,
    private readonly access: Access,
    private readonly events: EventsService,
    private readonly clock: Clock,
  ) {}

  async find(slug: string): Promise<Series | null> {
    return this.db.manager.findOneBy(Series, { slug });
  }

  /** Creates a series and its occurrences up to the horizon; the timetable makes the later ones. */
  async create(actor: Actor, input: CreateSeriesInput): Promise<Series> {
    return inTransaction(this.db, async (tx) => {
      const group = isUuid(input.groupId) ? await tx.findOneBy(Group, { id: input.groupId }) : null;
      if (!group) throw notFound('group', 'groupId');
      await this.access.require(tx, actor, 'event.edit', group.id);
      const timeZone = input.timeZone ?? group.timeZone;
      checkTimeZone(timeZone);
      const { startsAt, endsAt } = timesOf(input.startsAtLocal, input.endsAtLocal, timeZone);
      const now = this.clock.now();
      const series = tx.create(Series, {
        id: newId(),
        groupId: group.id,
        slug: input.slug ?? slugOf(input.title),
        kind: input.kind,
        title: input.title.trim(),
        description: input.description ?? (input.kind === SeriesKind.ESSENTIALS ? ESSENTIALS_DESCRIPTION : ''),
        rule: ruleOf(input.rule),
        startsAtLocal: input.startsAtLocal,
        durationMinutes: Math.round((endsAt.getTime() - startsAt.getTime()) / 60_000),
        timeZone,
        language: input.language ?? group.language,
        format: input.format,
        venueId: input.venue ? await venueFor(tx, group.id, input.venue) : null,
        joinUrl: input.joinUrl ?? null,
        capacityInPerson: input.capacityInPerson ?? null,
        capacityOnline: input.capacityOnline ?? null,
        tags: input.tags ?? [],
        accessibility: input.accessibility ?? {},
        agenda: agendaFrom(input.agenda ?? (input.kind === SeriesKind.ESSENTIALS ? ESSENTIALS_AGENDA : [])),
        resources: resourcesFrom(input.resources ?? []),
        exdates: [],
        continues: null,
        organizerId: actor.personId,
        changedAt: now,
        createdAt: now,
      });
      datesOf(series, { limit: 1 });
      await tx.insert(Series, series).catch((error: unknown) => slugTaken(error, series.slug));
      await record(tx, actor, [{ act: 'series.created', subjectId: series.id, groupId: group.id }]);
      await this.fill(tx, actor, series);
      return series;
    });
  }

  /** The next dates that a rule gives, before anybody plans with it. For people who signed in: long rules cost time. */
  preview(actor: Actor, { rule, startsAtLocal, timeZone, exdates, first }: PreviewRecurrenceArgs): PlannedDate[] {
    requireScope(actor, 'read');
    const plan = { rule: ruleOf(rule), startsAtLocal, timeZone, exdates: exdates ?? [] };
    const dates = datesOf(plan, { from: this.clock.now(), limit: first });
    const notes = clockNotes(dates, timeZone);
    return dates.map(({ startsAt }, index) => ({
      startsAtLocal: wallTimeOf(startsAt, timeZone),
      startsAt,
      note: notes[index] ?? null,
    }));
  }

  /**
   * Splits a locked series at an occurrence: its rule ends the day before, and a new series takes over that occurrence
   * and all later ones, which keep their ids. Where nothing comes before, the series itself is what follows.
   */
  async continueFrom(tx: EntityManager, actor: Actor, series: Series, day: string): Promise<Series> {
    const passed = datesOf({ ...series, exdates: [] }, {}).filter(({ key }) => key < day).length;
    if (passed === 0) return series;
    const now = this.clock.now();
    const following = tx.create(Series, {
      ...series,
      id: newId(),
      slug: await freeSeriesSlug(tx, `${series.slug}-${day}`),
      rule: ruleAfter(series.rule, passed),
      startsAtLocal: `${day}${series.startsAtLocal.slice(10)}`,
      exdates: series.exdates.filter((date) => date >= day),
      continues: series.id,
      changedAt: now,
      createdAt: now,
    });
    series.rule = ruleUntil(series.rule, day);
    series.exdates = series.exdates.filter((date) => date < day);
    series.changedAt = now; // whoever asks for its calendar by date is to see that dates have left it
    await tx.save(series);
    await tx.insert(Series, following);
    // By id, as everybody locks several events, and before they change hands: an update alone takes them in any order.
    await tx.query(
      `SELECT FROM event WHERE series_id = $1 AND left(occurrence_key, 10) >= $2 ORDER BY id FOR NO KEY UPDATE`,
      [series.id, day],
    );
    await tx.query(`UPDATE event SET series_id = $3 WHERE series_id = $1 AND left(occurrence_key, 10) >= $2`, [
      series.id,
      day,
      following.id,
    ]);
    const details = { continues: series.id, from: day };
    await record(tx, actor, [{ act: 'series.split', subjectId: following.id, groupId: series.groupId, details }]);
    return following;
  }

  /** Makes the occurrences that are missing between now and the horizon. A second run finds nothing to do. */
  async fill(tx: EntityManager, actor: Actor, series: Series): Promise<number> {
    const now = this.clock.now();
    const until = new Date(now.getTime() + HORIZON_DAYS[series.kind] * 86_400_000);
    const due = datesOf(series, { from: now, until });
    // Known by their days, of which a rule gives each once: the time of day may have been changed since.
    const known: { day: string }[] = await tx.query(
      'SELECT left(occurrence_key, 10) AS day FROM event WHERE series_id = $1 AND left(occurrence_key, 10) = ANY($2)',
      [series.id, due.map(({ key }) => key.slice(0, 10))],
    );
    const missing = due.filter(({ key }) => !known.some(({ day }) => key.startsWith(day)));
    for (const occurrence of missing) await this.makeOccurrence(tx, actor, series, occurrence);
    return missing.length;
  }

  /** For the timetable: every series in turn, each in its own transaction under its row's lock. */
  async fillAll(): Promise<void> {
    const ids: { id: string }[] = await this.db.query('SELECT id FROM series ORDER BY id');
    for (const { id } of ids)
      await inTransaction(this.db, async (tx) => {
        const series = await lockSeries(tx, id);
        await this.fill(tx, SYSTEM, series);
      });
  }

  private async makeOccurrence(tx: EntityManager, actor: Actor, series: Series, { key }: Occurrence): Promise<void> {
    const essentials = series.kind === SeriesKind.ESSENTIALS;
    const event = this.events.blank(
      tx,
      { id: series.groupId },
      {
        seriesId: series.id,
        occurrenceKey: key,
        slug: await freeSlug(tx, `${series.slug}-${key.slice(0, 10)}`),
        title: series.title,
        description: series.description,
        ...occurrenceTimes(key, series.timeZone, series.durationMinutes),
        timeZone: series.timeZone,
        language: series.language,
        format: series.format,
        venueId: series.venueId,
        // Each Essentials session gets a join link of its own: one taken over from last quarter would lead nowhere.
        joinUrl: essentials ? null : series.joinUrl,
        capacityInPerson: series.capacityInPerson,
        capacityOnline: series.capacityOnline,
        tags: series.tags,
        accessibility: series.accessibility,
        agenda: series.agenda,
        resources: series.resources,
      },
    );
    if (!essentials && missingToPublish(event).length === 0) event.state = EventState.PUBLISHED;
    await this.events.insert(tx, actor, event, series.organizerId, []);
    if (essentials)
      await tx.query(
        `INSERT INTO runbook_task (event_id, key, title, due_on)
         SELECT $1, key, title, "dueOn" FROM jsonb_to_recordset($2) AS task(key text, title text, "dueOn" date)`,
        [event.id, JSON.stringify(runbookFor(key))],
      );
  }
}

/** The series, locked until the transaction ends: two processes never make the same occurrence. */
export async function lockSeries(tx: EntityManager, seriesId: string): Promise<Series> {
  const series = isUuid(seriesId)
    ? await tx.findOne(Series, { where: { id: seriesId }, lock: { mode: 'for_no_key_update' } })
    : null;
  if (!series) throw notFound('series', 'seriesId');
  return series;
}

/** Dates of a series without those it skips; refusals of its rule, start and zone told as the API tells them. */
export function datesOf(
  series: Pick<Series, 'rule' | 'startsAtLocal' | 'timeZone' | 'exdates'>,
  window: Omit<OccurrenceWindow, 'without'>,
): Occurrence[] {
  try {
    const rule = parseRecurrence(series.rule);
    return occurrences(rule, series.startsAtLocal, series.timeZone, { ...window, without: series.exdates });
  } catch (error) {
    if (error instanceof RecurrenceError) throw new DomainError(`RULE_${error.code}`, error.message, 'rule');
    throw asRefusal(error, 'startsAtLocal');
  }
}

/** A rule as it is stored: some programs write the name of the property before it. */
export function ruleOf(written: string): string {
  return written.trim().replace(/^RRULE:/i, '');
}

async function freeSeriesSlug(tx: EntityManager, slug: string): Promise<string> {
  return (await tx.existsBy(Series, { slug })) ? `${slug}-${newId().slice(0, 8)}` : slug;
}

function slugTaken(error: unknown, slug: string): never {
  if (violatedConstraint(error) === 'uq_series_slug')
    throw new DomainError(
      'SLUG_TAKEN',
      `Another series has the address “${slug}” already. Please give it a slug of its own.`,
      'slug',
    );
  throw error;
}
