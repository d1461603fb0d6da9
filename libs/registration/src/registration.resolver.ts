import { CurrentActor, Payload, connectionOf, done, type Actor, type Page } from '#kernel';
import { CancelEventInput, Event, EventPayload, SeriesPayload, UpdateEventInput, UpdateSeriesInput } from '#events';
import { Group } from '#groups';
import { Args, Field, Int, Mutation, ObjectType, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { AdmissionService } from './admission.service.ts';
import { ApprovalService } from './approval.service.ts';
import { AttendeesService } from './attendees.service.ts';
import { BlocksService } from './blocks.service.ts';
import { EventChangesService } from './event-changes.service.ts';
import { HoldersService } from './holders.service.ts';
import { OwnRegistrationService } from './own-registration.service.ts';
import {
  AcceptOfferInput,
  ApproveRegistrationInput,
  BlockPersonInput,
  CancelRegistrationInput,
  PromoteFromWaitlistInput,
  RefuseRegistrationInput,
  RegisterForEventInput,
  RegistrationInput,
  SwitchPoolInput,
  UnblockPersonInput,
  UpdateAnswersInput,
} from './registration.inputs.ts';
import { Registration, RegistrationState } from './registration.entity.ts';
import { RegistrationService } from './registration.service.ts';
import { WaitlistService } from './waitlist.service.ts';

@ObjectType()
export class RegistrationConnection extends connectionOf(Registration, 'Registration') {}

@ObjectType()
export class RegistrationPayload extends Payload {
  @Field(() => Registration, { nullable: true, description: 'The registration as it is now.' })
  registration?: Registration;
}

@ObjectType()
export class BlockPayload extends Payload {
  @Field(() => Group, { nullable: true, description: 'The group it belongs to.' })
  group?: Group;
}

/** What attendees do: register, look, cancel. */
@Resolver(() => Registration)
export class RegistrationResolver {
  constructor(
    private readonly admission: AdmissionService,
    private readonly registrations: RegistrationService,
    private readonly holders: HoldersService,
    private readonly own: OwnRegistrationService,
  ) {}

  @Query(() => Registration, { nullable: true, description: 'The registration behind the secret of a manage link.' })
  registration(@Args('manageToken') manageToken: string): Promise<Registration | null> {
    return this.holders.findByToken(manageToken);
  }

  @Mutation(() => RegistrationPayload, {
    description:
      'Takes a seat, or a place in line when all are taken. Without an account. Asking again gives the same registration.',
  })
  async registerForEvent(
    @CurrentActor() actor: Actor,
    @Args('input') input: RegisterForEventInput,
  ): Promise<RegistrationPayload> {
    return done({ registration: await this.admission.register(actor, input) });
  }

  @Mutation(() => RegistrationPayload, {
    description:
      'Gives a seat or a place in line back; a freed seat goes to the longest waiting. By its holder or an organizer.',
  })
  async cancelRegistration(
    @CurrentActor() actor: Actor,
    @Args('input') input: CancelRegistrationInput,
  ): Promise<RegistrationPayload> {
    return done({ registration: await this.registrations.cancel(actor, input) });
  }

  @Mutation(() => RegistrationPayload, { description: 'Takes a seat that was offered. By its holder or an organizer.' })
  async acceptOffer(
    @CurrentActor() actor: Actor,
    @Args('input') input: AcceptOfferInput,
  ): Promise<RegistrationPayload> {
    return done({ registration: await this.own.acceptOffer(actor, input) });
  }

  @Mutation(() => RegistrationPayload, {
    description:
      'Moves to the other way of taking part if there is room; else refused with POOL_FULL, and the place is kept. By its holder or an organizer.',
  })
  async switchPool(@CurrentActor() actor: Actor, @Args('input') input: SwitchPoolInput): Promise<RegistrationPayload> {
    return done({ registration: await this.own.switchPool(actor, input) });
  }

  @Mutation(() => RegistrationPayload, {
    description:
      'Says "yes" to whether the person still comes; "no" is `cancelRegistration`. By its holder or an organizer.',
  })
  async confirmComing(
    @CurrentActor() actor: Actor,
    @Args('input') input: RegistrationInput,
  ): Promise<RegistrationPayload> {
    return done({ registration: await this.own.confirmComing(actor, input) });
  }

  @Mutation(() => RegistrationPayload, {
    description: 'Changes answers before the start. By its holder or an organizer.',
  })
  async updateAnswers(
    @CurrentActor() actor: Actor,
    @Args('input') input: UpdateAnswersInput,
  ): Promise<RegistrationPayload> {
    return done({ registration: await this.own.updateAnswers(actor, input) });
  }

  @Mutation(() => RegistrationPayload, {
    description: 'Makes the manage link useless and mails a new one to its holder. By its holder or an organizer.',
  })
  async rotateManageLink(
    @CurrentActor() actor: Actor,
    @Args('input') input: RegistrationInput,
  ): Promise<RegistrationPayload> {
    return done({ registration: await this.own.rotateManageLink(actor, input) });
  }
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
    description: 'Who registered, in the order they asked. For hosts and organizers.',
  })
  list(
    @Parent() event: Event,
    @CurrentActor() actor: Actor,
    @Args('first', { type: () => Int, nullable: true, description: '1 to 100; 20 when left out.' }) first?: number,
    @Args('after', { type: () => String, nullable: true }) after?: string,
    @Args('state', { type: () => RegistrationState, nullable: true }) state?: RegistrationState,
    @Args('search', { type: () => String, nullable: true, description: 'Part of a name.' }) search?: string,
  ): Promise<Page<Registration>> {
    return this.attendees.page(actor, event, { state, search }, first ?? null, after ?? null);
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

/** Changes of events that reach the people registered for them. */
@Resolver(() => Event)
export class EventChangesResolver {
  constructor(private readonly changes: EventChangesService) {}

  @Mutation(() => EventPayload, {
    description:
      'Edits an event. A new time, place or format is mailed once to everybody registered; new seats go to the waitlist. For organizers.',
  })
  async updateEvent(@CurrentActor() actor: Actor, @Args('input') input: UpdateEventInput): Promise<EventPayload> {
    return done({ event: await this.changes.update(actor, input) });
  }

  @Mutation(() => EventPayload, { description: 'Calls an event off and tells everybody registered. For organizers.' })
  async cancelEvent(@CurrentActor() actor: Actor, @Args('input') input: CancelEventInput): Promise<EventPayload> {
    return done({ event: await this.changes.cancel(actor, input) });
  }

  @Mutation(() => SeriesPayload, {
    description: 'Edits a series and its coming occurrences that nobody edited by hand. For organizers.',
  })
  async updateSeries(@CurrentActor() actor: Actor, @Args('input') input: UpdateSeriesInput): Promise<SeriesPayload> {
    return done({ series: await this.changes.updateSeries(actor, input) });
  }
}
