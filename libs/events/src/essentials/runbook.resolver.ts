import { CurrentActor, Payload, done, loaderOf, type Actor, type GraphqlContext } from '#kernel';
import { Args, Context, Field, Mutation, ObjectType, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { DataSource } from 'typeorm';
import { Event } from '../event.entity.ts';
import { eventsById } from '../events.queries.ts';
import { RunbookTask } from './runbook-task.entity.ts';
import {
  AddRunbookTaskInput,
  AssignRunbookTaskInput,
  CompleteRunbookTaskInput,
  UpdateRunbookTaskInput,
} from './runbook.inputs.ts';
import { ownersById } from './runbook.queries.ts';
import { RunbookService } from './runbook.service.ts';

@ObjectType()
export class RunbookTaskPayload extends Payload {
  @Field(() => RunbookTask, { nullable: true, description: 'The task as it is now.' })
  task?: RunbookTask;
}

/** What is to be done around an event, and by whom. */
@Resolver(() => RunbookTask)
export class RunbookResolver {
  constructor(
    private readonly runbook: RunbookService,
    private readonly db: DataSource,
  ) {}

  @Mutation(() => RunbookTaskPayload, {
    description: 'Ticks off a task of the runbook, or takes that back. For organizers, and the host whose task it is.',
  })
  async completeRunbookTask(
    @CurrentActor() actor: Actor,
    @Args('input') input: CompleteRunbookTaskInput,
  ): Promise<RunbookTaskPayload> {
    return done({ task: await this.runbook.complete(actor, input.taskId, input.done) });
  }

  @Mutation(() => RunbookTaskPayload, {
    description: 'Gives a task to somebody of the group, who is reminded on the day it is due. For organizers.',
  })
  async assignRunbookTask(
    @CurrentActor() actor: Actor,
    @Args('input') input: AssignRunbookTaskInput,
  ): Promise<RunbookTaskPayload> {
    return done({ task: await this.runbook.assign(actor, input.taskId, input.email ?? null) });
  }

  @Mutation(() => RunbookTaskPayload, { description: 'Adds a task to the runbook of an event. For organizers.' })
  async addRunbookTask(
    @CurrentActor() actor: Actor,
    @Args('input') input: AddRunbookTaskInput,
  ): Promise<RunbookTaskPayload> {
    return done({ task: await this.runbook.add(actor, input) });
  }

  @Mutation(() => RunbookTaskPayload, { description: 'Changes what a task says or when it is due. For organizers.' })
  async updateRunbookTask(
    @CurrentActor() actor: Actor,
    @Args('input') input: UpdateRunbookTaskInput,
  ): Promise<RunbookTaskPayload> {
    return done({ task: await this.runbook.update(actor, input) });
  }

  @ResolveField(() => String, {
    nullable: true,
    description: 'Name of whoever sees to it; the organizers of the event do when null.',
  })
  async owner(@Parent() { ownerId }: RunbookTask, @Context() context: GraphqlContext): Promise<string | null> {
    return ownerId ? loaderOf(context, ownersById, (ids) => ownersById(this.db.manager, ids)).load(ownerId) : null;
  }

  @ResolveField(() => Event, { description: 'The event it is for.' })
  event(@Parent() { eventId }: RunbookTask, @Context() context: GraphqlContext): Promise<Event | null> {
    return loaderOf(context, eventsById, (ids) => eventsById(this.db.manager, ids)).load(eventId);
  }
}
