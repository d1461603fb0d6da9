import { Field, ID, InputType, registerEnumType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsEnum, IsOptional, IsString, IsTimeZone, MaxLength, ValidateNested } from 'class-validator';

/** 64 KB as base64 writes them. */
const LARGEST_FILE = Math.ceil((64 * 1024) / 3) * 4;
const HEADER = { message: 'Please give the header of a column as it stands in the file.' };

/** Which part of a date such as 5/4/26 comes first. */
export enum DateOrder {
  DMY = 'DMY',
  MDY = 'MDY',
  YMD = 'YMD',
}
registerEnumType(DateOrder, {
  name: 'DateOrder',
  description: 'Which part of a date such as 5/4/26 comes first.',
  valuesMap: {
    DMY: { description: 'The day.' },
    MDY: { description: 'The month.' },
    YMD: { description: 'The year.' },
  },
});

@InputType({ description: 'For a spreadsheet of unknown headers: which column is what, by the text of its header.' })
export class AttendanceColumnsInput {
  @Field(() => String, { nullable: true, description: 'Header of the column with names.' })
  @IsOptional()
  @MaxLength(200, HEADER)
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'Header of the column with addresses.' })
  @IsOptional()
  @MaxLength(200, HEADER)
  email?: string | null;

  @Field(() => String, { nullable: true, description: 'Header of the column with lengths of stays.' })
  @IsOptional()
  @MaxLength(200, HEADER)
  minutes?: string | null;

  @Field(() => String, { nullable: true, description: 'Header of the column that says when people came.' })
  @IsOptional()
  @MaxLength(200, HEADER)
  joinedAt?: string | null;

  @Field(() => String, { nullable: true, description: 'Header of the column that says when people left.' })
  @IsOptional()
  @MaxLength(200, HEADER)
  leftAt?: string | null;
}

@InputType({
  description: 'What becomes of one person in the file: exactly one of the three. Remembered for the group.',
})
export class AttendanceDecisionInput {
  @Field({ description: 'The `key` of the person in the preview.' })
  @IsString({ message: 'Please name the person by their key.' })
  key: string;

  @Field(() => ID, { nullable: true, description: 'It is this registration.' })
  @IsOptional()
  @IsString({ message: 'Please give the id of a registration.' })
  registrationId?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'They came without having registered.' })
  walkIn?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: 'They do not count as an attendee.' })
  ignore?: boolean | null;
}

/** What a file does not say about itself, and what an organizer decided about the people in it. */
@InputType({ isAbstract: true })
export class AttendanceFileInput {
  @Field(() => String, { nullable: true, description: 'What the file is called; shown in the list of imports.' })
  @IsOptional()
  @MaxLength(200, { message: 'Please give the file a name of at most 200 characters.' })
  fileName?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'IANA zone of the times in the file; that of the event if left out.',
  })
  @IsOptional()
  @IsTimeZone({ message: 'We do not know this time zone. Please use a name such as `Europe/Lisbon`.' })
  timeZone?: string | null;

  @Field(() => DateOrder, { nullable: true, description: 'How the file writes dates, where both ways make sense.' })
  @IsOptional()
  @IsEnum(DateOrder, { message: 'Please choose DMY, MDY or YMD.' })
  dateOrder?: DateOrder | null;

  @Field(() => AttendanceColumnsInput, { nullable: true, description: 'For a spreadsheet of unknown headers.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => AttendanceColumnsInput)
  columns?: AttendanceColumnsInput | null;

  @Field(() => [AttendanceDecisionInput], { nullable: true, description: 'About people whom we cannot tell for sure.' })
  @IsOptional()
  @ArrayMaxSize(20_000, { message: 'Please send a list of decisions about at most 20,000 people.' })
  @ValidateNested({ each: true, message: 'Please send each decision as an object with the key of a person.' })
  @Type(() => AttendanceDecisionInput)
  decisions?: AttendanceDecisionInput[] | null;
}

@InputType({ description: 'A report of who was in a call. Larger ones go to POST /events/<slug>/attendance.' })
export class ImportAttendanceInput extends AttendanceFileInput {
  @Field(() => ID, { description: 'Id of the event.' })
  eventId: string;

  @Field({ description: 'The file in base64, up to 64 KB of it decoded.' })
  @MaxLength(LARGEST_FILE, {
    message: 'This file is larger than 64 KB. Please send it to POST /events/<slug>/attendance instead.',
  })
  file: string;

  @Field(() => Boolean, { defaultValue: true, description: 'Only shows what would happen and stores nothing.' })
  dryRun?: boolean;
}

@InputType()
export class UndoAttendanceImportInput {
  @Field(() => ID, { description: 'Id of the import.' })
  importId: string;
}
