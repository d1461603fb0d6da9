import { IsLanguage } from '#kernel';
import { Field, Float, ID, InputType, Int, OmitType, PartialType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsDate,
  IsEmail,
  IsInt,
  IsOptional,
  IsUrl,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { AgendaItem, Resource } from './essentials/agenda.ts';
import { EventFormat } from './event.entity.ts';
import { EventRole } from './event-person.entity.ts';
import { NearInput } from './search/events-search.inputs.ts';
import { QuestionKind } from './question.ts';

const TITLE = { message: 'Please give a title of 1 to 200 characters.' };
const NAME = { message: 'Please give a name of 1 to 120 characters.' };
const VENUE_NAME = { message: 'Please give the venue a name of 1 to 200 characters.' };
const ADDRESS = { message: 'Please give an address of 1 to 300 characters.' };
const LONG = { message: 'Please keep this under 20,000 characters.' };
const WALL_TIME = { message: 'Please give the time as 2026-03-17T17:00, in the time zone of the event.' };
const INSTANT = { message: 'Please give an instant such as 2026-03-01T08:00:00Z.' };
const QUESTION = { message: 'Please ask something in 1 to 300 characters.' };
const GUESTS = { message: 'One person may bring 0 to 20 guests.' };
const SEATS = { message: 'A capacity is a whole number from 0 to 1,000,000; leave it out for no limit.' };
const URL_RULE = { protocols: ['https', 'http'], require_protocol: true, require_tld: false };

@InputType()
export class VenueInput {
  @Field({ description: 'What people call the place, up to 200 characters.' })
  @Length(1, 200, VENUE_NAME)
  @Matches(/\S/, VENUE_NAME)
  name: string;

  @Field({ description: 'Street, town and country on one line.' })
  @Length(1, 300, ADDRESS)
  @Matches(/\S/, ADDRESS)
  address: string;

  @Field(() => Float, { nullable: true, description: 'WGS 84, degrees.' })
  @IsOptional()
  @Min(-90, { message: 'A latitude lies between -90 and 90.' })
  @Max(90, { message: 'A latitude lies between -90 and 90.' })
  latitude?: number | null;

  @Field(() => Float, { nullable: true, description: 'WGS 84, degrees.' })
  @IsOptional()
  @Min(-180, { message: 'A longitude lies between -180 and 180.' })
  @Max(180, { message: 'A longitude lies between -180 and 180.' })
  longitude?: number | null;
}

@InputType()
export class AccessibilityInput {
  @Field(() => Boolean, { nullable: true, description: 'No steps on the way from the street to the seat.' })
  stepFree?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: 'Live captions.' })
  captions?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: 'Sign language interpretation.' })
  signLanguage?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: 'A quiet room to withdraw to.' })
  quietRoom?: boolean | null;

  @Field(() => String, { nullable: true, description: 'Anything else, in words.' })
  @IsOptional()
  @MaxLength(2000, { message: 'Please keep the notes under 2,000 characters.' })
  notes?: string | null;
}

@InputType({ description: 'A host or speaker of an event.' })
export class EventPersonInput {
  @Field({ description: 'Plain text, up to 120 characters.' })
  @Length(1, 120, NAME)
  @Matches(/\S/, NAME)
  name: string;

  @Field({ description: 'Their impact record is kept under this address.' })
  @IsEmail({}, { message: 'Please give an e-mail address, such as ada@example.org.' })
  email: string;

  @Field(() => EventRole, { defaultValue: EventRole.SPEAKER, description: 'What the person does or may do.' })
  role: EventRole;

  @Field(() => String, { nullable: true, description: 'What they speak about.' })
  @IsOptional()
  @MaxLength(300, { message: 'Please keep the topic under 300 characters.' })
  topic?: string | null;
}

@InputType({ description: 'A question to those who register.' })
export class QuestionInput {
  @Field(() => ID, {
    nullable: true,
    description: 'Of a question that stays, so that answers given so far stay with it; left out for a new one.',
  })
  @IsOptional()
  @MaxLength(36, { message: 'That question is not one of this event. Please leave its id out to make a new one.' })
  id?: string | null;

  @Field(() => QuestionKind, { description: 'How it is answered.' })
  kind: QuestionKind;

  @Field({ description: 'What is asked. Plain text, up to 300 characters.' })
  @Length(1, 300, QUESTION)
  @Matches(/\S/, QUESTION)
  label: string;

  @Field(() => String, { nullable: true, description: 'Why it is asked, or what to keep in mind.' })
  @IsOptional()
  @MaxLength(500, { message: 'Please keep the explanation under 500 characters.' })
  help?: string | null;

  @Field({ defaultValue: false, description: 'Whether nobody registers without an answer.' })
  required: boolean;

  @Field(() => [String], { nullable: true, description: 'What to choose from: 2 to 50, for choices only.' })
  @IsOptional()
  @ArrayMaxSize(50, { message: 'Please give at most 50 options.' })
  @Length(1, 200, { each: true, message: 'Please give each option 1 to 200 characters.' })
  @Matches(/\S/, { each: true, message: 'Please give each option 1 to 200 characters.' })
  options?: string[] | null;
}

/** What an event and a series have in common. */
@InputType({ isAbstract: true })
export class EventFacts {
  @Field({ description: 'Plain text, up to 200 characters.' })
  @Length(1, 200, TITLE)
  @Matches(/\S/, TITLE)
  title: string;

  @Field(() => String, { nullable: true, description: 'Markdown (CommonMark), up to 20,000 characters.' })
  @IsOptional()
  @MaxLength(20_000, LONG)
  description?: string;

  @Field({ description: 'Wall time in `timeZone`: `2026-03-17T17:00`.' })
  @Matches(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/, WALL_TIME)
  startsAtLocal: string;

  @Field({ description: 'Wall time in `timeZone`: `2026-03-17T18:30`.' })
  @Matches(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/, WALL_TIME)
  endsAtLocal: string;

  @Field(() => String, { nullable: true, description: 'IANA time zone; that of the group when left out.' })
  @IsOptional()
  @MaxLength(64, { message: 'Please give an IANA time zone, such as Europe/Lisbon.' })
  timeZone?: string;

  @Field(() => String, { nullable: true, description: 'BCP 47; that of the group when left out.' })
  @IsOptional()
  @IsLanguage()
  language?: string;

  @Field(() => EventFormat, { description: 'Where people take part.' })
  format: EventFormat;

  @Field(() => VenueInput, {
    nullable: true,
    description: 'Where people meet; needed before a meeting in person is published.',
  })
  @IsOptional()
  @ValidateNested()
  @Type(() => VenueInput)
  venue?: VenueInput | null;

  @Field(() => String, { nullable: true, description: 'Where the online session takes place. Never shown in public.' })
  @IsOptional()
  @IsUrl(URL_RULE, { message: 'Please give the full address of the online session, starting with https://.' })
  joinUrl?: string | null;

  @Field(() => Int, { nullable: true, description: 'Seats in the room; no limit when null.' })
  @IsOptional()
  @IsInt(SEATS)
  @Min(0, SEATS)
  @Max(1_000_000, SEATS)
  capacityInPerson?: number | null;

  @Field(() => Int, { nullable: true, description: 'Seats online; no limit when null.' })
  @IsOptional()
  @IsInt(SEATS)
  @Min(0, SEATS)
  @Max(1_000_000, SEATS)
  capacityOnline?: number | null;

  @Field(() => [String], { nullable: true, description: 'Lower case, without spaces; at most 20.' })
  @IsOptional()
  @ArrayMaxSize(20, { message: 'Please use at most 20 tags.' })
  @Matches(/^[\p{Ll}\p{Lo}\p{N}]+([-.+#][\p{Ll}\p{Lo}\p{N}]*)*$/u, {
    each: true,
    message: 'Please write tags in lower case without spaces, such as dotnet or machine-learning.',
  })
  @MaxLength(40, { each: true, message: 'Please keep each tag under 40 characters.' })
  tags?: string[];

  @Field(() => AccessibilityInput, { nullable: true, description: 'What people who need it should know beforehand.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => AccessibilityInput)
  accessibility?: AccessibilityInput;

  @Field(() => [AgendaItem], { nullable: true, description: 'What happens, in order: at most 50 points.' })
  @IsOptional()
  @ArrayMaxSize(50, { message: 'Please keep the agenda to 50 points.' })
  @ValidateNested({ each: true })
  @Type(() => AgendaItem)
  agenda?: AgendaItem[];

  @Field(() => [Resource], { nullable: true, description: 'What to read or watch with it: at most 50.' })
  @IsOptional()
  @ArrayMaxSize(50, { message: 'Please list at most 50 resources.' })
  @ValidateNested({ each: true })
  @Type(() => Resource)
  resources?: Resource[];
}

@InputType()
export class CreateEventInput extends EventFacts {
  @Field(() => ID, { description: 'Id of the group.' })
  groupId: string;

  @Field(() => String, { nullable: true, description: 'Name in its address; made of title and date when left out.' })
  @IsOptional()
  @Matches(/^[a-z0-9]+(-[a-z0-9]+)*$/, {
    message: 'Please use lower-case letters, digits and single hyphens, such as june-meetup.',
  })
  @Length(2, 100, { message: 'Please use 2 to 100 characters.' })
  slug?: string;

  @Field(() => Date, { nullable: true, description: 'Registration opens at this instant; at once when null.' })
  @IsOptional()
  @IsDate({ message: 'Please give an instant such as 2026-03-01T08:00:00Z.' })
  registrationOpensAt?: Date | null;

  @Field(() => Date, { nullable: true, description: 'Registration closes at this instant; at the start when null.' })
  @IsOptional()
  @IsDate({ message: 'Please give an instant such as 2026-03-17T16:00:00Z.' })
  registrationClosesAt?: Date | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether an organizer approves each registration first; not when left out.',
  })
  approvalRequired?: boolean;

  @Field(() => Int, { nullable: true, description: 'How many named guests one person may bring: 0 to 20.' })
  @IsOptional()
  @IsInt(GUESTS)
  @Min(0, GUESTS)
  @Max(20, GUESTS)
  guestLimit?: number;

  @Field(() => [QuestionInput], {
    nullable: true,
    description: 'What those who register are asked, in order: at most 30. Replaces the questions there were.',
  })
  @IsOptional()
  @ArrayMaxSize(30, { message: 'Please ask at most 30 questions.' })
  @ValidateNested({ each: true })
  @Type(() => QuestionInput)
  questions?: QuestionInput[];

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether confirmed people are asked 48 hours before the start if they still come.',
  })
  askStillComing?: boolean;

  @Field(() => [EventPersonInput], { nullable: true, description: 'Hosts and speakers, in order.' })
  @IsOptional()
  @ArrayMaxSize(50, { message: 'Please name at most 50 people.' })
  @ValidateNested({ each: true })
  @Type(() => EventPersonInput)
  people?: EventPersonInput[];
}

@InputType({ description: 'Only what is given changes; null clears.' })
export class UpdateEventInput extends PartialType(OmitType(CreateEventInput, ['groupId', 'slug'] as const)) {
  @Field(() => ID, { description: 'Id of the event.' })
  eventId: string;

  @Field(() => String, { nullable: true, description: 'Address of the recording, once there is one.' })
  @IsOptional()
  @IsUrl(URL_RULE, { message: 'Please give the full address of the recording, starting with https://.' })
  recordingUrl?: string | null;
}

@InputType()
export class EventIdInput {
  @Field(() => ID, { description: 'Id of the event.' })
  eventId: string;
}

@InputType()
export class CancelEventInput extends EventIdInput {
  @Field(() => String, { nullable: true, description: 'Told to everybody who registered.' })
  @IsOptional()
  @MaxLength(1000, { message: 'Please keep the reason under 1,000 characters.' })
  reason?: string | null;
}

@InputType({ description: 'Which events to list. Without dates: those that have not ended.' })
export class EventFilter {
  @Field(() => String, {
    nullable: true,
    description:
      'Words, all of which stand in title, tags, description or the name of the group, or begin a word there. Without regard to case and accents; a word that stands nowhere finds titles with one like it. Up to 200 characters and 10 words.',
  })
  @IsOptional()
  @MaxLength(200, { message: 'Please look for up to 200 characters.' })
  text?: string | null;

  @Field(() => String, { nullable: true, description: 'Slug of a group.' })
  group?: string;

  @Field(() => String, { nullable: true, description: 'Slug of a series.' })
  series?: string;

  @Field(() => String, { nullable: true, description: 'Events with this tag.' })
  tag?: string;

  @Field(() => String, {
    nullable: true,
    description: 'Language it is held in, BCP 47: `pt` is any Portuguese, `pt-BR` that of Brazil.',
  })
  @IsOptional()
  @IsLanguage()
  language?: string | null;

  @Field(() => EventFormat, { nullable: true, description: 'Where people take part.' })
  format?: EventFormat;

  @Field(() => NearInput, { nullable: true, description: 'Within a distance from a point.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => NearInput)
  near?: NearInput | null;

  @Field(() => Date, { nullable: true, description: 'Ends after this instant; now when left out.' })
  @IsOptional()
  @IsDate(INSTANT)
  from?: Date;

  @Field(() => Date, { nullable: true, description: 'Starts before this instant.' })
  @IsOptional()
  @IsDate(INSTANT)
  to?: Date;
}
