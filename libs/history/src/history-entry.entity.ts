import { Field, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** What kind of hand did it. */
export enum ActorKind {
  PERSON = 'person',
  STRANGER = 'stranger',
  SYSTEM = 'system',
}
registerEnumType(ActorKind, {
  name: 'ActorKind',
  description: 'Who did something.',
  valuesMap: {
    PERSON: { description: 'Somebody who had signed in.' },
    STRANGER: { description: 'Somebody with a link or at a form, who had not signed in.' },
    SYSTEM: { description: 'Goodturn itself, because it was time or because a seat came free.' },
  },
});

/** One line of the audit trail: who did what to which event, registration, group or role. Never changed, never deleted. */
@Entity()
@ObjectType({ description: 'One thing that was done, and by whom.' })
export class HistoryEntry {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' })
  id: string;

  @Column('timestamptz')
  @Field({ description: 'When it was done (UTC).' })
  at: Date;

  @Column('text')
  @Field(() => ActorKind, { name: 'byKind', description: 'Who did it.' })
  actorKind: ActorKind;

  @Column('uuid', { nullable: true })
  actorId: string | null;

  /** Name of the person who did it, as it is now; not a column. */
  @Field(() => String, {
    nullable: true,
    description: 'Name of the person who did it; null for strangers and Goodturn.',
  })
  by?: string | null;

  @Column('text')
  @Field({ description: 'Noun and past verb, such as `registration.promoted`.' })
  act: string;

  @Column('uuid')
  subjectId: string;

  @Column('uuid', { nullable: true })
  groupId: string | null;

  @Column('jsonb')
  details: Record<string, unknown>;

  @Field(() => String, { nullable: true, description: 'Why, in the words of whoever did it.' })
  get reason(): string | null {
    return this.detail('reason');
  }

  @Field(() => String, { nullable: true, description: 'Which seats it was about: `IN_PERSON` or `ONLINE`.' })
  get pool(): string | null {
    return this.detail('pool');
  }

  @Field(() => String, { nullable: true, description: 'The state it led to, where the act alone does not tell.' })
  get state(): string | null {
    return this.detail('state');
  }

  @Field(() => String, { nullable: true, description: 'How somebody was known at the door, such as `scanned`.' })
  get method(): string | null {
    return this.detail('method');
  }

  private detail(name: string): string | null {
    const detail = this.details[name];
    return typeof detail === 'string' ? detail : null;
  }
}
