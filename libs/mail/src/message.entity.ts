import { Field, ID, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * The life of a mail. It is QUEUED in the transaction that causes it. Its turn comes when every earlier mail about the same
 * registration is settled; until then it is HELD, and QUEUED again after that. The worker makes it SENDING before it talks to the
 * mail server, so that a crash leaves a trace, and then SENT; DEFERRED when the server said "later" or could not be
 * reached (it is tried again); FAILED when the server refused for good; EXPIRED when it came too late to be of use.
 */
export enum MessageState {
  QUEUED = 'QUEUED',
  HELD = 'HELD',
  SENDING = 'SENDING',
  SENT = 'SENT',
  DEFERRED = 'DEFERRED',
  FAILED = 'FAILED',
  EXPIRED = 'EXPIRED',
}
registerEnumType(MessageState, {
  name: 'MessageState',
  description: 'How far a mail has come.',
  valuesMap: {
    QUEUED: { description: 'Decided, and sent as soon as a worker is free.' },
    HELD: { description: 'Waits for an earlier mail about the same registration to be settled.' },
    SENDING: { description: 'Being handed to the mail server.' },
    SENT: { description: 'The mail server took it.' },
    DEFERRED: { description: 'The mail server wants it later, or could not be reached; it is tried again.' },
    FAILED: { description: 'Refused for good, or given up after two days.' },
    EXPIRED: { description: 'Came too late to be of use, and was not sent.' },
  },
});

/** What a calendar part asks the recipient's calendar to do (RFC 5546 §1.4): put the event in, or cross it out. */
export type CalendarMethod = 'REQUEST' | 'CANCEL';

/** One mail to one person: decided with its cause, written by the worker, sent with the same Message-ID however often. */
@Entity()
@ObjectType({ description: 'One mail to one person.' })
export class Message {
  @PrimaryColumn('uuid')
  @Field(() => ID, { description: 'Opaque; never changes.' })
  id: string;

  /** Order of deciding: mails about one registration are sent by it. */
  @Column({ type: 'bigint', generated: 'identity', generatedIdentity: 'ALWAYS', insert: false, update: false })
  number: string;

  @Column('text')
  @Field({ description: 'What the mail is about, such as `registered`, `promoted` or `no-show`.' })
  kind: string;

  /** Unique: the same cause cannot mail twice. */
  @Column('text')
  intentKey: string;

  @Column('uuid', { nullable: true })
  personId: string | null;

  @Column('text')
  toAddress: string;

  @Column('text')
  language: string;

  @Column('uuid', { nullable: true })
  eventId: string | null;

  @Column('uuid', { nullable: true })
  registrationId: string | null;

  @Column('jsonb')
  facts: Record<string, unknown>;

  /** The version that its calendar part carries: that of the moment it was decided. A trigger puts it there. */
  @Column({ type: 'int', nullable: true, insert: false, update: false })
  calendarSequence: number | null;

  /** What its calendar part asked for, once it was handed to the mail server; null for a mail without one. */
  @Column('text', { nullable: true })
  calendarMethod: CalendarMethod | null;

  @Column('text')
  @Field(() => MessageState, { description: 'How far it has come.' })
  state: MessageState;

  /** RFC 5322 Message-ID with its angle brackets; fixed when the mail is decided. */
  @Column('text')
  messageId: string;

  @Column('int')
  @Field(() => Number, { description: 'How often it was handed to the mail server.' })
  attempts: number;

  @Column('text', { nullable: true })
  @Field(() => String, { nullable: true, description: 'The last answer of the mail server.' })
  answer: string | null;

  @Column('timestamptz', { nullable: true })
  notAfter: Date | null;

  @Column('timestamptz')
  @Field({ description: 'When it was made (UTC).' })
  createdAt: Date;

  @Column('timestamptz', { nullable: true })
  @Field(() => Date, { nullable: true })
  sentAt: Date | null;
}
