import { CONFIG, Clock, type Config } from '#kernel';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { FeedAddress } from './feed-address.ts';
import { renderFeed } from './feed.ts';
import { feedAt, windowMovesAt } from './feeds.queries.ts';
import { RenderedFeed } from './rendered-feed.ts';

const LONGEST_KEPT_MS = 3_600_000;

/** Makes a public feed of what the database holds right now. */
@Injectable()
export class FeedsService {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly db: DataSource,
    private readonly clock: Clock,
  ) {}

  /** The feed, or null when nothing public has that name. */
  async render(address: FeedAddress): Promise<RenderedFeed | null> {
    const now = this.clock.now();
    const feed = await feedAt(this.db.manager, address, now);
    if (!feed) return null;
    return new RenderedFeed({
      text: renderFeed(address, feed, this.config.publicUrl),
      name: address.name,
      groupId: feed.groupId,
      lastModified: feed.lastModified,
      // At midnight the window moves. The hour bounds the harm of a connection that died without telling us.
      expiresAt: new Date(Math.min(windowMovesAt(now).getTime(), now.getTime() + LONGEST_KEPT_MS)),
    });
  }
}
