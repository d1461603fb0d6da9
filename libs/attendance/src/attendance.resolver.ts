import { CurrentActor, DomainError, Payload, done, loaderOf, type Actor, type GraphqlContext } from '#kernel';
import { Event, EventIdInput, EventPayload, Pool } from '#events';
import { Access } from '#groups';
import { Registration, RegistrationPayload, RegistrationState } from '#registration';
import { Args, Context, Field, Int, Mutation, ObjectType, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { DataSource } from 'typeorm';
import { AddWalkInInput, CheckInInput, UndoCheckInInput, UploadCheckInsInput } from './attendance.inputs.ts';
import { attendanceTotals, type Total } from './attendance.queries.ts';
import { CheckInService, type Uploaded } from './check-in.service.ts';
import { SettleService } from './settle.service.ts';
import { WalkInService } from './walk-in.service.ts';

const NOTICE = {
  nullable: true,
  description: 'What they were before they were let in without a seat; null for everybody else.',
};

@ObjectType()
export class CheckInPayload extends Payload {
  @Field(() => Registration, { nullable: true, description: 'The registration as it is now.' })
  registration?: Registration;

  @Field(() => RegistrationState, NOTICE)
  notice?: RegistrationState | null;
}

@ObjectType({ description: 'What became of one scan.' })
export class UploadedScan {
  @Field({ description: 'The nonce it was sent with.' })
  nonce: string;

  @Field(() => String, {
    nullable: true,
    description: 'Why they are not let in, as for `checkIn`; null when they are.',
  })
  code: string | null;

  @Field(() => String, { nullable: true, description: 'The same in a sentence for the host.' })
  message: string | null;

  @Field(() => RegistrationState, NOTICE)
  notice: RegistrationState | null;

  @Field(() => Registration, { nullable: true, description: 'Who was let in.' })
  registration: Registration | null;
}

@ObjectType()
export class UploadCheckInsPayload extends Payload {
  @Field(() => [UploadedScan], { nullable: true, description: 'One for each scan, in the order sent.' })
  results?: UploadedScan[];
}

/** One number about who was there, with how it is known: registered is not attended. */
@ObjectType({ description: 'How many people of one pool, and how that is known.' })
export class AttendanceTotal implements Total {
  @Field(() => Pool, { description: 'Which seats.' })
  pool: Pool;

  @Field({
    description:
      '`registered` (confirmed, whether they came or not), or how those who came are known: `scanned`, `named`, `walk_in`, `imported` or `joined`, each person once.',
  })
  basis: string;

  @Field(() => Int, { description: 'How many people.' })
  people: number;
}

/** Who was there: the door, closing the books, and what is known then. */
@Resolver(() => Event)
export class AttendanceResolver {
  constructor(
    private readonly checkIns: CheckInService,
    private readonly walkIns: WalkInService,
    private readonly settling: SettleService,
    private readonly access: Access,
    private readonly db: DataSource,
  ) {}

  @Mutation(() => CheckInPayload, {
    description:
      'Lets somebody in at the door. Codes: UNKNOWN, AMBIGUOUS, WRONG_EVENT, CANCELLED, WAITLISTED, OFFERED, PENDING, ALREADY_IN; with `letIn` also FULL and BLOCKED. For hosts.',
  })
  async checkIn(@CurrentActor() actor: Actor, @Args('input') input: CheckInInput): Promise<CheckInPayload> {
    return done(await this.checkIns.checkIn(actor, input));
  }

  @Mutation(() => CheckInPayload, {
    description:
      'Adds somebody who did not register and lets them in. Codes: FULL, BLOCKED, ALREADY_IN, POOL_UNAVAILABLE. For hosts.',
  })
  async addWalkIn(@CurrentActor() actor: Actor, @Args('input') input: AddWalkInInput): Promise<CheckInPayload> {
    return done(await this.walkIns.add(actor, input));
  }

  @Mutation(() => UploadCheckInsPayload, {
    description:
      'Takes what a scanner kept while it was offline, in the order in which it scanned. Each scan is answered for itself; sending the same again changes nothing. For hosts.',
  })
  async uploadCheckIns(
    @CurrentActor() actor: Actor,
    @Args('input') input: UploadCheckInsInput,
  ): Promise<UploadCheckInsPayload> {
    return done({ results: (await this.checkIns.upload(actor, input)).map(resultOf) });
  }

  @Mutation(() => RegistrationPayload, {
    description: 'Takes a check-in back; a walk-in is again what they were before. For hosts.',
  })
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

  @ResolveField(() => [AttendanceTotal], {
    nullable: true,
    description: 'How many registered and how many came, by pool and by how it is known. For hosts and organizers.',
  })
  async attendance(
    @Parent() event: Event,
    @CurrentActor() actor: Actor,
    @Context() context: GraphqlContext,
  ): Promise<AttendanceTotal[] | null> {
    const allowed = loaderOf(context, 'attendees.names', (ids) => this.whoseNamesMayBeSeen(actor, ids));
    const totals = loaderOf(context, attendanceTotals, (ids) => attendanceTotals(this.db.manager, ids));
    return (await allowed.load(event.groupId)) ? ((await totals.load(event.id)) ?? []) : null;
  }

  private async whoseNamesMayBeSeen(actor: Actor, groupIds: readonly string[]): Promise<Map<string, boolean>> {
    const groups = await this.access.among(this.db.manager, actor, 'attendees.names', groupIds);
    return new Map(groupIds.map((id) => [id, groups.has(id)]));
  }
}

function resultOf({ nonce, outcome }: Uploaded): UploadedScan {
  if (!(outcome instanceof DomainError)) return { nonce, code: null, message: null, ...outcome };
  return { nonce, code: outcome.code, message: outcome.message, notice: null, registration: null };
}
