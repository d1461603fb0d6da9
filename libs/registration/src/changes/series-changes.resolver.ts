import { CurrentActor, done, type Actor } from '#kernel';
import { Series, SeriesPayload, SkipDatesInput, UpdateSeriesInput } from '#events';
import { Args, Mutation, Resolver } from '@nestjs/graphql';
import { SeriesChangesService } from './series-changes.service.ts';

/** Changes of series that reach the people registered for their occurrences. */
@Resolver(() => Series)
export class SeriesChangesResolver {
  constructor(private readonly changes: SeriesChangesService) {}

  @Mutation(() => SeriesPayload, {
    description:
      'Edits a series and its coming occurrences, all or those from one on. What was edited by hand stays, and so does what people registered for. For organizers.',
  })
  async updateSeries(@CurrentActor() actor: Actor, @Args('input') input: UpdateSeriesInput): Promise<SeriesPayload> {
    return done(await this.changes.update(actor, input));
  }

  @Mutation(() => SeriesPayload, {
    description:
      'Leaves days of a series out. Events made for them are cancelled; one with people registered is refused. For organizers.',
  })
  async skipDates(@CurrentActor() actor: Actor, @Args('input') input: SkipDatesInput): Promise<SeriesPayload> {
    return done({ series: await this.changes.skipDates(actor, input) });
  }
}
