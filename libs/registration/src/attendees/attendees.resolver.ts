import { CurrentActor, Payload, connectionOf, done, type Actor, type Page } from '#kernel';
import { Event } from '#events';
import { Group } from '#groups';
import { Args, Field, Mutation, ObjectType, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { ApprovalService } from '../admission/approval.service.ts';
import { AttendeesArgs } from './attendees.inputs.ts';
import { AttendeesService } from './attendees.service.ts';
import { BlocksService } from '../blocks.service.ts';
import {
  ApproveRegistrationInput,
  BlockPersonInput,
  PromoteFromWaitlistInput,
  RefuseRegistrationInput,
  UnblockPersonInput,
} from '../registration.inputs.ts';
import { Registration } from '../registration.entity.ts';
import { RegistrationPayload } from '../registration.resolver.ts';
import { WaitlistService } from '../waitlist/waitlist.service.ts';

@ObjectType()
export class RegistrationConnection extends connectionOf(Registration, 'Registration') {}

@ObjectType()
export class BlockPayload extends Payload {
  @Field(() => Group, { nullable: true, description: 'The group it belongs to.' })
  group?: Group;
}

/** What organizers and hosts do with the people of an event. */
@Resolver(() => Event)
export class AttendeesResolver {
  constructor(
    private readonly attendees: AttendeesService,
    private readonly waitlist: WaitlistService,
    private readonly approval: ApprovalService,
    private readonly blocks: BlocksService,
  ) {}

  @ResolveField(() => RegistrationConnection, {
    name: 'attendees',
    description: 'Who registered, in the order they asked unless `sort` says otherwise. For hosts and organizers.',
  })
  list(
    @Parent() event: Event,
    @CurrentActor() actor: Actor,
    @Args() wanted: AttendeesArgs,
  ): Promise<Page<Registration>> {
    return this.attendees.page(actor, event, wanted);
  }

  @Mutation(() => RegistrationPayload, {
    description: 'Lets somebody in out of turn, into a free seat; the history says who and why. For organizers.',
  })
  async promoteFromWaitlist(
    @CurrentActor() actor: Actor,
    @Args('input') input: PromoteFromWaitlistInput,
  ): Promise<RegistrationPayload> {
    return done({ registration: await this.waitlist.promoteByHand(actor, input) });
  }

  @Mutation(() => RegistrationPayload, {
    description: 'Says yes to a registration that waits for approval: a seat, or a place in line. For organizers.',
  })
  async approveRegistration(
    @CurrentActor() actor: Actor,
    @Args('input') input: ApproveRegistrationInput,
  ): Promise<RegistrationPayload> {
    return done({ registration: await this.approval.approve(actor, input) });
  }

  @Mutation(() => RegistrationPayload, {
    description: 'Says no to a registration that waits for approval; the person is told. For organizers.',
  })
  async refuseRegistration(
    @CurrentActor() actor: Actor,
    @Args('input') input: RefuseRegistrationInput,
  ): Promise<RegistrationPayload> {
    return done({ registration: await this.approval.refuse(actor, input) });
  }

  @Mutation(() => BlockPayload, {
    description: 'Takes no more registrations from an address and gives its seats to those who wait. For organizers.',
  })
  async blockPerson(@CurrentActor() actor: Actor, @Args('input') input: BlockPersonInput): Promise<BlockPayload> {
    return done({ group: await this.blocks.block(actor, input) });
  }

  @Mutation(() => BlockPayload, { description: 'Takes registrations from an address again. For organizers.' })
  async unblockPerson(@CurrentActor() actor: Actor, @Args('input') input: UnblockPersonInput): Promise<BlockPayload> {
    return done({ group: await this.blocks.unblock(actor, input) });
  }
}
