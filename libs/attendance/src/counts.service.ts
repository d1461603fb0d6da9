import { CONFIG, notFound, type Actor, type Config } from '#kernel';
import { Listener } from '#database';
import { eventsById, type Event } from '#events';
import { Access } from '#groups';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { countsOf, type EventCounts } from './counts.ts';
import { Watch } from './watch.ts';

/**
 * Live numbers of an event, for the people at its door. PostgreSQL tells every process when a counter of an event moved,
 * whoever moved it; what is read then is shared by all who watch the event here.
 */
@Injectable()
export class CountsService implements OnApplicationShutdown {
  private readonly watches = new Map<string, Set<Watch<EventCounts>>>();
  private readonly reads = new Map<string, Promise<EventCounts>>();
  private readonly listener: Listener;
  private listening: Promise<void> | null = null;

  constructor(
    private readonly db: DataSource,
    private readonly access: Access,
    @Inject(CONFIG) config: Config,
  ) {
    this.listener = new Listener({
      url: config.databaseUrl,
      channel: 'event_counts',
      onMessage: (eventId) => this.wake(eventId),
      onGap: () => this.wakeAll(), // whatever was missed meanwhile is in what is read now
    });
  }

  /**
   * The counts as they stand, and again after every change, until the watch is closed; several changes in quick
   * succession are told once. Ends when the actor may no longer see them.
   */
  async watch(actor: Actor, eventId: string): Promise<AsyncIterableIterator<EventCounts>> {
    const event = await this.event(eventId);
    await this.access.require(this.db.manager, actor, 'attendees.names', event.groupId);
    this.listening ??= this.listener.open();
    await this.listening;
    const watch = new Watch<EventCounts>({
      read: () => this.read(eventId),
      stillMay: () => this.access.can(this.db.manager, actor, 'attendees.names', event.groupId),
      onClose: () => this.forget(eventId, watch),
    });
    this.watches.set(eventId, (this.watches.get(eventId) ?? new Set()).add(watch));
    return watch;
  }

  async onApplicationShutdown(): Promise<void> {
    for (const watches of this.watches.values()) for (const watch of watches) await watch.return();
    await this.listener.close();
  }

  private async event(eventId: string): Promise<Event> {
    const event = (await eventsById(this.db.manager, [eventId])).get(eventId);
    if (!event) throw notFound('event', 'eventId');
    return event;
  }

  /** One query for all who ask while it is under way. */
  private read(eventId: string): Promise<EventCounts> {
    const known = this.reads.get(eventId);
    if (known) return known;
    const read = this.event(eventId).then(countsOf);
    this.reads.set(eventId, read);
    const done = (): void => void this.reads.delete(eventId);
    read.then(done, done);
    return read;
  }

  private wake(eventId: string): void {
    this.reads.delete(eventId); // what is under way was read before this change
    for (const watch of this.watches.get(eventId) ?? []) watch.wake();
  }

  private wakeAll(): void {
    for (const eventId of this.watches.keys()) this.wake(eventId);
  }

  private forget(eventId: string, watch: Watch<EventCounts>): void {
    const watches = this.watches.get(eventId);
    watches?.delete(watch);
    if (watches?.size === 0) this.watches.delete(eventId);
  }
}
