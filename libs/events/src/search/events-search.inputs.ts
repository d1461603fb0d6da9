import { Field, Float, InputType, registerEnumType } from '@nestjs/graphql';
import { Max, Min } from 'class-validator';

const LATITUDE = { message: 'A latitude lies between -90 and 90.' };
const LONGITUDE = { message: 'A longitude lies between -180 and 180.' };
const REACH = { message: 'Please look within 0.1 to 20,000 kilometres.' };

export enum EventSort {
  SOONEST = 'SOONEST',
  NEAREST = 'NEAREST',
  BEST = 'BEST',
}
registerEnumType(EventSort, {
  name: 'EventSort',
  description: 'The order of a list of events.',
  valuesMap: {
    SOONEST: { description: 'By start.' },
    NEAREST: { description: 'By distance from the point in `filter.near`; at one place by start.' },
    BEST: { description: 'By how well they fit `filter.text`, titles before descriptions; equal ones by start.' },
  },
});

@InputType({
  description: 'A circle on the map. Events held online only are in none, nor are venues without coordinates.',
})
export class NearInput {
  @Field(() => Float, { description: 'WGS 84, degrees.' })
  @Min(-90, LATITUDE)
  @Max(90, LATITUDE)
  latitude: number;

  @Field(() => Float, { description: 'WGS 84, degrees.' })
  @Min(-180, LONGITUDE)
  @Max(180, LONGITUDE)
  longitude: number;

  @Field(() => Float, { description: 'Kilometres as the crow flies, 0.1 to 20,000.' })
  @Min(0.1, REACH)
  @Max(20_000, REACH)
  withinKm: number;
}
