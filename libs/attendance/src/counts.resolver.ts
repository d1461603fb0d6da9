import { CurrentActor, type Actor } from '#kernel';
import { Args, ID, Resolver, Subscription } from '@nestjs/graphql';
import { EventCounts } from './counts.ts';
import { CountsService } from './counts.service.ts';

/** Live numbers for the door. */
@Resolver(() => EventCounts)
export class CountsResolver {
  constructor(private readonly counts: CountsService) {}

  @Subscription(() => EventCounts, {
    description:
      'How an event stands, at once and after every change by whatever process. For hosts and organizers. Over WebSocket (graphql-transport-ws) at `/graphql`.',
    resolve: (counts: EventCounts) => counts,
  })
  eventCounts(
    @CurrentActor() actor: Actor,
    @Args('eventId', { type: () => ID }) eventId: string,
  ): Promise<AsyncIterableIterator<EventCounts>> {
    return this.counts.watch(actor, eventId);
  }
}
