import { Clock, loaderOf, type GraphqlContext } from '#kernel';
import { Question, eventsById } from '#events';
import { HistoryEntry, historyOf } from '#history';
import { Context, Field, Float, ID, Int, ObjectType, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { DataSource } from 'typeorm';
import { answersGiven, questionsOpen } from './answers-given.ts';
import { guestsOf, memberKey, registrationsById, seenSince } from './attendee-fields.queries.ts';
import { RegistrationSight, isHolder } from '../registration-sight.ts';
import { Registration } from '../registration.entity.ts';

const RECORD_DAYS = 365;

@ObjectType({ description: 'What somebody answered to a question: `text`, `choices` or `yes`, whichever fits it.' })
export class Answer {
  @Field(() => ID, { description: 'Id of the question.' })
  questionId: string;

  @Field(() => String, { nullable: true, description: 'What is asked; null when the event asks it no more.' })
  label: string | null;

  @Field(() => String, { nullable: true, description: 'What was written.' })
  text: string | null;

  @Field(() => [String], { nullable: true, description: 'What was chosen.' })
  choices: string[] | null;

  @Field(() => Boolean, { nullable: true, description: 'Yes or no, or a box that was ticked.' })
  yes: boolean | null;
}

@ObjectType({
  description: 'How somebody kept their word to this group, at events that finished in the last 365 days.',
})
export class AttendanceRecord {
  @Field(() => Int, { description: 'Events they were at.' })
  attended: number;

  @Field(() => Int, { description: 'Events where they had a seat, attendance was taken and they were not seen.' })
  noShows: number;

  @Field(() => Float, { nullable: true, description: 'Attended of both, 0 to 1; null while there are neither.' })
  rate: number | null;

  @Field({ description: 'Events that finished before this instant do not count any more (UTC).' })
  since: Date;
}

/** What is told of an attendee beside name and seat: answers, company, history. */
@Resolver(() => Registration)
export class AttendeeFieldsResolver {
  constructor(
    private readonly sight: RegistrationSight,
    private readonly db: DataSource,
    private readonly clock: Clock,
  ) {}

  @ResolveField(() => [Answer], {
    description: 'What they answered, in the order of the form. For the holder and organizers; empty for others.',
  })
  async answers(@Parent() registration: Registration, @Context() context: GraphqlContext): Promise<Answer[]> {
    const seen = await this.sight.shows('attendees.contact', registration, context);
    return seen ? answersGiven(await this.questionsTo(registration, context), registration.answers) : [];
  }

  @ResolveField(() => [Question], {
    description:
      'What the form requires by now and their answers leave open. For the holder and organizers; empty for others, and for guests, who are not asked.',
  })
  async missingAnswers(@Parent() registration: Registration, @Context() context: GraphqlContext): Promise<Question[]> {
    const asked = !registration.partyId && (await this.sight.shows('attendees.contact', registration, context));
    return asked ? questionsOpen(await this.questionsTo(registration, context), registration.answers) : [];
  }

  @ResolveField(() => [Registration], {
    description: 'Those whom they bring. For the holder, hosts and organizers; empty for others.',
  })
  async guests(@Parent() registration: Registration, @Context() context: GraphqlContext): Promise<Registration[]> {
    if (!(await this.sight.shows('attendees.names', registration, context))) return [];
    const guests = await loaderOf(context, guestsOf, (ids) => guestsOf(this.db.manager, ids)).load(registration.id);
    // Whoever brings somebody holds their ticket as well.
    const heldByViewer = isHolder(context.actor, registration);
    return (guests ?? []).map((guest) => Object.assign(guest, { heldByViewer }));
  }

  @ResolveField(() => Registration, {
    nullable: true,
    description: 'Who brings this guest; null for those who come on their own account. For hosts and organizers.',
  })
  async invitedBy(
    @Parent() registration: Registration,
    @Context() context: GraphqlContext,
  ): Promise<Registration | null> {
    const { partyId } = registration;
    const leads = loaderOf(context, registrationsById, (ids) => registrationsById(this.db.manager, ids));
    return partyId && (await this.sight.allows('attendees.names', registration, context)) ? leads.load(partyId) : null;
  }

  @ResolveField(() => [HistoryEntry], {
    description: 'Who did what to it, when and why: the last 100 acts, newest first. For organizers; empty for others.',
  })
  async history(@Parent() registration: Registration, @Context() context: GraphqlContext): Promise<HistoryEntry[]> {
    if (!(await this.sight.allows('attendees.contact', registration, context))) return [];
    const entries = loaderOf(context, historyOf, (ids) => historyOf(this.db.manager, ids));
    return (await entries.load(registration.id)) ?? [];
  }

  @ResolveField(() => AttendanceRecord, {
    nullable: true,
    description: 'How they kept their word to this group so far. For organizers; null for people without an address.',
  })
  async attendanceRecord(
    @Parent() registration: Registration,
    @Context() context: GraphqlContext,
  ): Promise<AttendanceRecord | null> {
    const { groupId, personId } = registration;
    if (!personId || !(await this.sight.allows('attendees.contact', registration, context))) return null;
    const now = this.clock.now();
    const since = new Date(now.getTime() - RECORD_DAYS * 86_400_000);
    const records = loaderOf(context, seenSince, (keys) => seenSince(this.db.manager, keys, since, now));
    const { attended, noShows } = (await records.load(memberKey(groupId, personId))) ?? { attended: 0, noShows: 0 };
    return { attended, noShows, rate: attended + noShows > 0 ? attended / (attended + noShows) : null, since };
  }

  private async questionsTo({ eventId }: Registration, context: GraphqlContext): Promise<Question[]> {
    const event = await loaderOf(context, eventsById, (ids) => eventsById(this.db.manager, ids)).load(eventId);
    return event?.questions ?? [];
  }
}
