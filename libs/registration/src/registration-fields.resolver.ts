import { CONFIG, CurrentActor, loaderOf, type Actor, type Config, type GraphqlContext } from '#kernel';
import { Event, eventsById } from '#events';
import { Inject } from '@nestjs/common';
import { Context, Int, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { DataSource } from 'typeorm';
import { addressesOf, positionsOf } from './registration.queries.ts';
import { joinUrlOf } from './holder/join-link.ts';
import { RegistrationSight, isHolder } from './registration-sight.ts';
import { Registration, RegistrationState } from './registration.entity.ts';

/** What is told of a registration, and to whom. */
@Resolver(() => Registration)
export class RegistrationFieldsResolver {
  constructor(
    private readonly sight: RegistrationSight,
    private readonly db: DataSource,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

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
  async name(@Parent() registration: Registration, @Context() context: GraphqlContext): Promise<string | null> {
    return (await this.sight.shows('attendees.names', registration, context)) ? registration.name : null;
  }

  @ResolveField(() => String, { nullable: true, description: 'For its holder, and for organizers.' })
  async email(@Parent() registration: Registration, @Context() context: GraphqlContext): Promise<string | null> {
    if (!registration.personId || !(await this.sight.shows('attendees.contact', registration, context))) return null;
    return loaderOf(context, addressesOf, (ids) => addressesOf(this.db.manager, ids)).load(registration.personId);
  }

  @ResolveField(() => String, {
    nullable: true,
    description: 'What is shown or said at the door. For its holder while confirmed, and for organizers.',
  })
  async ticketCode(@Parent() registration: Registration, @Context() context: GraphqlContext): Promise<string | null> {
    if (registration.state !== RegistrationState.CONFIRMED) return null;
    return (await this.sight.shows('attendees.contact', registration, context)) ? registration.ticketCode : null;
  }

  @ResolveField(() => String, {
    nullable: true,
    description:
      'The own way into the online session: opens around the event, records once that the person joined, and leads to the current address. For its holder while confirmed online.',
  })
  joinUrl(@Parent() registration: Registration, @CurrentActor() actor: Actor): string | null {
    return isHolder(actor, registration) ? joinUrlOf(this.config, registration) : null;
  }
}
