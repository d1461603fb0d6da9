import { CurrentActor, done, type Actor } from '#kernel';
import { Args, Mutation, Resolver } from '@nestjs/graphql';
import { CopyEventInput } from './copy-event.inputs.ts';
import { CopyEventService } from './copy-event.service.ts';
import { Event } from '../event.entity.ts';
import { EventPayload } from '../events.resolver.ts';

/** Holding an event once more. */
@Resolver(() => Event)
export class CopyEventResolver {
  constructor(private readonly copies: CopyEventService) {}

  @Mutation(() => EventPayload, {
    description:
      'Drafts an event like another, at a new time: same words, agenda, place, capacities, questions and hosts. Registration window, join link, resources, recording, speakers and answers do not come along. For organizers.',
  })
  async copyEvent(@CurrentActor() actor: Actor, @Args('input') input: CopyEventInput): Promise<EventPayload> {
    return done({ event: await this.copies.copy(actor, input) });
  }
}
