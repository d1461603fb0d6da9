import { ArgsType, Field, ID, InputType, Int, PartialType, PickType, registerEnumType } from '@nestjs/graphql';
import { ArrayMaxSize, ArrayMinSize, IsInt, IsOptional, Length, Matches, Max, MaxLength, Min } from 'class-validator';
import { EventFacts } from '../events.inputs.ts';
import { SeriesKind } from './series.entity.ts';

const RULE = { message: 'Please give a rule of at most 500 characters, such as FREQ=MONTHLY;BYDAY=3TU;COUNT=12.' };
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const DAYS = { each: true, message: 'Please give each date as 2026-12-22.' };
const HOW_MANY = { message: 'Please ask for 1 to 100 dates.' };

/** How far an edit of a series reaches. Changing one occurrence alone is `updateEvent`. */
export enum SeriesScope {
  ALL = 'ALL',
  FOLLOWING = 'FOLLOWING',
}
registerEnumType(SeriesScope, {
  name: 'SeriesScope',
  description: 'How far an edit of a series reaches. For one occurrence alone there is `updateEvent`.',
  valuesMap: {
    ALL: { description: 'All occurrences that have not begun, and those made later.' },
    FOLLOWING: {
      description:
        'The occurrence `from` and all after it. They become a series of their own, which continues the old one; they keep their ids, their addresses and the people registered.',
    },
  },
});

@InputType()
export class CreateSeriesInput extends EventFacts {
  @Field(() => ID, { description: 'Id of the group.' })
  groupId: string;

  @Field(() => SeriesKind, { defaultValue: SeriesKind.REGULAR, description: 'How its occurrences come about.' })
  kind: SeriesKind;

  @Field(() => String, { nullable: true, description: 'Name in its address; made of the title when left out.' })
  @IsOptional()
  @Matches(/^[a-z0-9]+(-[a-z0-9]+)*$/, { message: 'Please use lower-case letters, digits and single hyphens.' })
  @Length(2, 100, { message: 'Please use 2 to 100 characters.' })
  slug?: string;

  @Field({ description: 'RFC 5545 RRULE with COUNT or UNTIL, such as `FREQ=MONTHLY;BYDAY=3TU;COUNT=12`.' })
  @Length(1, 500, RULE)
  rule: string;
}

@InputType({ description: 'Changes the coming occurrences that nobody edited by hand. Only what is given changes.' })
export class UpdateSeriesInput extends PartialType(
  PickType(EventFacts, [
    'title',
    'description',
    'format',
    'venue',
    'joinUrl',
    'capacityInPerson',
    'capacityOnline',
    'tags',
    'accessibility',
    'agenda',
    'resources',
    'timeZone',
  ] as const),
) {
  @Field(() => ID, { description: 'Id of the series.' })
  seriesId: string;

  @Field(() => SeriesScope, { defaultValue: SeriesScope.ALL, description: 'How far the edit reaches.' })
  scope: SeriesScope;

  @Field(() => ID, { nullable: true, description: 'Id of the first occurrence to change, for FOLLOWING.' })
  @IsOptional()
  @MaxLength(36, { message: 'Please give the id of an occurrence of this series.' })
  from?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'New rule, RFC 5545 RRULE with COUNT or UNTIL; COUNT counts from the start of the series.',
  })
  @IsOptional()
  @Length(1, 500, RULE)
  rule?: string;

  @Field(() => String, {
    nullable: true,
    description: 'New first day, `2026-04-07`. That of the series, or of `from`, when left out.',
  })
  @IsOptional()
  @Matches(DAY, { message: 'Please give the first day as 2026-04-07.' })
  startsOn?: string;

  @Field(() => String, { nullable: true, description: 'New time of day as wall time, `18:00`.' })
  @IsOptional()
  @Matches(/^([01]\d|2[0-3]):[0-5]\d$/, { message: 'Please give the time of day as 18:00.' })
  startsAtTime?: string;

  @Field(() => Int, { nullable: true, description: 'How long each occurrence takes from now on.' })
  @IsOptional()
  @IsInt({ message: 'Please give the length in whole minutes.' })
  @Min(1, { message: 'An occurrence takes at least a minute.' })
  @Max(10_080, { message: 'An occurrence takes at most a week.' })
  durationMinutes?: number;
}

@InputType({ description: 'Leaves days out, for good.' })
export class SkipDatesInput {
  @Field(() => ID, { description: 'Id of the series.' })
  seriesId: string;

  @Field(() => [String], { description: 'Days of the series that are still to come, such as `2026-12-22`: 1 to 100.' })
  @ArrayMinSize(1, { message: 'Please name at least one date.' })
  @ArrayMaxSize(100, { message: 'Please skip at most 100 dates at a time.' })
  @Matches(DAY, DAYS)
  dates: string[];
}

@ArgsType()
export class PreviewRecurrenceArgs {
  @Field({ description: 'RFC 5545 RRULE with COUNT or UNTIL, such as `FREQ=MONTHLY;BYDAY=3TU;COUNT=12`.' })
  @Length(1, 500, RULE)
  rule: string;

  @Field({ description: 'Start of the first occurrence as wall time: `2026-03-17T17:00`.' })
  @MaxLength(40, { message: 'Please give the start as 2026-03-17T17:00.' })
  startsAtLocal: string;

  @Field({ description: 'IANA time zone.' })
  @MaxLength(64, { message: 'Please give an IANA time zone, such as Europe/Lisbon.' })
  timeZone: string;

  @Field(() => [String], { nullable: true, description: 'Days to leave out, such as `2026-12-22`; at most 1,000.' })
  @IsOptional()
  @ArrayMaxSize(1000, { message: 'Please leave out at most 1,000 dates.' })
  @Matches(DAY, DAYS)
  exdates?: string[] | null;

  @Field(() => Int, { defaultValue: 12, description: 'How many dates: 1 to 100.' })
  @IsInt(HOW_MANY)
  @Min(1, HOW_MANY)
  @Max(100, HOW_MANY)
  first: number;
}
