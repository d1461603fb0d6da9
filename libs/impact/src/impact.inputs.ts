import { Field, ID, InputType } from '@nestjs/graphql';
import { IsOptional, Length, Matches, MaxLength } from 'class-validator';
import { ContributionState } from './contribution.entity.ts';

const TITLE = { message: 'Please give a title of 1 to 200 characters.' };

@InputType({ description: 'Only what is given changes.' })
export class UpdateContributionInput {
  @Field(() => ID, { description: 'Id of the entry.' })
  contributionId: string;

  @Field(() => ContributionState, { nullable: true, description: 'How far it has come.' })
  state?: ContributionState;

  @Field(() => String, { nullable: true, description: 'Plain text, up to 200 characters.' })
  @IsOptional()
  @Length(1, 200, TITLE)
  @Matches(/\S/, TITLE)
  title?: string;

  @Field(() => String, { nullable: true, description: 'Told to others. Markdown.' })
  @IsOptional()
  @MaxLength(5000, { message: 'Please keep the description under 5,000 characters.' })
  description?: string;

  @Field(() => String, { nullable: true, description: 'Your explanation of the numbers.' })
  @IsOptional()
  @MaxLength(2000, { message: 'Please keep the note under 2,000 characters.' })
  note?: string;
}
