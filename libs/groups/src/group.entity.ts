import { Field, Float, ID, Int, ObjectType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A community that holds events: people, a home town or none, a language, and its own time zone. */
@Entity('meetup_group')
@ObjectType({ description: 'A community that holds events.' })
export class Group {
  @PrimaryColumn('uuid')
  @Field(() => ID, { description: 'Opaque; never changes.' })
  id: string;

  @Column('text')
  @Field({ description: 'Part of its addresses: `/groups/<slug>`.' })
  slug: string;

  @Column('text')
  @Field({ description: 'Plain text, up to 120 characters.' })
  name: string;

  @Column('text')
  @Field({ description: 'Markdown (CommonMark).' })
  description: string;

  @Column('text', { nullable: true })
  @Field(() => String, { nullable: true, description: 'Town, as people there write it.' })
  city: string | null;

  @Column('text', { nullable: true })
  @Field(() => String, { nullable: true, description: 'ISO 3166-1 alpha-2.' })
  country: string | null;

  @Column('float8', { nullable: true })
  @Field(() => Float, { nullable: true, description: 'WGS 84, degrees.' })
  latitude: number | null;

  @Column('float8', { nullable: true })
  @Field(() => Float, { nullable: true, description: 'WGS 84, degrees.' })
  longitude: number | null;

  @Column('text')
  @Field({ description: 'IANA time zone; the default of its events.' })
  timeZone: string;

  @Column('text')
  @Field({ description: 'BCP 47; the default of its events.' })
  language: string;

  @Column('jsonb')
  @Field(() => [String], { description: 'Addresses of its other homes on the web.' })
  links: string[];

  @Column('text', { nullable: true })
  @Field(() => String, { nullable: true, description: 'Markdown, or the address of a page.' })
  codeOfConduct: string | null;

  @Column('int', { nullable: true })
  @Field(() => Int, {
    nullable: true,
    description:
      'Hours that a seat which came free is held for the longest waiting, who accepts or declines. Null: it is theirs at once.',
  })
  offerHours: number | null;

  /** Instant of the last change that anybody can see; calendars take it over (rule C2). */
  @Column('timestamptz')
  changedAt: Date;

  @Column('timestamptz')
  @Field({ description: 'When it was made (UTC).' })
  createdAt: Date;
}
