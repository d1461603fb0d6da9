import { CurrentActor, Payload, done, type Actor } from '#kernel';
import { Field, Mutation, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { PersonalFeedService } from './personal-feed.service.ts';

@ObjectType({
  description: 'The calendar of what you go to. Its address is a secret and is shown once, when it is made.',
})
export class PersonalFeed {
  @Field({ description: 'When its address was made (UTC).' })
  createdAt: Date;

  @Field(() => String, {
    nullable: true,
    description: 'Day on which a calendar program last read it, `YYYY-MM-DD` (UTC); null when none did.',
  })
  lastUsedOn: string | null;
}

@ObjectType()
export class CreatePersonalFeedPayload extends Payload {
  @Field(() => PersonalFeed, { nullable: true, description: 'The new calendar.' })
  feed: PersonalFeed | null;

  @Field(() => String, {
    nullable: true,
    description: 'Its address, to subscribe to. It is shown this once; we keep only its hash.',
  })
  url: string | null;
}

@ObjectType()
export class RevokePersonalFeedPayload extends Payload {}

/** The calendar that is for one person alone. */
@Resolver(() => PersonalFeed)
export class PersonalFeedResolver {
  constructor(private readonly feeds: PersonalFeedService) {}

  @Query(() => PersonalFeed, { nullable: true, description: 'Your own calendar; null when you have none.' })
  async personalFeed(@CurrentActor() actor: Actor): Promise<PersonalFeed | null> {
    return this.feeds.find(actor);
  }

  @Mutation(() => CreatePersonalFeedPayload, {
    description: 'Makes the address of a calendar with all you registered for. An address made before stops working.',
  })
  async createPersonalFeed(@CurrentActor() actor: Actor): Promise<CreatePersonalFeedPayload> {
    return done(await this.feeds.create(actor));
  }

  @Mutation(() => RevokePersonalFeedPayload, { description: 'Ends the address of your calendar at once.' })
  async revokePersonalFeed(@CurrentActor() actor: Actor): Promise<RevokePersonalFeedPayload> {
    await this.feeds.revoke(actor);
    return done({});
  }
}
