import { CONFIG, Clock, DomainError, newId, type Actor, type Config } from '#kernel';
import { inTransaction } from '#database';
import { record } from '#history';
import { EventFormat, EventState, Pool } from '#events';
import { requireScope } from '#groups';
import { PersonalFeeds, shownEvents, tokenHashOf, type Feed, type ShownEvent, type Window } from '#calendar';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { DataSource } from 'typeorm';
import { joinUrlOf } from '../holder/join-link.ts';
import { endFeedOf, insertFeed, liveFeedOf, ownRows, ownerOfFeed, type OwnRow } from './personal-feed.queries.ts';
import { RegistrationState } from '../registration.entity.ts';

const TOKEN_BYTES = 32;

/** What a person sees of their calendar address; the address itself is shown once. */
export interface PersonalFeedSeen {
  createdAt: Date;
  /** `YYYY-MM-DD`, UTC. */
  lastUsedOn: string | null;
}

/**
 * The calendar of what one person goes to, in all groups (rule C1). Its address is the key to it, works until it is replaced
 * or revoked, and is known to the person alone: we keep a hash.
 */
@Injectable()
export class PersonalFeedService implements OnModuleInit {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly feeds: PersonalFeeds,
  ) {}

  onModuleInit(): void {
    this.feeds.read = (tokenHash, window) => this.read(tokenHash, window);
  }

  /** The feed there is, or null. */
  async find(actor: Actor): Promise<PersonalFeedSeen | null> {
    if (!actor.personId) return null;
    requireScope(actor, 'read');
    return liveFeedOf(this.db.manager, actor.personId);
  }

  /** Makes a new address. The one before, if any, stops working at once. */
  async create(actor: Actor): Promise<{ url: string; feed: PersonalFeedSeen }> {
    const personId = holderOf(actor);
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    const createdAt = this.clock.now();
    await inTransaction(this.db, async (tx) => {
      await endFeedOf(tx, personId, createdAt);
      await insertFeed(tx, { id: newId(), personId, tokenHash: tokenHashOf(token), createdAt });
      await record(tx, actor, [{ act: 'person.feedMade', subjectId: personId, groupId: null }]);
    });
    return { url: `${this.config.publicUrl}/calendar/me/${token}.ics`, feed: { createdAt, lastUsedOn: null } };
  }

  /** Ends the address. Calendars that follow it keep what they last read and get no more. */
  async revoke(actor: Actor): Promise<void> {
    const personId = holderOf(actor);
    await inTransaction(this.db, async (tx) => {
      await endFeedOf(tx, personId, this.clock.now());
      await record(tx, actor, [{ act: 'person.feedRevoked', subjectId: personId, groupId: null }]);
    });
  }

  private async read(tokenHash: string, window: Window): Promise<Feed | null> {
    const db = this.db.manager;
    const owner = await ownerOfFeed(db, tokenHash, window.today);
    if (!owner) return null;
    const now = this.clock.now(); // before the rows are read: what comes after is a change
    const rows = await ownRows(db, owner.personId, window);
    const events = await shownEvents(
      db,
      rows.map(({ eventId }) => eventId),
    );
    const topics = new Set([...events.values()].map(({ groupId }) => groupId));
    return {
      id: null,
      topics: [`person:${owner.personId}`, ...topics],
      title: 'My meetups',
      description: 'What you signed up for with Goodturn. Whoever has the address of this calendar can read it.',
      timeZone: owner.timeZone,
      groupSlug: null,
      changedAt: null,
      lastModified: now,
      events: rows.flatMap((row) => {
        const event = events.get(row.eventId);
        return event ? [this.asOwn(event, row)] : [];
      }),
    };
  }

  private asOwn(event: ShownEvent, row: OwnRow): ShownEvent {
    const url = event.state === EventState.CANCELLED ? null : joinUrlOf(this.config, row);
    return {
      ...event,
      format: row.pool === Pool.ONLINE ? EventFormat.ONLINE : event.format, // whoever joins online needs no way to the room
      changedAt: new Date(Math.max(event.changedAt.getTime(), row.changedAt.getTime())),
      own: {
        tentative: row.state !== RegistrationState.CONFIRMED,
        conference: url === null ? null : { url, label: 'Join online' },
      },
    };
  }
}

/** Who acts: a person, with a key (if it is one) that may read. */
function holderOf(actor: Actor): string {
  requireScope(actor, 'read');
  if (actor.personId === null) throw new DomainError('SIGN_IN', 'Please sign in first.');
  return actor.personId;
}
