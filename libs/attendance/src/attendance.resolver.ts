import { CurrentActor, done, type Actor } from '#kernel';
import { Event, EventIdInput, EventPayload } from '#events';
import { RegistrationPayload } from '#registration';
import { Args, Mutation, Resolver } from '@nestjs/graphql';
import { CheckInInput, UndoCheckInInput } from './attendance.inputs.ts';
import { CheckInService } from './check-in.service.ts';
import { SettleService } from './settle.service.ts';

/** Who was there: the door, and closing the books. */
@Resolver(() => Event)
export class AttendanceResolver {
  constructor(
    private readonly checkIns: CheckInService,
    private readonly settling: SettleService,
  ) {}

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

  @Mutation(() => EventPayload, {
    description:
      'Closes check-in after the end: no-shows are settled, follow-ups go out, the impact record is written. For organizers.',
  })
  async finishEvent(@CurrentActor() actor: Actor, @Args('input') input: EventIdInput): Promise<EventPayload> {
    return done({ event: await this.settling.finish(actor, input.eventId) });
  }
}
