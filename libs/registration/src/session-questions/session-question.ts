import { Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';

export enum QuestionPhase {
  BEFORE = 'BEFORE',
  AFTER = 'AFTER',
}
registerEnumType(QuestionPhase, {
  name: 'QuestionPhase',
  description: 'When a question was asked.',
  valuesMap: {
    BEFORE: { description: 'Before the session began.' },
    AFTER: { description: 'Since it began.' },
  },
});

/** What somebody who registered wants to know from a session. Told without a name. */
@ObjectType({ description: 'What somebody who registered wants to know from a session. Told without a name.' })
export class SessionQuestion {
  @Field(() => ID, { description: 'Opaque; never changes.' })
  id: string;

  @Field(() => QuestionPhase, { description: 'When it was asked.' })
  phase: QuestionPhase;

  @Field({ description: 'Plain text, up to 500 characters.' })
  text: string;

  @Field({ description: 'When it was asked (UTC).' })
  askedAt: Date;

  @Field(() => Int, { description: 'How many people who registered want to know it too.' })
  votes: number;

  @Field(() => String, { nullable: true, description: 'Plain text, up to 2,000 characters.' })
  answer: string | null;

  @Field(() => Date, { nullable: true, description: 'When it was answered (last, UTC).' })
  answeredAt: Date | null;

  @Field(() => Date, { nullable: true, description: 'When hosts took it from the list; null while it stands there.' })
  hiddenAt: Date | null;
}

/** A question with what is never shown: for whom and about what it stands. */
export interface StoredQuestion extends SessionQuestion {
  eventId: string;
  groupId: string;
}
