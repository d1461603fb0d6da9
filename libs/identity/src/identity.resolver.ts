import { CurrentActor, Payload, done, type Actor, type GraphqlContext } from '#kernel';
import { Args, Context, Field, Mutation, ObjectType, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { ApiKey, ApiKeyService } from './api-key.service.ts';
import { CreateApiKeyInput, RequestSignInInput, RevokeApiKeyInput, UpdateViewerInput } from './identity.inputs.ts';
import { Person } from './person.entity.ts';
import { ProfileService, maySeePrivately } from './profile.service.ts';
import { SignInService } from './sign-in.service.ts';

@ObjectType()
export class RequestSignInPayload extends Payload {
  @Field(() => String, {
    nullable: true,
    description: 'What to tell the person; the same whether we know them or not.',
  })
  message: string | null;
}

@ObjectType()
export class CreateApiKeyPayload extends Payload {
  @Field(() => ApiKey, { nullable: true, description: 'The new key.' })
  apiKey: ApiKey | null;

  @Field(() => String, { nullable: true, description: 'The key itself. It is shown this once; we keep only its hash.' })
  secret: string | null;
}

@ObjectType()
export class RevokeApiKeyPayload extends Payload {}

@ObjectType()
export class UpdateViewerPayload extends Payload {
  @Field(() => Person, { nullable: true, description: 'You, as you are now.' })
  viewer: Person | null;
}

@ObjectType()
export class EndOtherSessionsPayload extends Payload {}

/** The API of people, sign-in and API keys. */
@Resolver(() => Person)
export class IdentityResolver {
  constructor(
    private readonly profile: ProfileService,
    private readonly signIn: SignInService,
    private readonly keys: ApiKeyService,
  ) {}

  @Query(() => Person, { nullable: true, description: 'You; null for strangers.' })
  async viewer(@CurrentActor() actor: Actor): Promise<Person | null> {
    return this.profile.viewer(actor);
  }

  @Query(() => [ApiKey], { description: 'Your API keys, newest first; none for strangers.' })
  async apiKeys(@CurrentActor() actor: Actor): Promise<ApiKey[]> {
    return actor.personId === null ? [] : this.keys.list(actor.personId);
  }

  @ResolveField(() => String, { nullable: true, description: 'Only you and administrators see it; null for others.' })
  email(@Parent() person: Person, @CurrentActor() actor: Actor): string | null {
    return maySeePrivately(actor, person) ? person.email : null;
  }

  @ResolveField(() => String, { nullable: true, description: 'IANA; only you and administrators see it.' })
  timeZone(@Parent() person: Person, @CurrentActor() actor: Actor): string | null {
    return maySeePrivately(actor, person) ? person.timeZone : null;
  }

  @Mutation(() => RequestSignInPayload, { description: 'Mails a link and a code to sign in by.' })
  async requestSignIn(
    @Args('input') input: RequestSignInInput,
    @Context() context: GraphqlContext,
  ): Promise<RequestSignInPayload> {
    await this.signIn.requestLink(context.request, input.email, input.returnTo);
    return done({ message: 'If we can reach that address, a link is on its way.' });
  }

  @Mutation(() => CreateApiKeyPayload, { description: 'Makes an API key. Needs a browser session, not another key.' })
  async createApiKey(
    @CurrentActor() actor: Actor,
    @Args('input') input: CreateApiKeyInput,
    @Context() context: GraphqlContext,
  ): Promise<CreateApiKeyPayload> {
    const personId = await this.signIn.requireSession(actor, context.request);
    return done(await this.keys.create(personId, input));
  }

  @Mutation(() => RevokeApiKeyPayload, { description: 'Ends an API key at once. Needs a browser session.' })
  async revokeApiKey(
    @CurrentActor() actor: Actor,
    @Args('input') input: RevokeApiKeyInput,
    @Context() context: GraphqlContext,
  ): Promise<RevokeApiKeyPayload> {
    const personId = await this.signIn.requireSession(actor, context.request);
    await this.keys.revoke(personId, input.id);
    return done({});
  }

  @Mutation(() => UpdateViewerPayload, {
    description: 'Changes what you say about yourself. Null leaves a field as it is.',
  })
  async updateViewer(
    @CurrentActor() actor: Actor,
    @Args('input') input: UpdateViewerInput,
  ): Promise<UpdateViewerPayload> {
    return done({ viewer: await this.profile.update(actor, input) });
  }

  @Mutation(() => EndOtherSessionsPayload, { description: 'Signs you out everywhere else. Needs a browser session.' })
  async endOtherSessions(
    @CurrentActor() actor: Actor,
    @Context() context: GraphqlContext,
  ): Promise<EndOtherSessionsPayload> {
    await this.signIn.endOtherSessions(actor, context.request);
    return done({});
  }
}
