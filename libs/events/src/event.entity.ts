import { Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { AgendaItem, Resource } from './essentials/agenda.ts';
import { Question } from './question.ts';

export enum EventFormat {
  IN_PERSON = 'IN_PERSON',
  ONLINE = 'ONLINE',
  HYBRID = 'HYBRID',
}
registerEnumType(EventFormat, { name: 'EventFormat', description: 'Where people take part.' });

/**
 * The life of an event. A DRAFT is seen by the group's hosts and organizers only. PUBLISHED, it takes registrations.
 * From there it is either CANCELLED (it stays in calendars, crossed out) or, once it is over and check-in is closed,
 * FINISHED: attendance is settled, follow-ups go out and the impact record is written. Neither leads back.
 */
export enum EventState {
  DRAFT = 'DRAFT',
  PUBLISHED = 'PUBLISHED',
  CANCELLED = 'CANCELLED',
  FINISHED = 'FINISHED',
}
registerEnumType(EventState, {
  name: 'EventState',
  description: 'DRAFT → PUBLISHED → (CANCELLED | FINISHED).',
  valuesMap: {
    DRAFT: { description: 'Seen by hosts and organizers of the group only.' },
    PUBLISHED: { description: 'Public, and open for registration within its window.' },
    CANCELLED: { description: 'Will not take place; stays in calendars, crossed out.' },
    FINISHED: { description: 'Over, and attendance is settled.' },
  },
});

/** A pool of seats; each has its own capacity and its own waitlist (rule R4). */
export enum Pool {
  IN_PERSON = 'IN_PERSON',
  ONLINE = 'ONLINE',
}
registerEnumType(Pool, { name: 'Pool', description: 'A pool of seats, with its own capacity and waitlist.' });

@ObjectType({ description: 'What people who need it should know beforehand.' })
export class Accessibility {
  @Field(() => Boolean, { nullable: true, description: 'No steps on the way from the street to the seat.' })
  stepFree?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: 'Live captions.' })
  captions?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: 'Sign language interpretation.' })
  signLanguage?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: 'A quiet room to withdraw to.' })
  quietRoom?: boolean | null;

  @Field(() => String, { nullable: true, description: 'Anything else, in words.' })
  notes?: string | null;
}

/** A meetup at one time. Start and end are wall time in its own zone, the truth; the instants are derived from them. */
@Entity()
@ObjectType({ description: 'A meetup, or one session of a series, at one time.' })
export class Event {
  @PrimaryColumn('uuid')
  @Field(() => ID, { description: 'Opaque; never changes.' })
  id: string;

  @Column('uuid')
  groupId: string;

  @Column('uuid', { nullable: true })
  seriesId: string | null;

  /** The wall time its series planned for it (RFC 5545 RECURRENCE-ID), whatever it was moved to since. */
  @Column('text', { nullable: true })
  occurrenceKey: string | null;

  /** Whether an organizer changed this occurrence alone: then edits of the series leave it be (rule E3). */
  @Column('boolean')
  editedByHand: boolean;

  @Column('text')
  @Field({ description: 'Part of its addresses: `/events/<slug>`.' })
  slug: string;

  @Column('text')
  @Field({ description: 'Plain text, up to 200 characters.' })
  title: string;

  @Column('text')
  @Field({ description: 'Markdown (CommonMark).' })
  description: string;

  @Column('text')
  @Field({ description: 'Start as wall time in `timeZone`: `2026-03-17T17:00`.' })
  startsAtLocal: string;

  @Column('text')
  @Field({ description: 'End as wall time in `timeZone`.' })
  endsAtLocal: string;

  @Column('text')
  @Field({ description: 'IANA time zone.' })
  timeZone: string;

  @Column('timestamptz')
  @Field({ description: 'Start as an instant (UTC).' })
  startsAt: Date;

  @Column('timestamptz')
  @Field({ description: 'End as an instant (UTC).' })
  endsAt: Date;

  @Column('text')
  @Field({ description: 'Language it is held in, BCP 47.' })
  language: string;

  @Column('text')
  @Field(() => EventFormat, { description: 'Where people take part.' })
  format: EventFormat;

  @Column('text')
  @Field(() => EventState, { description: 'How far it has come.' })
  state: EventState;

  @Column('uuid', { nullable: true })
  venueId: string | null;

  /** Never public: confirmed people reach it through their own link (rule E2). */
  @Column('text', { nullable: true })
  joinUrl: string | null;

  @Column('int', { nullable: true })
  capacityInPerson: number | null;

  @Column('int', { nullable: true })
  capacityOnline: number | null;

  /** Counters kept under the row's lock, so that nobody has to count: seats confirmed or held by an offer, people waiting. */
  @Column('int')
  takenInPerson: number;

  @Column('int')
  takenOnline: number;

  @Column('int')
  waitingInPerson: number;

  @Column('int')
  waitingOnline: number;

  @Column('int')
  lastWaitlistNumber: number;

  /** All registrations there have been, whatever became of them. */
  @Column('int')
  registrationCount: number;

  /** People seen so far, by pool; kept by whoever records attendance. */
  @Column('int')
  attendedInPerson: number;

  @Column('int')
  attendedOnline: number;

  @Column('boolean')
  @Field({ description: 'Whether an organizer approves each registration first.' })
  approvalRequired: boolean;

  @Column('int')
  @Field(() => Int, { description: 'How many named guests one person may bring; 0 to 20.' })
  guestLimit: number;

  @Column('jsonb')
  @Field(() => [Question], { description: 'What those who register are asked, in order.' })
  questions: Question[];

  /** Raised when the questions change so that answers given before may no longer suffice. */
  @Column('int')
  formVersion: number;

  @Column('boolean')
  @Field({ description: 'Whether confirmed people are asked 48 hours before the start if they still come.' })
  askStillComing: boolean;

  @Column('timestamptz', { nullable: true })
  @Field(() => Date, { nullable: true, description: 'Registration opens at this instant; at once when null.' })
  registrationOpensAt: Date | null;

  @Column('timestamptz', { nullable: true })
  @Field(() => Date, { nullable: true, description: 'Registration closes at this instant; at the start when null.' })
  registrationClosesAt: Date | null;

  @Column('text', { array: true })
  @Field(() => [String], { description: 'Lower case.' })
  tags: string[];

  @Column('jsonb')
  @Field(() => Accessibility, { description: 'What people who need it should know beforehand.' })
  accessibility: Accessibility;

  @Column('text', { nullable: true })
  @Field(() => String, { nullable: true, description: 'Address of the recording, once there is one.' })
  recordingUrl: string | null;

  @Column('jsonb')
  @Field(() => [AgendaItem], { description: 'What happens, in order.' })
  agenda: AgendaItem[];

  @Column('jsonb')
  @Field(() => [Resource], { description: 'What to read or watch before it, and what was shown.' })
  resources: Resource[];

  /** The words it is found by; a trigger keeps them, and only queries read them. */
  @Column({ type: 'tsvector', select: false, insert: false, update: false })
  search?: string;

  /** RFC 5545 SEQUENCE: raised by a change of time, place, format or state, and by nothing else (rule E6). */
  @Column('int')
  @Field(() => Int, { description: 'RFC 5545 SEQUENCE: raised when time, place, format or state change.' })
  sequence: number;

  /** Instant of the last change that anybody can see (rule C2). */
  @Column('timestamptz')
  changedAt: Date;

  @Column('timestamptz')
  @Field({ description: 'When it was made (UTC).' })
  createdAt: Date;

  @Column('timestamptz', { nullable: true })
  @Field(() => Date, { nullable: true, description: 'When attendance was settled.' })
  finishedAt: Date | null;

  /** When attendance last changed after settling; what is computed from it and older is due again. */
  @Column('timestamptz', { nullable: true })
  attendanceChangedAt: Date | null;

  @Column('text', { nullable: true })
  @Field(() => String, { nullable: true, description: 'What the organizers said when they cancelled.' })
  cancelReason: string | null;

  /** Whether the world may see it. */
  isPublic(): boolean {
    return this.state !== EventState.DRAFT;
  }

  /** The pools that its format has. */
  pools(): Pool[] {
    if (this.format === EventFormat.HYBRID) return [Pool.IN_PERSON, Pool.ONLINE];
    return [this.format === EventFormat.ONLINE ? Pool.ONLINE : Pool.IN_PERSON];
  }
}
