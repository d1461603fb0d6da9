import { Clock, cursorParts, pageOf, pageSize, type Page } from '#kernel';
import { Injectable } from '@nestjs/common';
import { DataSource, type SelectQueryBuilder } from 'typeorm';
import { Event, EventState } from './event.entity.ts';
import type { EventFilter } from './events.inputs.ts';

/** Public events, soonest first, page by page. */
@Injectable()
export class EventsListService {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
  ) {}

  async page(filter: EventFilter, first: number | null, after: string | null): Promise<Page<Event>> {
    const size = pageSize(first);
    const query = this.matching(filter);
    const paged = query
      .clone()
      .orderBy('event.startsAt')
      .addOrderBy('event.id')
      .limit(size + 1);
    if (after) {
      paged.andWhere('(event.startsAt, event.id) > (:at, :id)', cursorParts(after));
    }
    return pageOf(
      await paged.getMany(),
      size,
      ({ startsAt, id }) => [startsAt.toISOString(), id],
      () => query.getCount(),
    );
  }

  private matching(filter: EventFilter): SelectQueryBuilder<Event> {
    const query = this.db.manager
      .createQueryBuilder(Event, 'event')
      .where('event.state <> :draft', { draft: EventState.DRAFT })
      .andWhere('event.endsAt > :from', { from: filter.from ?? this.clock.now() });
    if (filter.to) query.andWhere('event.startsAt < :to', { to: filter.to });
    if (filter.format) query.andWhere('event.format = :format', { format: filter.format });
    if (filter.tag) query.andWhere('event.tags @> ARRAY[:tag]::text[]', { tag: filter.tag });
    if (filter.group)
      query.andWhere('event.groupId = (SELECT id FROM meetup_group WHERE slug = :group)', { group: filter.group });
    if (filter.series)
      query.andWhere('event.seriesId = (SELECT id FROM series WHERE slug = :series)', { series: filter.series });
    return query;
  }
}
