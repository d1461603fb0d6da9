import { Field, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What somebody did to make an event happen; each role is credited in the impact record. */
export enum EventRole {
  ORGANIZER = 'ORGANIZER',
  HOST = 'HOST',
  SPEAKER = 'SPEAKER',
}
registerEnumType(EventRole, { name: 'EventRole', description: 'What somebody does to make an event happen.' });

@Entity()
@ObjectType({ description: 'Somebody who makes an event happen.' })
export class EventPerson {
  @PrimaryColumn('uuid')
  eventId: string;

  @PrimaryColumn('uuid')
  personId: string;

  @PrimaryColumn('text')
  @Field(() => EventRole, { description: 'What the person does or may do.' })
  role: EventRole;

  @Column('text', { nullable: true })
  @Field(() => String, { nullable: true, description: 'What they speak about.' })
  topic: string | null;

  @Column('int')
  position: number;
}
