import { Pool } from '#events';
import { Field, ID, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * The life of a registration. Asking gives CONFIRMED while there are seats and WAITLISTED when there are none (PENDING
 * where organizers approve first). A freed seat makes the longest waiting CONFIRMED, or OFFERED where the group wants
 * people to accept. CANCELLED is left only by registering again, with a new place in line.
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

/** One person's place at one event. There is one row per person and event, however often they come and go. */
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

  @Column('uuid')
  personId: string;

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

  @Column('text', { nullable: true })
  idempotencyKey: string | null;

  @Column('timestamptz')
  @Field({ description: 'When the person asked (last).' })
  registeredAt: Date;

  @Column('timestamptz', { nullable: true })
  @Field(() => Date, { nullable: true, description: 'When the seat was given (UTC).' })
  confirmedAt: Date | null;

  @Column('timestamptz', { nullable: true })
  @Field(() => Date, { nullable: true, description: 'When it was given up (UTC).' })
  cancelledAt: Date | null;

  @Column('text')
  @Field(() => Attendance, { description: 'Whether the person was there.' })
  attendance: Attendance;

  /** How attendance is known: `scanned` (ticket code), `named` (found by name at the door). */
  @Column('text', { nullable: true })
  @Field(() => String, { nullable: true, description: 'How attendance is known: `scanned` or `named`.' })
  attendanceBasis: string | null;

  @Column('timestamptz', { nullable: true })
  @Field(() => Date, { nullable: true, description: 'When the person was let in.' })
  checkedInAt: Date | null;

  /** Place in line where it is known without asking; not a column. */
  knownPosition?: number;

  /** Whether who is asking holds it (came by the manage link or is signed in as the person); not a column. */
  heldByViewer?: boolean;
}
