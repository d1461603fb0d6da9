import { ArgsType, Field, ID, InputType, Int } from '@nestjs/graphql';
import { IsOptional, Length, Matches, MaxLength } from 'class-validator';

const QUESTION = { message: 'Please ask in 1 to 500 characters.' };
const LINK = { message: 'That link is not one of ours.' };

@InputType()
export class AskQuestionInput {
  @Field(() => ID, { description: 'Id of the event.' })
  eventId: string;

  @Field({ description: 'Plain text, up to 500 characters. Shown to everybody, without a name.' })
  @Length(1, 500, QUESTION)
  @Matches(/\S/, QUESTION)
  text: string;

  @Field(() => String, {
    nullable: true,
    description: 'The secret of the manage link; may be left out by a signed-in person who registered.',
  })
  @IsOptional()
  @MaxLength(100, LINK)
  manageToken?: string | null;
}

@InputType()
export class VoteForQuestionInput {
  @Field(() => ID, { description: 'Id of the question.' })
  questionId: string;

  @Field(() => String, {
    nullable: true,
    description: 'The secret of the manage link; may be left out by a signed-in person who registered.',
  })
  @IsOptional()
  @MaxLength(100, LINK)
  manageToken?: string | null;
}

@InputType()
export class AnswerQuestionInput {
  @Field(() => ID, { description: 'Id of the question.' })
  questionId: string;

  @Field(() => String, {
    nullable: true,
    description: 'Plain text, up to 2,000 characters; null takes the answer back.',
  })
  @IsOptional()
  @Length(1, 2000, { message: 'Please answer in 1 to 2,000 characters.' })
  @Matches(/\S/, { message: 'Please answer in 1 to 2,000 characters.' })
  answer?: string | null;
}

@InputType()
export class HideQuestionInput {
  @Field(() => ID, { description: 'Id of the question.' })
  questionId: string;

  @Field({ defaultValue: true, description: 'False puts it back on the list.' })
  hidden: boolean;
}

@ArgsType()
export class SessionQuestionsArgs {
  @Field(() => Int, { nullable: true, description: '1 to 100; 20 when left out.' })
  first?: number | null;

  @Field(() => String, { nullable: true, description: 'The `endCursor` of the page before.' })
  after?: string | null;

  @Field({ defaultValue: false, description: 'Those that were hidden instead. For hosts and organizers.' })
  hidden: boolean;
}
