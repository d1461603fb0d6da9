import { CurrentActor, type Actor } from '#kernel';
import { Args, Field, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { EssentialsService } from './essentials.service.ts';
import { Event } from '../event.entity.ts';
import { RunbookTask } from './runbook-task.entity.ts';
import { Series } from '../series/series.entity.ts';

@ObjectType({ description: 'When the next Essentials session is, and what is left to do for it.' })
export class EssentialsOverview {
  @Field(() => [Series], { description: 'The Essentials series, oldest first.' })
  series: Series[];

  @Field(() => Event, { nullable: true, description: 'The soonest public session that has not ended.' })
  next: Event | null;

  @Field(() => Event, {
    nullable: true,
    description: 'The soonest session that is a draft or has open tasks. For hosts and organizers; null for others.',
  })
  nextToPrepare: Event | null;

  @Field(() => [RunbookTask], {
    description: 'What is left to do, soonest due first: at most 100. For hosts and organizers; empty for others.',
  })
  openTasks: RunbookTask[];

  @Field(() => [Event], { description: 'Sessions with a recording, latest first: at most 12.' })
  past: Event[];
}

/** The quarterly sessions at a glance. */
@Resolver(() => EssentialsOverview)
export class EssentialsResolver {
  constructor(private readonly essentials: EssentialsService) {}

  @Query(() => EssentialsOverview, {
    name: 'essentials',
    description: 'When the next Essentials session is and what is left to do for it, in one answer.',
  })
  overview(
    @CurrentActor() actor: Actor,
    @Args('group', { type: () => String, nullable: true, description: 'Slug of a group; all groups when left out.' })
    group?: string | null,
  ): Promise<EssentialsOverview> {
    return this.essentials.overview(actor, group ?? null);
  }
}
