import {
  CurrentActor,
  Payload,
  connectionOf,
  done,
  loaderOf,
  type Actor,
  type GraphqlContext,
  type Page,
} from '#kernel';
import { Access, Group, groupsById } from '#groups';
import {
  Args,
  Context,
  Field,
  Int,
  Mutation,
  ObjectType,
  Parent,
  Query,
  ResolveField,
  Resolver,
} from '@nestjs/graphql';
import { DataSource } from 'typeorm';
import { EventPerson } from './event-person.entity.ts';
import { Event, Pool } from './event.entity.ts';
import { EventsListService } from './search/events-list.service.ts';
import { EventSort } from './search/events-search.inputs.ts';
import { CreateEventInput, EventFilter, EventIdInput } from './events.inputs.ts';
import { peopleByEvent, venuesById } from './events.queries.ts';
import { EventsService } from './events.service.ts';
import { RunbookTask } from './essentials/runbook-task.entity.ts';
import { RunbookService } from './essentials/runbook.service.ts';
import { Venue } from './venue.entity.ts';

@ObjectType()
export class EventConnection extends connectionOf(Event, 'Event') {}

@ObjectType({ description: 'Seats of one kind and who has them.' })
export class SeatPool {
  @Field(() => Pool, { description: 'Which seats.' })
  pool: Pool;

  @Field(() => Int, { nullable: true, description: 'No limit when null.' })
  capacity: number | null;

  @Field(() => Int, { description: 'Confirmed people.' })
  taken: number;

  @Field(() => Int, { description: 'People on the waitlist.' })
  waiting: number;
}

@ObjectType()
export class EventPayload extends Payload {
  @Field(() => Event, { nullable: true, description: 'The event as it is now.' })
  event?: Event;
}

@Resolver(() => EventPerson)
export class EventPersonResolver {
  @ResolveField(() => String, { description: 'Plain text, up to 120 characters.' })
  name(@Parent() person: EventPerson & { name: string }): string {
    return person.name;
  }
}

@Resolver(() => Event)
export class EventsResolver {
  constructor(
    private readonly events: EventsService,
    private readonly list: EventsListService,
    private readonly runbook: RunbookService,
    private readonly access: Access,
    private readonly db: DataSource,
  ) {}

  @Query(() => Event, {
    nullable: true,
    description: 'An event by the name in its address. Drafts for those who prepare them.',
  })
  event(@CurrentActor() actor: Actor, @Args('slug') slug: string): Promise<Event | null> {
    return this.events.find(actor, slug);
  }

  @Query(() => EventConnection, {
    name: 'events',
    description: 'Public events, soonest first unless `sort` says otherwise.',
  })
  page(
    @Args('filter', { nullable: true }) filter?: EventFilter,
    @Args('first', { type: () => Int, nullable: true, description: '1 to 100; 20 when left out.' }) first?: number,
    @Args('after', { type: () => String, nullable: true }) after?: string,
    @Args('sort', { type: () => EventSort, nullable: true, description: 'A cursor belongs to its sort.' })
    sort?: EventSort,
  ): Promise<Page<Event>> {
    return this.list.page(filter ?? {}, first ?? null, after ?? null, sort ?? undefined);
  }

  @Mutation(() => EventPayload, { description: 'Drafts an event. For organizers.' })
  async createEvent(@CurrentActor() actor: Actor, @Args('input') input: CreateEventInput): Promise<EventPayload> {
    return done({ event: await this.events.create(actor, input) });
  }

  @Mutation(() => EventPayload, { description: 'Makes a draft public. For organizers.' })
  async publishEvent(@CurrentActor() actor: Actor, @Args('input') input: EventIdInput): Promise<EventPayload> {
    return done({ event: await this.events.publish(actor, input.eventId) });
  }

  @ResolveField(() => Group, { description: 'The group it belongs to.' })
  group(@Parent() event: Event, @Context() context: GraphqlContext): Promise<Group | null> {
    return loaderOf(context, groupsById, (ids) => groupsById(this.db.manager, ids)).load(event.groupId);
  }

  @ResolveField(() => Venue, { nullable: true, description: 'Where people meet; null for an online event.' })
  async venue(@Parent() event: Event, @Context() context: GraphqlContext): Promise<Venue | null> {
    return event.venueId
      ? loaderOf(context, venuesById, (ids) => venuesById(this.db.manager, ids)).load(event.venueId)
      : null;
  }

  @ResolveField(() => [EventPerson], { description: 'Organizer, hosts and speakers, in order.' })
  async people(@Parent() event: Event, @Context() context: GraphqlContext): Promise<EventPerson[]> {
    return (await loaderOf(context, peopleByEvent, (ids) => peopleByEvent(this.db.manager, ids)).load(event.id)) ?? [];
  }

  @ResolveField(() => [SeatPool], { description: 'The seat pools that its format has.' })
  pools(@Parent() event: Event): SeatPool[] {
    return event
      .pools()
      .map((pool) =>
        pool === Pool.ONLINE
          ? { pool, capacity: event.capacityOnline, taken: event.takenOnline, waiting: event.waitingOnline }
          : { pool, capacity: event.capacityInPerson, taken: event.takenInPerson, waiting: event.waitingInPerson },
      );
  }

  @ResolveField(() => String, {
    nullable: true,
    description: 'Where the online session takes place. For organizers; null for others.',
  })
  async joinUrl(
    @Parent() event: Event,
    @CurrentActor() actor: Actor,
    @Context() context: GraphqlContext,
  ): Promise<string | null> {
    const mine = loaderOf(context, this.access, async (ids) => {
      const allowed = await this.access.among(this.db.manager, actor, 'event.edit', ids);
      return new Map(ids.map((id) => [id, allowed.has(id)]));
    });
    return (await mine.load(event.groupId)) ? event.joinUrl : null;
  }

  @ResolveField(() => [RunbookTask], {
    name: 'runbook',
    description: 'What is left to do around it. For hosts and organizers; empty for others.',
  })
  tasks(@Parent() event: Event, @CurrentActor() actor: Actor): Promise<RunbookTask[]> {
    return this.runbook.list(actor, event);
  }
}
