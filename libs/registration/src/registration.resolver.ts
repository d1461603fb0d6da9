import { CurrentActor, Payload, done, type Actor } from '#kernel';
import { CancelEventInput, Event, EventPayload, UpdateEventInput } from '#events';
import { Args, Field, Mutation, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { AdmissionService } from './admission/admission.service.ts';
import { EventChangesService } from './changes/event-changes.service.ts';
import { HoldersService } from './holder/holders.service.ts';
import { OwnRegistrationService } from './holder/own-registration.service.ts';
import {
  AcceptOfferInput,
  CancelRegistrationInput,
  RegisterForEventInput,
  RegistrationInput,
  SwitchPoolInput,
  UpdateAnswersInput,
} from './registration.inputs.ts';
import { Registration } from './registration.entity.ts';
import { RegistrationService } from './registration.service.ts';

@ObjectType()
export class RegistrationPayload extends Payload {
  @Field(() => Registration, { nullable: true, description: 'The registration as it is now.' })
  registration?: Registration;
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
}
