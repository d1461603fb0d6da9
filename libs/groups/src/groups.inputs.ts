import { IsLanguage } from '#kernel';
import { Field, Float, ID, InputType, Int } from '@nestjs/graphql';
import { IsEmail, IsIn, IsInt, IsOptional, IsUrl, Length, Matches, Max, MaxLength, Min } from 'class-validator';
import { Role } from './membership.entity.ts';

const NAME = { message: 'Please give a name of 1 to 120 characters.' };
const OFFER = { message: 'Please hold an offered seat for 1 to 336 hours (two weeks).' };
const LONG = { message: 'Please keep this under 20,000 characters.' };

@InputType()
export class UpdateGroupInput {
  @Field(() => ID, { description: 'Id of the group.' })
  groupId: string;

  @Field(() => String, { nullable: true, description: 'Plain text, up to 120 characters.' })
  @IsOptional()
  @Length(1, 120, NAME)
  @Matches(/\S/, NAME)
  name?: string;

  @Field(() => String, { nullable: true, description: 'Markdown (CommonMark), up to 20,000 characters.' })
  @IsOptional()
  @MaxLength(20_000, LONG)
  description?: string;

  @Field(() => String, { nullable: true, description: 'Town, as people there write it.' })
  @IsOptional()
  @MaxLength(120, { message: 'Please keep the name of the city under 120 characters.' })
  city?: string;

  @Field(() => String, { nullable: true, description: 'ISO 3166-1 alpha-2, such as `PT`.' })
  @IsOptional()
  @Matches(/^[A-Z]{2}$/, { message: 'Please give the country as its two capital letters, such as PT or JP.' })
  country?: string;

  @Field(() => Float, { nullable: true, description: 'WGS 84, degrees.' })
  @IsOptional()
  @Min(-90, { message: 'A latitude lies between -90 and 90.' })
  @Max(90, { message: 'A latitude lies between -90 and 90.' })
  latitude?: number;

  @Field(() => Float, { nullable: true, description: 'WGS 84, degrees.' })
  @IsOptional()
  @Min(-180, { message: 'A longitude lies between -180 and 180.' })
  @Max(180, { message: 'A longitude lies between -180 and 180.' })
  longitude?: number;

  @Field(() => String, { nullable: true, description: 'IANA time zone, such as `Europe/Lisbon`.' })
  @IsOptional()
  @MaxLength(64, { message: 'Please give an IANA time zone, such as Europe/Lisbon.' })
  timeZone?: string;

  @Field(() => String, { nullable: true, description: 'BCP 47, such as `pt-PT`.' })
  @IsOptional()
  @IsLanguage()
  language?: string;

  @Field(() => [String], { nullable: true, description: 'Full addresses of other homes on the web.' })
  @IsOptional()
  @IsUrl(
    { protocols: ['https', 'http'], require_protocol: true },
    { each: true, message: 'Please give full addresses, starting with https://.' },
  )
  links?: string[];

  @Field(() => String, { nullable: true, description: 'Markdown, or the address of a page.' })
  @IsOptional()
  @MaxLength(20_000, LONG)
  codeOfConduct?: string;

  @Field(() => Int, {
    nullable: true,
    description: 'Hours (1 to 336) that a seat which came free is held for the longest waiting; null gives it at once.',
  })
  @IsOptional()
  @IsInt(OFFER)
  @Min(1, OFFER)
  @Max(336, OFFER)
  offerHours?: number | null;
}

@InputType()
export class CreateGroupInput {
  @Field({ description: 'Lower-case letters, digits and hyphens; part of the address. Cannot be changed later.' })
  @Matches(/^[a-z0-9]+(-[a-z0-9]+)*$/, {
    message: 'Please use lower-case letters, digits and single hyphens, such as lisbon-dotnet.',
  })
  @Length(2, 60, { message: 'Please use 2 to 60 characters.' })
  slug: string;

  @Field({ description: 'Plain text, up to 120 characters.' })
  @Length(1, 120, NAME)
  @Matches(/\S/, NAME)
  name: string;

  @Field({ description: 'IANA time zone, such as `Europe/Lisbon`.' })
  @MaxLength(64, { message: 'Please give an IANA time zone, such as Europe/Lisbon.' })
  timeZone: string;

  @Field(() => String, { nullable: true, description: 'Markdown (CommonMark), up to 20,000 characters.' })
  @IsOptional()
  @MaxLength(20_000, LONG)
  description?: string;

  @Field(() => String, { nullable: true, description: 'Town, as people there write it.' })
  @IsOptional()
  @MaxLength(120, { message: 'Please keep the name of the city under 120 characters.' })
  city?: string;

  @Field(() => String, { nullable: true, description: 'ISO 3166-1 alpha-2, such as `PT`.' })
  @IsOptional()
  @Matches(/^[A-Z]{2}$/, { message: 'Please give the country as its two capital letters, such as PT or JP.' })
  country?: string;

  @Field(() => String, { nullable: true, description: 'BCP 47, such as `pt-PT`; English when left out.' })
  @IsOptional()
  @IsLanguage()
  language?: string;

  @Field({ description: 'Who owns the group; gets an account when they have none.' })
  @IsEmail({}, { message: 'Please give an e-mail address, such as ada@example.org.' })
  ownerEmail: string;
}

@InputType()
export class SetRoleInput {
  @Field(() => ID, { description: 'Id of the group.' })
  groupId: string;

  @Field({ description: 'Address of the person; they need not have signed in before.' })
  @IsEmail({}, { message: 'Please give an e-mail address, such as ada@example.org.' })
  email: string;

  @Field(() => String, { nullable: true, description: 'How the person is called, if they are new here.' })
  @IsOptional()
  @Length(1, 120, NAME)
  @Matches(/\S/, NAME)
  name?: string;

  @Field(() => Role, { description: 'What the person does or may do.' })
  @IsIn(Object.values(Role), { message: 'Please choose one of OWNER, ORGANIZER, HOST and MEMBER.' })
  role: Role;
}

@InputType()
export class RemoveMemberInput {
  @Field(() => ID, { description: 'Id of the group.' })
  groupId: string;

  @Field({ description: 'E-mail address.' })
  @IsEmail({}, { message: 'Please give an e-mail address, such as ada@example.org.' })
  email: string;
}
