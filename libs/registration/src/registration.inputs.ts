import { IsLanguage } from '#kernel';
import { Pool } from '#events';
import { Field, ID, InputType } from '@nestjs/graphql';
import { IsDate, IsEmail, IsOptional, Length, MaxLength } from 'class-validator';

const NAME = { message: 'Please give a name of 1 to 120 characters.' };

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

  @Field(() => String, {
    nullable: true,
    description:
      'Made up by the client, once per attempt to register: sending the same request again gives the same answer.',
  })
  @IsOptional()
  @Length(8, 100, { message: 'Please use an idempotency key of 8 to 100 characters, such as a UUID.' })
  idempotencyKey?: string;
}

@InputType({
  description: 'Names the registration by the secret of its manage link, or by its id for those who may manage it.',
})
export class CancelRegistrationInput {
  @Field(() => String, { nullable: true, description: 'The secret of the manage link.' })
  @IsOptional()
  @MaxLength(100, { message: 'That link is not one of ours.' })
  manageToken?: string;

  @Field(() => ID, { nullable: true, description: 'Id of the registration.' })
  registrationId?: string;
}

@InputType()
export class PromoteFromWaitlistInput {
  @Field(() => ID, { description: 'Id of the registration.' })
  registrationId: string;

  @Field({ description: 'Kept in the history; the others in line may ask.' })
  @Length(1, 500, { message: 'Please say why in 1 to 500 characters; it is kept in the history.' })
  reason: string;
}

@InputType({ description: 'Names who is at the door by exactly one of code, id or name.' })
export class CheckInInput {
  @Field(() => ID, { description: 'Id of the event.' })
  eventId: string;

  @Field(() => String, { nullable: true, description: 'The code on the ticket; case and spaces do not matter.' })
  @IsOptional()
  @MaxLength(40, { message: 'A ticket code has 10 characters.' })
  ticketCode?: string;

  @Field(() => ID, { nullable: true, description: 'Id of the registration.' })
  registrationId?: string;

  @Field(() => String, { nullable: true, description: 'The full name they registered with.' })
  @IsOptional()
  @MaxLength(120, NAME)
  name?: string;

  @Field(() => String, {
    nullable: true,
    description: 'Made up by the client, once per scan: sending it again is harmless.',
  })
  @IsOptional()
  @Length(8, 100, { message: 'Please use a nonce of 8 to 100 characters, such as a UUID.' })
  nonce?: string;

  @Field(() => Date, {
    nullable: true,
    description: 'When the scan happened, if it was made offline; now when left out.',
  })
  @IsOptional()
  @IsDate({ message: 'Please give an instant such as 2026-03-17T17:05:00Z.' })
  at?: Date;
}

@InputType()
export class UndoCheckInInput {
  @Field(() => ID, { description: 'Id of the registration.' })
  registrationId: string;
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
