import { Clock, isUuid, notFound, type Actor } from '#kernel';
import { inTransaction } from '#database';
import { Access } from '#groups';
import { record } from '#history';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Event } from './event.entity.ts';
import { RunbookTask } from './runbook-task.entity.ts';

/** The checklist around an Essentials session. */
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

  async complete(actor: Actor, taskId: string, isDone: boolean): Promise<RunbookTask> {
    return inTransaction(this.db, async (tx) => {
      const task = isUuid(taskId)
        ? await tx.findOne(RunbookTask, { where: { id: taskId }, lock: { mode: 'for_no_key_update' } })
        : null;
      if (!task) throw notFound('task', 'taskId');
      const event = await tx.findOneByOrFail(Event, { id: task.eventId });
      await this.access.require(tx, actor, 'event.edit', event.groupId);
      task.doneAt = isDone ? (task.doneAt ?? this.clock.now()) : null;
      await tx.save(task);
      await record(tx, actor, [
        { act: isDone ? 'task.completed' : 'task.reopened', subjectId: task.id, groupId: event.groupId },
      ]);
      return task;
    });
  }
}
