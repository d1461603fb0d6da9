import { Clock, pageOf, pageSize, type Page } from '#kernel';
import { Injectable } from '@nestjs/common';
import { DataSource, type SelectQueryBuilder } from 'typeorm';
import { Event } from '../event.entity.ts';
import { EventSort } from './events-search.inputs.ts';
import { conditionsOf, cursorOf, measureOf, placeIn, type Measure, type Place } from './events-search.ts';
import type { EventFilter } from '../events.inputs.ts';

/** Public events that somebody looks for (rule E7), page by page. */
@Injectable()
export class EventsListService {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
  ) {}

  /** One query for the page, and one for the count when that is asked for. */
  async page(
    filter: EventFilter,
    first: number | null,
    after: string | null,
    sort = EventSort.SOONEST,
  ): Promise<Page<Event>> {
    const size = pageSize(first);
    const query = this.matching(filter);
    const measure = measureOf(sort, filter);
    const place = after ? placeIn(after, sort) : null;
    const { entities, raw } = await inOrder(query, measure, place)
      .limit(size + 1)
      .getRawAndEntities<{ measure?: string }>();
    const measures = new Map(entities.map((event, index) => [event, raw[index]?.measure ?? null]));
    return pageOf(
      entities,
      size,
      (event) =>
        cursorOf(sort, { measure: measures.get(event) ?? null, at: event.startsAt.toISOString(), id: event.id }),
      () => query.getCount(),
    );
  }

  private matching(filter: EventFilter): SelectQueryBuilder<Event> {
    const query = this.db.manager.createQueryBuilder(Event, 'event');
    for (const { sql, holds } of conditionsOf(filter, this.clock.now())) query.andWhere(sql, holds);
    return query;
  }
}

/** These events by the measure, if there is one, then by start; from behind the place of a cursor. */
function inOrder(
  query: SelectQueryBuilder<Event>,
  measure: Measure | null,
  place: Place | null,
): SelectQueryBuilder<Event> {
  const ordered = query.clone();
  if (measure) ordered.addSelect(measure.sql, 'measure').setParameters(measure.holds).orderBy('measure');
  ordered.addOrderBy('event.startsAt').addOrderBy('event.id');
  if (!place) return ordered;
  return measure
    ? ordered.andWhere(`(${measure.sql}, event.startsAt, event.id) > (:measure, :at, :id)`, { ...place })
    : ordered.andWhere('(event.startsAt, event.id) > (:at, :id)', { at: place.at, id: place.id });
}
