import { Clock, type Actor } from '#kernel';
import { Access, Group } from '#groups';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Event } from '../event.entity.ts';
import { RunbookTask } from './runbook-task.entity.ts';
import { Series, SeriesKind } from '../series/series.entity.ts';

const MOST_PAST = 12;
const MOST_TASKS = 100;
/** What nobody did within a month after the session, nobody will do. */
const STALE_DAYS = 30;

/** When the next session is and what is left to do for it. */
export interface EssentialsOverview {
  series: Series[];
  next: Event | null;
  nextToPrepare: Event | null;
  openTasks: RunbookTask[];
  past: Event[];
}

/** The quarterly sessions at a glance. */
@Injectable()
export class EssentialsService {
  constructor(
    private readonly db: DataSource,
    private readonly access: Access,
    private readonly clock: Clock,
  ) {}

  /** Of one group, or of all. What is left to do is told only to those who prepare the sessions. */
  async overview(actor: Actor, groupSlug: string | null): Promise<EssentialsOverview> {
    const series = await this.seriesOf(groupSlug);
    const groupIds = [...new Set(series.map(({ groupId }) => groupId))];
    const mine = await this.access.among(this.db.manager, actor, 'event.viewDraft', groupIds);
    const ids = series.map(({ id }) => id);
    const prepared = series.filter(({ groupId }) => mine.has(groupId)).map(({ id }) => id);
    const [next, past, nextToPrepare, openTasks] = await Promise.all([
      this.next(ids),
      this.past(ids),
      this.nextToPrepare(prepared),
      this.openTasks(prepared),
    ]);
    return { series, next, nextToPrepare, openTasks, past };
  }

  private seriesOf(groupSlug: string | null): Promise<Series[]> {
    const query = this.db.manager
      .createQueryBuilder(Series, 'series')
      .where('series.kind = :kind', { kind: SeriesKind.ESSENTIALS })
      .orderBy('series.createdAt')
      .addOrderBy('series.id');
    if (groupSlug !== null)
      query.innerJoin(Group, 'owner', 'owner.id = series.groupId AND owner.slug = :groupSlug', { groupSlug });
    return query.getMany();
  }

  private next(seriesIds: string[]): Promise<Event | null> {
    return this.sessions(seriesIds)
      .andWhere(`event.state = 'PUBLISHED' AND event.endsAt > :now`, { now: this.clock.now() })
      .orderBy('event.startsAt')
      .limit(1)
      .getOne();
  }

  private past(seriesIds: string[]): Promise<Event[]> {
    return this.sessions(seriesIds)
      .andWhere(`event.state = 'FINISHED' AND event.recordingUrl IS NOT NULL`)
      .orderBy('event.startsAt', 'DESC')
      .limit(MOST_PAST)
      .getMany();
  }

  /** The soonest that is not public yet, or has something left to do. */
  private nextToPrepare(seriesIds: string[]): Promise<Event | null> {
    return this.sessions(seriesIds)
      .andWhere('event.startsAt > :now', { now: this.clock.now() })
      .andWhere(
        `(event.state = 'DRAFT' OR event.state = 'PUBLISHED'
           AND EXISTS (SELECT FROM runbook_task WHERE event_id = event.id AND done_at IS NULL))`,
      )
      .orderBy('event.startsAt')
      .limit(1)
      .getOne();
  }

  private openTasks(seriesIds: string[]): Promise<RunbookTask[]> {
    const recently = new Date(this.clock.now().getTime() - STALE_DAYS * 86_400_000);
    return this.db.manager
      .createQueryBuilder(RunbookTask, 'task')
      .innerJoin(Event, 'event', 'event.id = task.eventId')
      .where(`event.seriesId = ANY(:seriesIds) AND event.state <> 'CANCELLED' AND event.endsAt > :recently`, {
        seriesIds,
        recently,
      })
      .andWhere('task.doneAt IS NULL')
      .orderBy('task.dueOn')
      .addOrderBy('task.id')
      .limit(MOST_TASKS)
      .getMany();
  }

  private sessions(seriesIds: string[]) {
    return this.db.manager.createQueryBuilder(Event, 'event').where('event.seriesId = ANY(:seriesIds)', { seriesIds });
  }
}
