import { Field, ID, ObjectType } from '@nestjs/graphql';
import { Check, Column, Entity, PrimaryGeneratedColumn, Unique } from 'typeorm';

/**
 * Somebody Goodturn knows by e-mail address: who registered once, and who signs in. Signing in proves the address
 * (`emailVerified`); registering does not.
 */
@Entity()
@Unique('uq_person_email', ['email'])
@Check('ck_person_email_lower', 'email = lower(email)')
@Check('ck_person_email_length', 'length(email) BETWEEN 3 AND 254')
@Check('ck_person_name_length', 'length(name) <= 200')
@ObjectType({ description: 'Somebody known by e-mail address: an attendee, an organizer, or both.' })
export class Person {
  @PrimaryGeneratedColumn('uuid')
  @Field(() => ID, { description: 'Opaque; never changes.' })
  id: string;

  @Column('text')
  @Field({ description: 'How the person wants to be called; empty until they tell.' })
  name: string;

  /** Lower case; unique. Shown to the person, to administrators, and to organizers of a group they registered with. */
  @Column('text')
  email: string;

  @Column('boolean', { default: false })
  emailVerified: boolean;

  @Column('text', { nullable: true })
  image: string | null;

  @Column('text', { default: 'en' })
  @Field({ description: 'BCP 47; mail is written in it.' })
  language: string;

  /** IANA; quiet hours are counted in it. Unknown until the person tells. */
  @Column('text', { nullable: true })
  timeZone: string | null;

  @Column('boolean', { default: false })
  administrator: boolean;

  @Column('timestamptz', { default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { default: () => 'now()' })
  updatedAt: Date;
}
