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
import { Event, eventsById } from '#events';
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
import { Contribution, Measure } from './contribution.entity.ts';
import { ContributionsService } from './contributions.service.ts';
import { UpdateContributionInput } from './impact.inputs.ts';
import { measuresOf } from './ledger.queries.ts';

@ObjectType()
export class ContributionConnection extends connectionOf(Contribution, 'Contribution') {}

@ObjectType()
export class ContributionPayload extends Payload {
  @Field(() => Contribution, { nullable: true, description: 'The entry as it is now.' })
  contribution?: Contribution;
}

@Resolver(() => Contribution)
export class ImpactResolver {
  constructor(
    private readonly service: ContributionsService,
    private readonly db: DataSource,
  ) {}

  @Query(() => ContributionConnection, { description: 'Your own impact record, newest first.' })
  contributions(
    @CurrentActor() actor: Actor,
    @Args('first', { type: () => Int, nullable: true, description: '1 to 100; 20 when left out.' }) first?: number,
    @Args('after', { type: () => String, nullable: true }) after?: string,
  ): Promise<Page<Contribution>> {
    return this.service.page(actor, first ?? null, after ?? null);
  }

  @Mutation(() => ContributionPayload, {
    description: 'Confirms, words or hides an entry of your own record. Numbers cannot be edited, only explained.',
  })
  async updateContribution(
    @CurrentActor() actor: Actor,
    @Args('input') input: UpdateContributionInput,
  ): Promise<ContributionPayload> {
    return done({ contribution: await this.service.update(actor, input) });
  }

  @ResolveField(() => Event, { nullable: true, description: 'The event it is about.' })
  async event(@Parent() contribution: Contribution, @Context() context: GraphqlContext): Promise<Event | null> {
    return contribution.eventId
      ? loaderOf(context, eventsById, (ids) => eventsById(this.db.manager, ids)).load(contribution.eventId)
      : null;
  }

  @ResolveField(() => [Measure], { description: 'The newest number of each name; what was not measured is not there.' })
  async measures(@Parent() contribution: Contribution, @Context() context: GraphqlContext): Promise<Measure[]> {
    return (await loaderOf(context, measuresOf, (ids) => measuresOf(this.db.manager, ids)).load(contribution.id)) ?? [];
  }
}
