import { Field, ObjectType } from '@nestjs/graphql';
import type { Refusal } from './domain-error.ts';

@ObjectType({ description: 'Why a mutation changed nothing, in words for the person who asked.' })
export class UserError implements Refusal {
  @Field({ description: 'Stable code to decide by, such as `NOT_FOUND`.' })
  code: string;

  @Field(() => String, { nullable: true, description: 'Path of the input field to correct, such as `startsAt`.' })
  field: string | null;

  @Field({ description: 'A sentence for a person: what is wrong and what to do.' })
  message: string;
}

/** What every mutation answers with. Its other fields are null when `userErrors` has entries. */
@ObjectType({ isAbstract: true })
export abstract class Payload {
  @Field(() => [UserError], { description: 'Empty when the mutation did what was asked.' })
  userErrors: UserError[];
}

/** A payload of something that went well. */
export function done<T extends object>(result: T): T & Payload {
  return { ...result, userErrors: [] };
}
