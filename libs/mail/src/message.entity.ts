import { Field, ID, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * The life of a mail. It is QUEUED in the transaction that causes it. The worker makes it SENDING before it talks to the
 * mail server, so that a crash leaves a trace, and then SENT; DEFERRED when the server said "later" or could not be
 * reached (it is tried again); FAILED when the server refused for good; EXPIRED when it came too late to be of use.
 */
export enum MessageState {
  QUEUED = 'QUEUED',
  SENDING = 'SENDING',
  SENT = 'SENT',
  DEFERRED = 'DEFERRED',
  FAILED = 'FAILED',
  EXPIRED = 'EXPIRED',
}
registerEnumType(MessageState, { name: 'MessageState', description: 'How far a mail has come.' });

/** One mail to one person: decided with its cause, written by the worker, sent with the same Message-ID however often. */
@Entity()
@ObjectType({ description: 'One mail to one person.' })
export class Message {
  @PrimaryColumn('uuid')
  @Field(() => ID, { description: 'Opaque; never changes.' })
  id: string;

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
