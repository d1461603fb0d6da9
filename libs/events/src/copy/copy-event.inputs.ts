import { Field, ID, InputType, PickType } from '@nestjs/graphql';
import { IsOptional, Matches } from 'class-validator';
import { CreateEventInput } from '../events.inputs.ts';

@InputType()
export class CopyEventInput extends PickType(CreateEventInput, ['startsAtLocal', 'slug'] as const) {
  @Field(() => ID, { description: 'Id of the event to copy.' })
  eventId: string;

  @Field(() => String, {
    nullable: true,
    description: 'Wall time in the zone of the event: `2026-03-17T18:30`. As long as the copied event when left out.',
  })
  @IsOptional()
  @Matches(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/, {
    message: 'Please give the time as 2026-03-17T18:30, in the time zone of the event.',
  })
  endsAtLocal?: string | null;
}
