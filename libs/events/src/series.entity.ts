import { Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { Accessibility, EventFormat } from './event.entity.ts';

export enum SeriesKind {
  REGULAR = 'REGULAR',
  ESSENTIALS = 'ESSENTIALS',
}
registerEnumType(SeriesKind, {
  name: 'SeriesKind',
  description: 'How the occurrences of a series come about.',
  valuesMap: {
    REGULAR: { description: 'Published half a year ahead, ready for registration.' },
    ESSENTIALS: {
      description: 'A quarterly programme session: drafted a quarter ahead with its runbook, published by hand.',
    },
  },
});

/** A plan that makes events: a recurrence rule in wall time and what its occurrences have in common. */
@Entity()
@ObjectType({ description: 'A plan that makes events.' })
export class Series {
  @PrimaryColumn('uuid')
  @Field(() => ID, { description: 'Opaque; never changes.' })
  id: string;

  @Column('uuid')
  groupId: string;

  @Column('text')
  @Field({ description: 'Part of its addresses: `/calendar/series/<slug>.ics`.' })
  slug: string;

  @Column('text')
  @Field(() => SeriesKind, { description: 'How its occurrences come about.' })
  kind: SeriesKind;

  @Column('text')
  @Field({ description: 'Plain text, up to 200 characters.' })
  title: string;

  @Column('text')
  @Field({ description: 'Markdown (CommonMark).' })
  description: string;

  @Column('text')
  @Field({ description: 'RFC 5545 RRULE, such as `FREQ=MONTHLY;BYDAY=3TU;COUNT=12`.' })
  rule: string;

  @Column('text')
  @Field({ description: 'Start of the first occurrence as wall time in `timeZone`.' })
  startsAtLocal: string;

  @Column('int')
  @Field(() => Int, { description: 'How long each occurrence takes.' })
  durationMinutes: number;

  @Column('text')
  @Field({ description: 'IANA time zone.' })
  timeZone: string;

  @Column('text')
  @Field({ description: 'BCP 47.' })
  language: string;

  @Column('text')
  @Field(() => EventFormat, { description: 'Where people take part.' })
  format: EventFormat;

  @Column('uuid', { nullable: true })
  venueId: string | null;

  @Column('text', { nullable: true })
  joinUrl: string | null;

  @Column('int', { nullable: true })
  @Field(() => Int, { nullable: true, description: 'Seats in the room per occurrence; unlimited when null.' })
  capacityInPerson: number | null;

  @Column('int', { nullable: true })
  @Field(() => Int, { nullable: true, description: 'Seats online per occurrence; unlimited when null.' })
  capacityOnline: number | null;

  @Column('text', { array: true })
  @Field(() => [String], { description: 'Lower case, without spaces; at most 20.' })
  tags: string[];

  @Column('jsonb')
  @Field(() => Accessibility, { description: 'What people who need it should know beforehand.' })
  accessibility: Accessibility;

  /** Who is named as organizer of its occurrences. */
  @Column('uuid', { nullable: true })
  organizerId: string | null;

  @Column('timestamptz')
  changedAt: Date;

  @Column('timestamptz')
  @Field({ description: 'When it was made (UTC).' })
  createdAt: Date;
}
