import { IsLanguage } from '#kernel';
import { Pool } from '#events';
import { Field, ID, InputType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsEmail, IsOptional, Length, Matches, MaxLength, ValidateNested } from 'class-validator';

const NAME = { message: 'Please give a name of 1 to 120 characters.' };

@InputType({ description: 'One answer: `text`, `choices` or `yes`, whichever fits the kind of the question.' })
export class AnswerInput {
  @Field(() => ID, { description: 'Id of the question.' })
  questionId: string;

  @Field(() => String, { nullable: true, description: 'For SHORT_TEXT (200 characters) and LONG_TEXT (4,000).' })
  @IsOptional()
  @MaxLength(4000, { message: 'Please keep this under 4,000 characters.' })
  text?: string | null;

  @Field(() => [String], { nullable: true, description: 'For ONE_CHOICE and MANY_CHOICES: options, word for word.' })
  @IsOptional()
  @ArrayMaxSize(50, { message: 'Please choose from the options.' })
  @MaxLength(200, { each: true, message: 'Please choose from the options.' })
  choices?: string[] | null;

  @Field(() => Boolean, { nullable: true, description: 'For YES_NO and CONSENT.' })
  yes?: boolean | null;
}

@InputType({ description: 'Somebody whom a person brings along.' })
export class GuestInput {
  @Field({ description: 'Plain text, up to 120 characters; the door finds them by it.' })
  @Length(1, 120, NAME)
  @Matches(/\S/, NAME)
  name: string;
}

@InputType()
export class RegisterForEventInput {
  @Field(() => ID, { description: 'Id of the event.' })
  eventId: string;

  @Field(() => String, { nullable: true, description: 'May be left out by a signed-in person.' })
  @IsOptional()
  @Length(1, 120, NAME)
  name?: string;

  @Field(() => String, { nullable: true, description: 'May be left out by a signed-in person.' })
  @IsOptional()
  @IsEmail({}, { message: 'Please give an e-mail address, such as ada@example.org.' })
  @MaxLength(254, { message: 'Please give an e-mail address of at most 254 characters.' })
  email?: string;

  @Field(() => Pool, { nullable: true, description: 'Needed for a hybrid event only.' })
  pool?: Pool;

  @Field(() => String, {
    nullable: true,
    description: 'BCP 47; mails about it are written in it. That of the event when left out.',
  })
  @IsOptional()
  @IsLanguage()
  language?: string;

  @Field(() => [AnswerInput], { nullable: true, description: 'Answers to the questions of the event.' })
  @IsOptional()
  @ArrayMaxSize(100, { message: 'That is more answers than an event has questions.' })
  @ValidateNested({ each: true })
  @Type(() => AnswerInput)
  answers?: AnswerInput[];

  @Field(() => [GuestInput], {
    nullable: true,
    description: 'People brought along, up to the `guestLimit` of the event. All get a seat, or all wait.',
  })
  @IsOptional()
  @ArrayMaxSize(20, { message: 'One person may bring at most 20 guests.' })
  @ValidateNested({ each: true })
  @Type(() => GuestInput)
  guests?: GuestInput[];

  @Field(() => String, {
    nullable: true,
    description:
      'Made up by the client, once per attempt to register: sending the same request again gives the same answer.',
  })
  @IsOptional()
  @Length(8, 100, { message: 'Please use an idempotency key of 8 to 100 characters, such as a UUID.' })
  idempotencyKey?: string;
}

/** Which registration is meant, as every input names it that its holder may send. */
@InputType({
  description: 'Names the registration by the secret of its manage link, or by its id for those who may manage it.',
})
export class RegistrationInput {
  @Field(() => String, { nullable: true, description: 'The secret of the manage link.' })
  @IsOptional()
  @MaxLength(100, { message: 'That link is not one of ours.' })
  manageToken?: string;

  @Field(() => ID, { nullable: true, description: 'Id of the registration.' })
  registrationId?: string;
}

@InputType({
  description: 'Names the registration by the secret of its manage link, or by its id for those who may manage it.',
})
export class CancelRegistrationInput extends RegistrationInput {}

@InputType({ description: 'Takes the offered seat. Names the registration by its manage link or by its id.' })
export class AcceptOfferInput extends RegistrationInput {
  @Field(() => [AnswerInput], {
    nullable: true,
    description: 'Answers to what the form asks by now; questions left out keep theirs.',
  })
  @IsOptional()
  @ArrayMaxSize(100, { message: 'That is more answers than an event has questions.' })
  @ValidateNested({ each: true })
  @Type(() => AnswerInput)
  answers?: AnswerInput[];
}

@InputType({
  description: 'Moves to the other way of taking part. Names the registration by its manage link or its id.',
})
export class SwitchPoolInput extends RegistrationInput {
  @Field(() => Pool, { description: 'Where to.' })
  pool: Pool;
}

@InputType({ description: 'Changes answers. Names the registration by its manage link or by its id.' })
export class UpdateAnswersInput extends RegistrationInput {
  @Field(() => [AnswerInput], { description: 'Questions left out keep their answers; an empty answer takes one back.' })
  @ArrayMaxSize(100, { message: 'That is more answers than an event has questions.' })
  @ValidateNested({ each: true })
  @Type(() => AnswerInput)
  answers: AnswerInput[];
}

@InputType()
export class ApproveRegistrationInput {
  @Field(() => ID, { description: 'Id of the registration.' })
  registrationId: string;
}

@InputType()
export class RefuseRegistrationInput {
  @Field(() => ID, { description: 'Id of the registration.' })
  registrationId: string;

  @Field(() => String, { nullable: true, description: 'Told to the person, and kept in the history.' })
  @IsOptional()
  @MaxLength(500, { message: 'Please keep the reason under 500 characters.' })
  reason?: string | null;
}

@InputType()
export class PromoteFromWaitlistInput {
  @Field(() => ID, { description: 'Id of the registration.' })
  registrationId: string;

  @Field({ description: 'Kept in the history; the others in line may ask.' })
  @Length(1, 500, { message: 'Please say why in 1 to 500 characters; it is kept in the history.' })
  reason: string;
}

@InputType()
export class BlockPersonInput {
  @Field(() => ID, { description: 'Id of the group.' })
  groupId: string;

  @Field({ description: 'E-mail address.' })
  @IsEmail({}, { message: 'Please give an e-mail address, such as ada@example.org.' })
  email: string;

  @Field(() => String, { nullable: true, description: 'For the organizers; never shown to the person.' })
  @IsOptional()
  @MaxLength(500, { message: 'Please keep the reason under 500 characters.' })
  reason?: string;
}

@InputType()
export class UnblockPersonInput {
  @Field(() => ID, { description: 'Id of the group.' })
  groupId: string;

  @Field({ description: 'E-mail address.' })
  @IsEmail({}, { message: 'Please give an e-mail address, such as ada@example.org.' })
  email: string;
}
