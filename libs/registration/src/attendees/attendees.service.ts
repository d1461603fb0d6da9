import { pageOf, pageSize, sortedCursorParts, type Actor, type Page } from '#kernel';
import type { Event } from '#events';
import { Access } from '#groups';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { AttendeeFilter, AttendeesArgs } from './attendees.inputs.ts';
import { ORDERS, attendeesOf, conditionsOf, inOrder, type Wanted } from './attendees.queries.ts';
import type { Registration } from '../registration.entity.ts';

/** The people of an event, for those who run it. */
@Injectable()
export class AttendeesService {
  constructor(
    private readonly db: DataSource,
    private readonly access: Access,
  ) {}

  /** Hosts see names; contact data and answers are for organizers (rule G3), and so are filters that would tell of them. */
  async page(actor: Actor, event: Event, args: AttendeesArgs): Promise<Page<Registration>> {
    const { first, after, sort } = args;
    await this.access.require(this.db.manager, actor, 'attendees.names', event.groupId);
    const size = pageSize(first);
    const conditions = conditionsOf(event, await this.allowed(actor, event, filterOf(args)), sort);
    const matching = attendeesOf(this.db.manager, event, conditions);
    const { holds, keyOf } = ORDERS[sort];
    const place = after ? sortedCursorParts(after, sort, holds) : null;
    return pageOf(
      await inOrder(matching, sort, place)
        .limit(size + 1)
        .getMany(),
      size,
      (registration) => [sort, keyOf(registration), registration.id],
      // Everybody is counted already, on the event's own row.
      async () => (conditions.length > 0 ? matching.getCount() : event.registrationCount),
    );
  }

  private async allowed(actor: Actor, event: Event, filter: AttendeeFilter): Promise<Wanted> {
    if (filter.answer || filter.answersMissing != null)
      await this.access.require(this.db.manager, actor, 'attendees.contact', event.groupId);
    const byAddress =
      Boolean(filter.text) && (await this.access.can(this.db.manager, actor, 'attendees.contact', event.groupId));
    return { ...filter, byAddress };
  }
}

/** The filter, with what the older arguments `state` and `search` ask for. */
function filterOf({ filter, state, search }: AttendeesArgs): AttendeeFilter {
  const states = state ? [state] : null;
  return {
    ...filter,
    states:
      states && filter?.states ? states.filter((one) => filter.states?.includes(one)) : (states ?? filter?.states),
    text: [filter?.text, search].filter(Boolean).join(' '),
  };
}
