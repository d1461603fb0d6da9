import { Pool, type Event } from '#events';
import { seatsOf } from '#registration';
import { Field, ID, Int, ObjectType } from '@nestjs/graphql';

@ObjectType({ description: 'How one pool of seats stands.' })
export class PoolCounts {
  @Field(() => Pool, { description: 'Which seats.' })
  pool: Pool;

  @Field(() => Int, { nullable: true, description: 'No limit when null.' })
  capacity: number | null;

  @Field(() => Int, { description: 'People who have or are offered a seat.' })
  taken: number;

  @Field(() => Int, { description: 'People on the waitlist.' })
  waiting: number;

  @Field(() => Int, { description: 'People known to be there: let in at the door, joined by link, or imported.' })
  attended: number;
}

@ObjectType({ description: 'How an event stands at this moment.' })
export class EventCounts {
  @Field(() => ID, { description: 'Id of the event.' })
  eventId: string;

  @Field(() => [PoolCounts], { description: 'One for each way of taking part that the event has.' })
  pools: PoolCounts[];
}

/** The counters that the event's row carries; nothing is counted for this. */
export function countsOf(event: Event): EventCounts {
  return {
    eventId: event.id,
    pools: event.pools().map((pool) => ({
      pool,
      ...seatsOf(event, pool),
      attended: pool === Pool.ONLINE ? event.attendedOnline : event.attendedInPerson,
    })),
  };
}
