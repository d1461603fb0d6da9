import { Field, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { IsInt, IsOptional, IsUrl, Length, Matches, Max, MaxLength, Min } from 'class-validator';

const ITEM = { message: 'Please name each point of the agenda in 1 to 200 characters.' };
const MINUTES = { message: 'A point of the agenda takes 1 to 1,440 whole minutes; leave it out where it is open.' };
const RESOURCE = { message: 'Please give each resource a title of 1 to 200 characters.' };

/** One point of what happens at an event. */
@ObjectType({ description: 'One point of what happens at an event.' })
@InputType('AgendaItemInput', { description: 'One point of what happens at an event.' })
export class AgendaItem {
  @Field({ description: 'Plain text, up to 200 characters.' })
  @Length(1, 200, ITEM)
  @Matches(/\S/, ITEM)
  title: string;

  @Field(() => Int, { nullable: true, description: 'How long it takes; open when null.' })
  @IsOptional()
  @IsInt(MINUTES)
  @Min(1, MINUTES)
  @Max(1440, MINUTES)
  minutes?: number | null;

  @Field(() => String, { nullable: true, description: 'Plain text, up to 1,000 characters.' })
  @IsOptional()
  @MaxLength(1000, { message: 'Please keep what you say of a point under 1,000 characters.' })
  description?: string | null;
}

export enum ResourceKind {
  BEFORE = 'BEFORE',
  AFTER = 'AFTER',
}
registerEnumType(ResourceKind, {
  name: 'ResourceKind',
  description: 'When a resource is for.',
  valuesMap: {
    BEFORE: { description: 'To read or watch beforehand.' },
    AFTER: { description: 'Slides, links and notes from the event itself.' },
  },
});

/** Something to read or watch that goes with an event. */
@ObjectType({ description: 'Something to read or watch that goes with an event.' })
@InputType('ResourceInput', { description: 'Something to read or watch that goes with an event.' })
export class Resource {
  @Field({ description: 'Plain text, up to 200 characters.' })
  @Length(1, 200, RESOURCE)
  @Matches(/\S/, RESOURCE)
  title: string;

  @Field({ description: 'Public address, `https://…`.' })
  @IsUrl(
    { protocols: ['https', 'http'], require_protocol: true, require_tld: false },
    { message: 'Please give the full address of the resource, starting with https://.' },
  )
  @MaxLength(2000, { message: 'Please keep the address under 2,000 characters.' })
  url: string;

  @Field(() => ResourceKind, { defaultValue: ResourceKind.BEFORE, description: 'When it is for.' })
  kind: ResourceKind;
}

/**
 * The points with nothing but what a point has, in the order in which PostgreSQL gives the keys of `jsonb` back: an agenda
 * that was sent again unchanged reads like the one that is stored.
 */
export function agendaFrom(written: AgendaItem[]): AgendaItem[] {
  return written.map(({ title, minutes, description }) => ({
    title: title.trim(),
    minutes: minutes ?? null,
    description: description?.trim() ? description.trim() : null,
  }));
}

/** The resources with nothing but what a resource has, in that same order. */
export function resourcesFrom(written: Resource[]): Resource[] {
  return written.map(({ title, url, kind }) => ({ url, kind, title: title.trim() }));
}
