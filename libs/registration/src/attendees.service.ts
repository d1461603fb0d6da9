import { cursorParts, pageOf, pageSize, type Actor, type Page } from '#kernel';
import type { Event } from '#events';
import { Access } from '#groups';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Registration, RegistrationState } from './registration.entity.ts';

/** Which attendees of an event to list. */
export interface AttendeesFilter {
  state?: RegistrationState | null;
  /** Part of a name. */
  search?: string | null;
}

/** The people of an event, for those who run it. */
@Injectable()
export class AttendeesService {
  constructor(
    private readonly db: DataSource,
    private readonly access: Access,
  ) {}

  /** In the order they asked. Hosts see names; contact data is for organizers (rule G3). */
  async page(
    actor: Actor,
    event: Event,
    filter: AttendeesFilter,
    first: number | null,
    after: string | null,
  ): Promise<Page<Registration>> {
    await this.access.require(this.db.manager, actor, 'attendees.names', event.groupId);
    const size = pageSize(first);
    const matching = this.db.manager
      .createQueryBuilder(Registration, 'registration')
      .where('registration.eventId = :eventId', { eventId: event.id });
    if (filter.state) matching.andWhere('registration.state = :state', { state: filter.state });
    if (filter.search)
      matching.andWhere(`strpos(lower(registration.name), lower(:search)) > 0`, {
        search: filter.search.slice(0, 120),
      });
    const paged = matching
      .clone()
      .orderBy('registration.registeredAt')
      .addOrderBy('registration.id')
      .limit(size + 1);
    if (after) {
      paged.andWhere('(registration.registeredAt, registration.id) > (:at, :id)', cursorParts(after));
    }
    return pageOf(
      await paged.getMany(),
      size,
      ({ registeredAt, id }) => [registeredAt.toISOString(), id],
      () => matching.getCount(),
    );
  }
}
