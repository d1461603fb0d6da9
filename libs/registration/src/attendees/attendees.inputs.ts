import { Pool } from '#events';
import { ArgsType, Field, ID, InputType, Int, registerEnumType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsOptional, MaxLength, ValidateNested } from 'class-validator';
import { Attendance, RegistrationState } from '../registration.entity.ts';

export enum AttendeeSort {
  REGISTERED_AT = 'REGISTERED_AT',
  NAME = 'NAME',
  CHECKED_IN_AT = 'CHECKED_IN_AT',
}
registerEnumType(AttendeeSort, {
  name: 'AttendeeSort',
  description: 'The order of a list of attendees.',
  valuesMap: {
    REGISTERED_AT: { description: 'Who asked first comes first.' },
    NAME: { description: 'By name as it is written, first name first; capital letters make no difference.' },
    CHECKED_IN_AT: { description: 'Who came last comes first. Lists only people of whom we know when they came.' },
  },
});

const TEXT = { message: 'Please look for at most 120 characters.' };
const QUESTION = { message: 'That question is not one of this event.' };

@InputType({ description: 'Who answered a question so: exactly one of `text`, `choice` and `yes`.' })
export class AnswerFilter {
  @Field(() => ID, { description: 'Id of the question; also of one that is asked no more.' })
  @MaxLength(36, QUESTION)
  questionId: string;

  @Field(() => String, { nullable: true, description: 'Part of what was written; capital letters make no difference.' })
  @IsOptional()
  @MaxLength(120, TEXT)
  text?: string | null;

  @Field(() => String, { nullable: true, description: 'An option that was chosen, word for word.' })
  @IsOptional()
  @MaxLength(200, { message: 'Please give one of the options.' })
  choice?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'What was said to a yes-or-no question, or about a consent.' })
  yes?: boolean | null;
}

@InputType({ description: 'Which attendees to list: those to whom all that is given applies.' })
export class AttendeeFilter {
  @Field(() => [RegistrationState], { nullable: true, description: 'In one of these states.' })
  @IsOptional()
  @ArrayMaxSize(10, { message: 'Please name each state once.' })
  states?: RegistrationState[] | null;

  @Field(() => Pool, { nullable: true, description: 'With this kind of seat.' })
  pool?: Pool | null;

  @Field(() => Attendance, { nullable: true, description: 'Who was there, or was not.' })
  attendance?: Attendance | null;

  @Field(() => AnswerFilter, { nullable: true, description: 'Who answered a question so. For organizers.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => AnswerFilter)
  answer?: AnswerFilter | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'True: who answered an earlier version of the form, before it asked something new. False: who answered the present one. Guests are not asked. For organizers.',
  })
  answersMissing?: boolean | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Parts of a name; case, accents and the order of words make no difference. For organizers also part of an e-mail address.',
  })
  @IsOptional()
  @MaxLength(120, TEXT)
  text?: string | null;
}

@ArgsType()
export class AttendeesArgs {
  @Field(() => Int, { nullable: true, description: '1 to 100; 20 when left out.' })
  first?: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'A cursor of the same sort; the page begins behind it.',
  })
  after?: string | null;

  @Field(() => AttendeeFilter, { nullable: true, description: 'Everybody when left out.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => AttendeeFilter)
  filter?: AttendeeFilter | null;

  @Field(() => AttendeeSort, { defaultValue: AttendeeSort.REGISTERED_AT, description: 'In which order.' })
  sort: AttendeeSort;

  @Field(() => RegistrationState, { nullable: true, deprecationReason: 'Use `filter: { states }`.' })
  state?: RegistrationState | null;

  @Field(() => String, {
    nullable: true,
    description: 'Part of a name.',
    deprecationReason: 'Use `filter: { text }`.',
  })
  @IsOptional()
  @MaxLength(120, TEXT)
  search?: string | null;
}
