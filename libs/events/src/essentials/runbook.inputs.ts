import { Field, ID, InputType } from '@nestjs/graphql';
import { IsEmail, IsOptional, Length, Matches } from 'class-validator';

const TITLE = { message: 'Please say what is to be done in 1 to 200 characters.' };
const DUE = { message: 'Please give the day it is due as 2026-03-17.' };

@InputType()
export class CompleteRunbookTaskInput {
  @Field(() => ID, { description: 'Id of the task.' })
  taskId: string;

  @Field({ description: 'False takes it back.' })
  done: boolean;
}

@InputType()
export class AssignRunbookTaskInput {
  @Field(() => ID, { description: 'Id of the task.' })
  taskId: string;

  @Field(() => String, {
    nullable: true,
    description: 'E-mail address of a host, organizer or owner of the group; null leaves it to the organizers.',
  })
  @IsOptional()
  @IsEmail({}, { message: 'Please give an e-mail address, such as ada@example.org.' })
  email?: string | null;
}

@InputType()
export class AddRunbookTaskInput {
  @Field(() => ID, { description: 'Id of the event.' })
  eventId: string;

  @Field({ description: 'What is to be done. Plain text, up to 200 characters.' })
  @Length(1, 200, TITLE)
  @Matches(/\S/, TITLE)
  title: string;

  @Field({ description: 'Day in the zone of the event, `2026-03-17`.' })
  @Matches(/^\d{4}-\d{2}-\d{2}$/, DUE)
  dueOn: string;
}

@InputType({ description: 'Only what is given changes.' })
export class UpdateRunbookTaskInput {
  @Field(() => ID, { description: 'Id of the task.' })
  taskId: string;

  @Field(() => String, { nullable: true, description: 'What is to be done. Plain text, up to 200 characters.' })
  @IsOptional()
  @Length(1, 200, TITLE)
  @Matches(/\S/, TITLE)
  title?: string | null;

  @Field(() => String, { nullable: true, description: 'Day in the zone of the event, `2026-03-17`.' })
  @IsOptional()
  @Matches(/^\d{4}-\d{2}-\d{2}$/, DUE)
  dueOn?: string | null;
}
