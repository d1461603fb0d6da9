import { Clock, DomainError, isUuid, newId, notFound, type Actor } from '#kernel';
import { inTransaction } from '#database';
import { Access, requireScope } from '#groups';
import { record } from '#history';
import { Injectable } from '@nestjs/common';
import { Temporal } from 'temporal-polyfill';
import { DataSource, type EntityManager } from 'typeorm';
import { Event } from '../event.entity.ts';
import { RunbookTask } from './runbook-task.entity.ts';
import type { AddRunbookTaskInput, UpdateRunbookTaskInput } from './runbook.inputs.ts';
import { preparerOf } from './runbook.queries.ts';

/** More would be a plan of another kind; a list of this length can still be read. */
const MOST_TASKS = 100;

/** The checklist around an event. */
@Injectable()
export class RunbookService {
  constructor(
    private readonly db: DataSource,
    private readonly access: Access,
    private readonly clock: Clock,
  ) {}

  /** The tasks of an event, soonest due first; empty for those who do not prepare it. */
  async list(actor: Actor, event: Event): Promise<RunbookTask[]> {
    if (!(await this.access.can(this.db.manager, actor, 'event.viewDraft', event.groupId))) return [];
    return this.db.manager.find(RunbookTask, { where: { eventId: event.id }, order: { dueOn: 'ASC', id: 'ASC' } });
  }

  /** Ticks a task off, or takes that back. By organizers, and by the host whose task it is. */
  async complete(actor: Actor, taskId: string, isDone: boolean): Promise<RunbookTask> {
    return inTransaction(this.db, async (tx) => {
      const { task, event } = await lockTask(tx, taskId);
      if (!(await this.isTheirs(tx, actor, task, event)))
        await this.access.require(tx, actor, 'event.edit', event.groupId);
      task.doneAt = isDone ? (task.doneAt ?? this.clock.now()) : null;
      return this.saved(tx, actor, event, task, isDone ? 'task.completed' : 'task.reopened');
    });
  }

  /** Gives a task to a host, organizer or owner of the group, or back to the organizers of the event. */
  async assign(actor: Actor, taskId: string, email: string | null): Promise<RunbookTask> {
    return inTransaction(this.db, async (tx) => {
      const { task, event } = await lockTask(tx, taskId);
      await this.access.require(tx, actor, 'event.edit', event.groupId);
      task.ownerId = email === null ? null : await preparerOf(tx, event.groupId, email);
      if (email !== null && task.ownerId === null)
        throw new DomainError(
          'NOT_A_HOST',
          'Nobody with this address is a host, organizer or owner of the group. Please give them a role first.',
          'email',
        );
      return this.saved(tx, actor, event, task, 'task.assigned');
    });
  }

  async add(actor: Actor, input: AddRunbookTaskInput): Promise<RunbookTask> {
    return inTransaction(this.db, async (tx) => {
      const event = isUuid(input.eventId) ? await tx.findOneBy(Event, { id: input.eventId }) : null;
      if (!event) throw notFound('event', 'eventId');
      await this.access.require(tx, actor, 'event.edit', event.groupId);
      if ((await tx.countBy(RunbookTask, { eventId: event.id })) >= MOST_TASKS)
        throw new DomainError(
          'TOO_MANY_TASKS',
          `A runbook holds at most ${MOST_TASKS} tasks. Please join some of them.`,
        );
      const id = newId();
      const task = tx.create(RunbookTask, {
        id,
        eventId: event.id,
        key: `own-${id}`,
        title: input.title.trim(),
        dueOn: dayOf(input.dueOn),
        ownerId: null,
        doneAt: null,
      });
      return this.saved(tx, actor, event, task, 'task.added');
    });
  }

  /** Puts a task in other words, or moves the day it is due. */
  async update(actor: Actor, { taskId, title, dueOn }: UpdateRunbookTaskInput): Promise<RunbookTask> {
    return inTransaction(this.db, async (tx) => {
      const { task, event } = await lockTask(tx, taskId);
      await this.access.require(tx, actor, 'event.edit', event.groupId);
      task.title = title?.trim() ?? task.title;
      if (dueOn) task.dueOn = dayOf(dueOn);
      return this.saved(tx, actor, event, task, 'task.updated');
    });
  }

  private async isTheirs(tx: EntityManager, actor: Actor, task: RunbookTask, event: Event): Promise<boolean> {
    if (actor.personId === null || actor.personId !== task.ownerId) return false;
    requireScope(actor, 'events');
    return this.access.can(tx, actor, 'event.viewDraft', event.groupId);
  }

  private async saved(
    tx: EntityManager,
    actor: Actor,
    event: Event,
    task: RunbookTask,
    act: string,
  ): Promise<RunbookTask> {
    await tx.save(task);
    await record(tx, actor, [{ act, subjectId: task.id, groupId: event.groupId }]);
    return task;
  }
}

async function lockTask(tx: EntityManager, taskId: string): Promise<{ task: RunbookTask; event: Event }> {
  const task = isUuid(taskId)
    ? await tx.findOne(RunbookTask, { where: { id: taskId }, lock: { mode: 'for_no_key_update' } })
    : null;
  if (!task) throw notFound('task', 'taskId');
  return { task, event: await tx.findOneByOrFail(Event, { id: task.eventId }) };
}

/** A day that the calendar has. */
function dayOf(text: string): string {
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' }).toString();
  } catch {
    throw new DomainError('NO_SUCH_DAY', `The calendar has no ${text}. Please choose another day.`, 'dueOn');
  }
}
