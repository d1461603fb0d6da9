import { Field, ID, ObjectType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One thing to do before, at or after an Essentials session. */
@Entity()
@ObjectType({ description: 'One thing to do before, at or after an Essentials session.' })
export class RunbookTask {
  @PrimaryColumn('uuid')
  @Field(() => ID, { description: 'Opaque; never changes.' })
  id: string;

  @Column('uuid')
  eventId: string;

  @Column('text')
  key: string;

  @Column('text')
  @Field({ description: 'Plain text, up to 200 characters.' })
  title: string;

  @Column('date')
  @Field({ description: 'Day in the zone of the event, `2026-03-17`.' })
  dueOn: string;

  /** Who sees to it; the organizers of the event do where nobody is named. */
  @Column('uuid', { nullable: true })
  ownerId: string | null;

  @Column('timestamptz', { nullable: true })
  @Field(() => Date, { nullable: true, description: 'When it was ticked off (UTC).' })
  doneAt: Date | null;
}
