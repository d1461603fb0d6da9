import { Field, Float, ID, ObjectType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A place a group meets at. Correcting its name corrects it for every event there. */
@Entity()
@ObjectType({ description: 'A place a group meets at.' })
export class Venue {
  @PrimaryColumn('uuid')
  @Field(() => ID, { description: 'Opaque; never changes.' })
  id: string;

  @Column('uuid')
  groupId: string;

  @Column('text')
  @Field({ description: 'What people call the place.' })
  name: string;

  @Column('text')
  @Field({ description: 'Street, town and country on one line.' })
  address: string;

  @Column('float8', { nullable: true })
  @Field(() => Float, { nullable: true, description: 'WGS 84, degrees.' })
  latitude: number | null;

  @Column('float8', { nullable: true })
  @Field(() => Float, { nullable: true, description: 'WGS 84, degrees.' })
  longitude: number | null;

  /** Instant of the last visible change; calendars take it over (rule C2). */
  @Column('timestamptz')
  changedAt: Date;
}
