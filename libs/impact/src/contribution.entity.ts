import { Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

/**
 * A contribution is a DRAFT when Goodturn wrote it down; its person makes it CONFIRMED, or HIDDEN if they do not want
 * it counted. Any of these may follow any other.
 */
export enum ContributionState {
  DRAFT = 'DRAFT',
  CONFIRMED = 'CONFIRMED',
  HIDDEN = 'HIDDEN',
}
registerEnumType(ContributionState, {
  name: 'ContributionState',
  description: 'What the person says about an entry of their impact record.',
  valuesMap: {
    DRAFT: { description: 'Written down by Goodturn, not looked at yet.' },
    CONFIRMED: { description: 'The person stands by it.' },
    HIDDEN: { description: 'The person does not want it counted or shown.' },
  },
});

/** Something a person did for a community: an entry of their impact record. */
@Entity()
@ObjectType({ description: 'Something a person did for a community: an entry of their impact record.' })
export class Contribution {
  @PrimaryColumn('uuid')
  @Field(() => ID, { description: 'Opaque; never changes.' })
  id: string;

  @Column('uuid')
  personId: string;

  @Column('uuid', { nullable: true })
  eventId: string | null;

  @Column('text')
  @Field({ description: 'ORGANIZER, HOST or SPEAKER for an event.' })
  role: string;

  @Column('text')
  @Field({ description: 'What kind of thing it was, such as `event`.' })
  kind: string;

  @Column('text')
  @Field({ description: 'Plain text, up to 200 characters.' })
  title: string;

  @Column('text')
  @Field({ description: 'Told to others. Markdown.' })
  description: string;

  @Column('text')
  @Field({ description: "The person's own explanation of the numbers, which nobody can edit." })
  note: string;

  @Column('date')
  @Field({ description: 'The day it happened, `2026-03-17`.' })
  happenedOn: string;

  @Column('text')
  @Field(() => ContributionState, { description: 'How far it has come.' })
  state: ContributionState;

  /** The `attendanceChangedAt` of the event that its numbers were counted from. */
  @Column('timestamptz', { nullable: true })
  computedAt: Date | null;

  @Column('timestamptz')
  createdAt: Date;
}

/**
 * One number about a contribution. Lines are added, never changed: the newest of a name counts, the older ones tell what
 * was known before.
 */
@Entity()
@ObjectType({ description: 'One number about a contribution, and how it is known.' })
export class Measure {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' })
  id: string;

  @Column('uuid')
  contributionId: string;

  @Column('text')
  @Field({
    description: 'sessions, registered, live_in_person, live_online, unique_people, first_timers or no_shows.',
  })
  name: string;

  @Column('int')
  @Field(() => Int, { description: 'How many.' })
  value: number;

  @Column('text')
  @Field({
    description:
      'How it is known: `event`, `registered`, or of attendance `checked_in` (at the door), `imported` (file of the call) and `joined` (own link), several joined by `+`. What was not measured has no line at all.',
  })
  basis: string;

  @Column('text')
  @Field({ description: 'Where it was read, such as `event:<id>`.' })
  source: string;

  @Column('timestamptz')
  @Field({ description: 'When it was measured.' })
  measuredAt: Date;
}
