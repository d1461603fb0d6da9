import { Clock, DomainError, SYSTEM, type Actor } from '#kernel';
import { inTransaction } from '#database';
import { EventState, lockEvent, type Event } from '#events';
import { Access } from '#groups';
import { record } from '#history';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { settlePools } from './attendance.queries.ts';
import { CHECK_IN_CLOSES_HOURS } from './door.ts';

/** Closes the books of an event: who did not come, and that nothing more is to be expected. */
@Injectable()
export class SettleService {
  constructor(
    private readonly db: DataSource,
    private readonly access: Access,
    private readonly clock: Clock,
  ) {}

  /** An organizer closes check-in once the event is over. Finishing again changes nothing. */
  async finish(actor: Actor, eventId: string): Promise<Event> {
    return inTransaction(this.db, async (tx) => {
      const event = await lockEvent(tx, eventId);
      await this.access.require(tx, actor, 'event.edit', event.groupId);
      if (event.state === EventState.FINISHED) return event;
      if (event.state !== EventState.PUBLISHED)
        throw new DomainError('NOT_HELD', 'Only a published event can be finished.', 'eventId');
      if (this.clock.now() < event.endsAt)
        throw new DomainError('NOT_OVER', 'The event has not ended yet. Please finish it afterwards.', 'eventId');
      await this.settle(tx, actor, event);
      return event;
    });
  }

  /** For the timetable: events whose check-in has closed by itself. */
  async settleDue(): Promise<void> {
    const due: { id: string }[] = await this.db.query(
      `SELECT id FROM event WHERE state = 'PUBLISHED' AND ends_at < $1 ORDER BY ends_at`,
      [new Date(this.clock.now().getTime() - CHECK_IN_CLOSES_HOURS * 3_600_000)],
    );
    for (const { id } of due)
      await inTransaction(this.db, async (tx) => {
        const event = await lockEvent(tx, id);
        if (event.state === EventState.PUBLISHED) await this.settle(tx, SYSTEM, event);
      });
  }

  private async settle(tx: EntityManager, actor: Actor, event: Event): Promise<void> {
    const now = this.clock.now();
    const noShows = await settlePools(tx, event);
    Object.assign(event, { state: EventState.FINISHED, finishedAt: now, attendanceChangedAt: now });
    await tx.save(event);
    await record(tx, actor, [
      { act: 'event.finished', subjectId: event.id, groupId: event.groupId, details: { noShows } },
    ]);
  }
}
