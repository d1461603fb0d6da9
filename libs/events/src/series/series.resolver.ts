import { CurrentActor, Payload, done, loaderOf, type Actor, type GraphqlContext, type Page } from '#kernel';
import { Group, groupsById } from '#groups';
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
import { Event } from '../event.entity.ts';
import { EventsListService } from '../search/events-list.service.ts';
import { EventFilter } from '../events.inputs.ts';
import { EventConnection } from '../events.resolver.ts';
import { Series } from './series.entity.ts';
import { CreateSeriesInput, PreviewRecurrenceArgs } from './series.inputs.ts';
import { SeriesService, type PlannedDate } from './series.service.ts';

@ObjectType()
export class SeriesPayload extends Payload {
  @Field(() => Series, { nullable: true, description: 'The series as it is now.' })
  series?: Series;

  @Field(() => [Event], {
    nullable: true,
    description:
      'Coming occurrences that an edit left as they are, soonest first, for you to decide: edited by hand, or with people registered on a date that the series no longer has.',
  })
  kept?: Event[];
}

@ObjectType({ description: 'A date that a rule gives.' })
export class RecurrenceDate {
  @Field({ description: 'Start as the clock shows it: `2026-03-17T17:00`.' })
  startsAtLocal: string;

  @Field({ description: 'Start as an instant (UTC).' })
  startsAt: Date;

  @Field(() => String, {
    nullable: true,
    description: 'What to know of the clock that day: a time that is skipped or shown twice, or a new offset to UTC.',
  })
  note: string | null;
}

@Resolver(() => Series)
export class SeriesResolver {
  constructor(
    private readonly seriesService: SeriesService,
    private readonly list: EventsListService,
    private readonly db: DataSource,
  ) {}

  @Query(() => Series, { nullable: true, description: 'A series by the name in its address.' })
  series(@Args('slug') slug: string): Promise<Series | null> {
    return this.seriesService.find(slug);
  }

  @Query(() => [RecurrenceDate], {
    description: 'The next dates of a rule before anybody plans with it, soonest first. For people who signed in.',
  })
  previewRecurrence(@CurrentActor() actor: Actor, @Args() rule: PreviewRecurrenceArgs): PlannedDate[] {
    return this.seriesService.preview(actor, rule);
  }

  @Mutation(() => SeriesPayload, { description: 'Plans a series and makes its first occurrences. For organizers.' })
  async createSeries(@CurrentActor() actor: Actor, @Args('input') input: CreateSeriesInput): Promise<SeriesPayload> {
    return done({ series: await this.seriesService.create(actor, input) });
  }

  @ResolveField(() => Group, { description: 'The group it belongs to.' })
  group(@Parent() series: Series, @Context() context: GraphqlContext): Promise<Group | null> {
    return loaderOf(context, groupsById, (ids) => groupsById(this.db.manager, ids)).load(series.groupId);
  }

  @ResolveField(() => EventConnection, {
    description:
      'Its public occurrences, soonest first; those that have not ended unless `filter.from` says otherwise.',
  })
  events(
    @Parent() series: Series,
    @Args('filter', { nullable: true }) filter?: EventFilter,
    @Args('first', { type: () => Int, nullable: true }) first?: number,
    @Args('after', { type: () => String, nullable: true }) after?: string,
  ): Promise<Page<Event>> {
    return this.list.page({ ...filter, series: series.slug }, first ?? null, after ?? null);
  }
}
