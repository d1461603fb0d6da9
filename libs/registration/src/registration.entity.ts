import { Pool } from '#events';
import { Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Answers } from './admission/answers.ts';

/**
 * The life of a registration. Asking gives CONFIRMED while there are seats and WAITLISTED when there are none; where
 * organizers approve first it gives PENDING, and approving does the same. A freed seat makes the longest waiting
 * CONFIRMED, or OFFERED where the group wants people to accept: accepted it is CONFIRMED, declined or left to run out it
 * is CANCELLED. CANCELLED is left by registering again, with a new place in line, or at the door.
 */
export enum RegistrationState {
  PENDING = 'PENDING',
  CONFIRMED = 'CONFIRMED',
  OFFERED = 'OFFERED',
  WAITLISTED = 'WAITLISTED',
  CANCELLED = 'CANCELLED',
}
registerEnumType(RegistrationState, {
  name: 'RegistrationState',
  description: 'Where a registration stands.',
  valuesMap: {
    PENDING: { description: 'Waits for an organizer to approve it.' },
    CONFIRMED: { description: 'Has a seat.' },
    OFFERED: { description: 'A seat is held until the offer is accepted or runs out.' },
    WAITLISTED: { description: 'Waits in line for a seat.' },
    CANCELLED: { description: 'Given up, by the attendee or by an organizer.' },
  },
});

export enum Attendance {
  UNKNOWN = 'UNKNOWN',
  ATTENDED = 'ATTENDED',
  NO_SHOW = 'NO_SHOW',
}
registerEnumType(Attendance, {
  name: 'Attendance',
  description: 'Whether a confirmed person was there.',
  valuesMap: {
    UNKNOWN: { description: 'Not recorded, or not settled yet.' },
    ATTENDED: { description: 'Was there; the basis says how we know.' },
    NO_SHOW: { description: 'Had a seat at a settled event where attendance was taken, and was not seen.' },
  },
});

/**
 * One person's place at one event. There is one row per person and event, however often they come and go. Guests whom
 * somebody brings, and people let in at the door without an address, have rows of their own, with a ticket each, but no
 * person. A guest shares state, pool and place in line with whoever brings them: a party is seated whole or not at all.
 */
@Entity()
@ObjectType({ description: "One person's place at one event." })
export class Registration {
  @PrimaryColumn('uuid')
  @Field(() => ID, { description: 'Opaque; never changes.' })
  id: string;

  @Column('uuid')
  eventId: string;

  @Column('uuid')
  groupId: string;

  /** Null for guests, and for those let in at the door who left no address. */
  @Column('uuid', { nullable: true })
  personId: string | null;

  /** The registration of whoever brings this guest; null for those who come on their own account. */
  @Column('uuid', { nullable: true })
  partyId: string | null;

  /** The person and the guests they bring. 1 on the rows of guests. */
  @Column('int')
  @Field(() => Int, { description: 'How many seats it takes: the person and the guests they bring.' })
  partySize: number;

  /** People seated before this party because it did not fit; bounds how long it is passed by. */
  @Column('int')
  passedOver: number;

  /** As typed for this event: a stranger cannot rename a person by registering them. */
  @Column('text')
  name: string;

  @Column('text')
  language: string;

  @Column('text')
  @Field(() => Pool, { description: 'Which seats.' })
  pool: Pool;

  @Column('text')
  @Field(() => RegistrationState, { description: 'How far it has come.' })
  state: RegistrationState;

  /** Order in line, from the event's counter and never from a clock; kept while waiting only. */
  @Column('int', { nullable: true })
  waitlistNumber: number | null;

  /** How many times the person has asked; part of the keys of mails, so that coming back is confirmed again. */
  @Column('int')
  round: number;

  @Column('text')
  ticketCode: string;

  /** Raised to make old manage links useless. */
  @Column('int')
  manageVersion: number;

  /** What it adds to the event's SEQUENCE in mails to this person; a trigger raises it (see `invitation.ts`). */
  @Column({ type: 'int', select: false, insert: false, update: false })
  calendarSequence?: number;

  @Column('text', { nullable: true })
  idempotencyKey: string | null;

  @Column('timestamptz')
  @Field({ description: 'When the person asked (last).' })
  registeredAt: Date;

  @Column('timestamptz', { nullable: true })
  @Field(() => Date, { nullable: true, description: 'When the seat was given (UTC).' })
  confirmedAt: Date | null;

  /** What was answered, by the id of the question. */
  @Column('jsonb')
  answers: Answers;

  /** The version of the event's form that the answers were given to. */
  @Column('int')
  formVersion: number;

  @Column('timestamptz', { nullable: true })
  @Field(() => Date, { nullable: true, description: 'Until when an offered seat is held (UTC).' })
  offeredUntil: Date | null;

  @Column('timestamptz', { nullable: true })
  @Field(() => Date, { nullable: true, description: 'When the person said that they still come (UTC).' })
  stillComingAt: Date | null;

  @Column('boolean')
  @Field({ description: 'Whether the person was let in without having had a seat.' })
  walkIn: boolean;

  /** False for people let in at the door beyond the capacity: nobody else is kept out by them. */
  @Column('boolean')
  holdsSeat: boolean;

  @Column('timestamptz', { nullable: true })
  @Field(() => Date, { nullable: true, description: 'When it was given up (UTC).' })
  cancelledAt: Date | null;

  @Column('text')
  @Field(() => Attendance, { description: 'Whether the person was there.' })
  attendance: Attendance;

  /** The strongest evidence there is. */
  @Column('text', { nullable: true })
  @Field(() => String, {
    nullable: true,
    description:
      'How attendance is known: `scanned` (ticket), `named` (picked at the door), `walk_in`, `imported` (file of the call) or `joined` (own link).',
  })
  attendanceBasis: string | null;

  @Column('timestamptz', { nullable: true })
  @Field(() => Date, { nullable: true, description: 'When the person was let in, or first came to the call (UTC).' })
  checkedInAt: Date | null;

  /** When the person first used their own link to the online session. */
  @Column('timestamptz', { nullable: true })
  joinedAt: Date | null;

  @Column('int', { nullable: true })
  @Field(() => Int, { nullable: true, description: 'Minutes in the call, where a file told them.' })
  attendedMinutes: number | null;

  /** Place in line where it is known without asking; not a column. */
  knownPosition?: number;

  /** Whether who is asking holds it (came by the manage link or is signed in as the person); not a column. */
  heldByViewer?: boolean;
}
