import { Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { AgendaItem, Resource } from '../essentials/agenda.ts';
import { Accessibility, EventFormat } from '../event.entity.ts';

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

  /** Days that are left out (RFC 5545 §3.8.5.1 EXDATE). Days, since a rule gives each once and its time of day may change. */
  @Column('text', { array: true })
  @Field(() => [String], { name: 'skippedDates', description: 'Days that are left out, such as `2026-12-22`.' })
  exdates: string[];

  /** The series whose following occurrences this one took over. */
  @Column('uuid', { nullable: true })
  @Field(() => ID, { nullable: true, description: 'Id of the series whose later dates this one took over.' })
  continues: string | null;

  @Column('jsonb')
  @Field(() => [AgendaItem], { description: 'What happens at each occurrence, in order; each gets a copy to edit.' })
  agenda: AgendaItem[];

  @Column('jsonb')
  @Field(() => [Resource], { description: 'What each new occurrence starts with; each gets a copy to edit.' })
  resources: Resource[];

  /** Who is named as organizer of its occurrences. */
  @Column('uuid', { nullable: true })
  organizerId: string | null;

  @Column('timestamptz')
  changedAt: Date;

  @Column('timestamptz')
  @Field({ description: 'When it was made (UTC).' })
  createdAt: Date;
}
