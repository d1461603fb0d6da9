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
import {
  CancelEventInput,
  Event,
  EventIdInput,
  EventPayload,
  SeriesPayload,
  UpdateEventInput,
  UpdateSeriesInput,
  eventsById,
} from '#events';
import { Access, Group } from '#groups';
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
import { AttendeesService } from './attendees.service.ts';
import { BlocksService } from './blocks.service.ts';
import { CheckInService } from './check-in.service.ts';
import { EventChangesService } from './event-changes.service.ts';
import {
  BlockPersonInput,
  CancelRegistrationInput,
  CheckInInput,
  PromoteFromWaitlistInput,
  RegisterForEventInput,
  UnblockPersonInput,
  UndoCheckInInput,
} from './registration.inputs.ts';
import { addressesOf, positionsOf } from './registration.queries.ts';
import { Registration, RegistrationState } from './registration.entity.ts';
import { RegistrationService } from './registration.service.ts';
import { SettleService } from './settle.service.ts';
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
    private readonly registrations: RegistrationService,
    private readonly access: Access,
    private readonly db: DataSource,
  ) {}

  @Query(() => Registration, { nullable: true, description: 'The registration behind the secret of a manage link.' })
  registration(@Args('manageToken') manageToken: string): Promise<Registration | null> {
    return this.registrations.findByToken(manageToken);
  }

  @Mutation(() => RegistrationPayload, {
    description:
      'Takes a seat, or a place in line when all are taken. Without an account. Asking again gives the same registration.',
  })
  async registerForEvent(
    @CurrentActor() actor: Actor,
    @Args('input') input: RegisterForEventInput,
  ): Promise<RegistrationPayload> {
    return done({ registration: await this.registrations.register(actor, input) });
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

  @ResolveField(() => Event, { description: 'The event it is about.' })
  event(@Parent() registration: Registration, @Context() context: GraphqlContext): Promise<Event | null> {
    return loaderOf(context, eventsById, (ids) => eventsById(this.db.manager, ids)).load(registration.eventId);
  }

  @ResolveField(() => Int, {
    nullable: true,
    description: 'Place in line, 1 being next. Null for those who do not wait.',
  })
  async waitlistPosition(
    @Parent() registration: Registration,
    @Context() context: GraphqlContext,
  ): Promise<number | null> {
    if (registration.state !== RegistrationState.WAITLISTED) return null;
    if (registration.knownPosition) return registration.knownPosition;
    return loaderOf(context, positionsOf, (ids) => positionsOf(this.db.manager, ids)).load(registration.id);
  }

  @ResolveField(() => String, { nullable: true, description: 'For its holder, and for hosts and organizers.' })
  async name(
    @Parent() registration: Registration,
    @CurrentActor() actor: Actor,
    @Context() context: GraphqlContext,
  ): Promise<string | null> {
    return (await this.maySee('attendees.names', registration, actor, context)) ? registration.name : null;
  }

  @ResolveField(() => String, { nullable: true, description: 'For its holder, and for organizers.' })
  async email(
    @Parent() registration: Registration,
    @CurrentActor() actor: Actor,
    @Context() context: GraphqlContext,
  ): Promise<string | null> {
    if (!(await this.maySee('attendees.contact', registration, actor, context))) return null;
    return loaderOf(context, addressesOf, (ids) => addressesOf(this.db.manager, ids)).load(registration.personId);
  }

  @ResolveField(() => String, {
    nullable: true,
    description: 'What is shown or said at the door. For its holder while confirmed, and for organizers.',
  })
  async ticketCode(
    @Parent() registration: Registration,
    @CurrentActor() actor: Actor,
    @Context() context: GraphqlContext,
  ): Promise<string | null> {
    if (registration.state !== RegistrationState.CONFIRMED) return null;
    return (await this.maySee('attendees.contact', registration, actor, context)) ? registration.ticketCode : null;
  }

  @ResolveField(() => String, {
    nullable: true,
    description: 'Where the online session takes place. For its holder while confirmed.',
  })
  async joinUrl(
    @Parent() registration: Registration,
    @CurrentActor() actor: Actor,
    @Context() context: GraphqlContext,
  ): Promise<string | null> {
    if (!isHolder(actor, registration) || registration.state !== RegistrationState.CONFIRMED) return null;
    return (await this.event(registration, context))?.joinUrl ?? null;
  }

  private async maySee(
    permission: 'attendees.names' | 'attendees.contact',
    registration: Registration,
    actor: Actor,
    context: GraphqlContext,
  ): Promise<boolean> {
    if (isHolder(actor, registration)) return true;
    if (!actor.personId) return false;
    const allowed = loaderOf(context, permission, async (ids) => {
      const groups = await this.access.among(this.db.manager, actor, permission, ids);
      return new Map(ids.map((id) => [id, groups.has(id)]));
    });
    return (await allowed.load(registration.groupId)) ?? false;
  }
}

/** Whether who asks holds the registration: by its manage link, or signed in as its person. */
function isHolder(actor: Actor, registration: Registration): boolean {
  if (registration.heldByViewer) return true;
  return actor.personId === registration.personId && actor.scopes.has('read');
}

/** What organizers and hosts do with the people of an event. */
@Resolver(() => Event)
export class AttendeesResolver {
  constructor(
    private readonly attendees: AttendeesService,
    private readonly waitlist: WaitlistService,
    private readonly checkIns: CheckInService,
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
    description:
      'Lets somebody in at the door. Codes: UNKNOWN, AMBIGUOUS, WRONG_EVENT, CANCELLED, WAITLISTED, ALREADY_IN. For hosts.',
  })
  async checkIn(@CurrentActor() actor: Actor, @Args('input') input: CheckInInput): Promise<RegistrationPayload> {
    return done({ registration: await this.checkIns.checkIn(actor, input) });
  }

  @Mutation(() => RegistrationPayload, { description: 'Takes a check-in back. For hosts.' })
  async undoCheckIn(
    @CurrentActor() actor: Actor,
    @Args('input') input: UndoCheckInInput,
  ): Promise<RegistrationPayload> {
    return done({ registration: await this.checkIns.undo(actor, input.registrationId) });
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
  constructor(
    private readonly changes: EventChangesService,
    private readonly settling: SettleService,
  ) {}

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

  @Mutation(() => EventPayload, {
    description:
      'Closes check-in after the end: no-shows are settled, follow-ups go out, the impact record is written. For organizers.',
  })
  async finishEvent(@CurrentActor() actor: Actor, @Args('input') input: EventIdInput): Promise<EventPayload> {
    return done({ event: await this.settling.finish(actor, input.eventId) });
  }

  @Mutation(() => SeriesPayload, {
    description: 'Edits a series and its coming occurrences that nobody edited by hand. For organizers.',
  })
  async updateSeries(@CurrentActor() actor: Actor, @Args('input') input: UpdateSeriesInput): Promise<SeriesPayload> {
    return done({ series: await this.changes.updateSeries(actor, input) });
  }
}
