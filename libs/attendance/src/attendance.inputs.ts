import { Field, ID, InputType } from '@nestjs/graphql';
import { IsDate, IsOptional, Length, MaxLength } from 'class-validator';

const NAME = { message: 'Please give a name of 1 to 120 characters.' };

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
