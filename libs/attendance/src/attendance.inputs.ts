import { Pool } from '#events';
import { Field, ID, InputType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsDate, IsEmail, IsOptional, Length, Matches, MaxLength } from 'class-validator';

const NAME = { message: 'Please give a name of 1 to 120 characters.' };

@InputType({ description: 'Names who is at the door by exactly one of code, id or name.' })
export class CheckInInput {
  @Field(() => ID, { description: 'Id of the event.' })
  eventId: string;

  @Field(() => String, {
    nullable: true,
    description: 'The code on the ticket, where case and spaces do not matter, or all that its QR code says.',
  })
  @IsOptional()
  @MaxLength(400, { message: 'A ticket has up to 400 characters.' })
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

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Lets somebody in who has no seat, as a walk-in, into a free one.',
  })
  letIn?: boolean;

  @Field(() => Boolean, { defaultValue: false, description: 'With `letIn`: also when every seat is taken.' })
  beyondCapacity?: boolean;
}

@InputType({ description: 'Somebody at the door whom nobody expected.' })
export class AddWalkInInput {
  @Field(() => ID, { description: 'Id of the event.' })
  eventId: string;

  @Field({ description: 'Plain text, up to 120 characters.' })
  @Length(1, 120, NAME)
  @Matches(/\S/, NAME)
  name: string;

  @Field(() => String, {
    nullable: true,
    description: 'If they leave one: then they hear of the event afterwards, and are found if they registered with it.',
  })
  @IsOptional()
  @IsEmail({}, { message: 'Please give an e-mail address, such as ada@example.org.' })
  @MaxLength(254, { message: 'Please give an e-mail address of at most 254 characters.' })
  email?: string | null;

  @Field(() => Pool, { nullable: true, description: 'IN_PERSON when left out, where the event has a room.' })
  pool?: Pool | null;

  @Field(() => String, {
    nullable: true,
    description: 'Made up by the client, once per walk-in: sending it again is harmless.',
  })
  @IsOptional()
  @Length(8, 100, { message: 'Please use a nonce of 8 to 100 characters, such as a UUID.' })
  nonce?: string | null;

  @Field(() => Date, {
    nullable: true,
    description: 'When they came, if they were let in while offline; now when left out.',
  })
  @IsOptional()
  @IsDate({ message: 'Please give an instant such as 2026-03-17T17:05:00Z.' })
  at?: Date | null;

  @Field(() => Boolean, { defaultValue: false, description: 'Lets them in also when every seat is taken.' })
  beyondCapacity?: boolean;
}

@InputType({ description: 'One scan of a queue. Names who was at the door by exactly one of code, id or name.' })
export class ScanInput {
  @Field({ description: 'Made up by the client, once per scan; 8 to 100 characters.' })
  nonce: string;

  @Field(() => Date, { description: 'When the scan happened.' })
  at: Date;

  @Field(() => String, { nullable: true, description: 'As in `CheckInInput`.' })
  ticketCode?: string | null;

  @Field(() => ID, { nullable: true, description: 'Id of the registration.' })
  registrationId?: string | null;

  @Field(() => String, { nullable: true, description: 'The full name they registered with.' })
  name?: string | null;
}

@InputType({ description: 'What a scanner kept while it was offline.' })
export class UploadCheckInsInput {
  @Field(() => ID, { description: 'Id of the event.' })
  eventId: string;

  @Field(() => [ScanInput], { description: 'In any order, up to 500 at a time.' })
  @ArrayMaxSize(500, { message: 'Please send at most 500 scans at a time.' })
  @Type(() => ScanInput)
  scans: ScanInput[];
}

@InputType()
export class UndoCheckInInput {
  @Field(() => ID, { description: 'Id of the registration.' })
  registrationId: string;
}
