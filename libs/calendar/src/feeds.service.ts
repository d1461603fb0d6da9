import { CONFIG, Clock, type Config } from '#kernel';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { AnyAddress } from './feed-address.ts';
import { renderFeed } from './feed.ts';
import { feedAt, windowAt, windowMovesAt } from './feeds.queries.ts';
import { PersonalFeeds } from './personal-feeds.ts';
import { RenderedFeed, type FeedText } from './rendered-feed.ts';

const LONGEST_KEPT_MS = 3_600_000;

/** Makes a feed of what the database holds right now. */
@Injectable()
export class FeedsService {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly personal: PersonalFeeds,
  ) {}

  /** The feed, or null when nothing public has that name, and nobody that token. `mostEvents` lifts the limit, to measure. */
  async render(address: AnyAddress, mostEvents?: number): Promise<RenderedFeed | null> {
    const now = this.clock.now();
    const feed =
      address.kind === 'me'
        ? await this.personal.read(address.tokenHash, windowAt(now))
        : await feedAt(this.db.manager, address, now, mostEvents);
    if (!feed) return null;
    return new RenderedFeed({
      text: renderFeed(address, feed, this.config.publicUrl),
      ...wrapping(address),
      topics: feed.topics,
      lastModified: feed.lastModified,
      // At midnight the window moves. The hour bounds the harm of a connection that died without telling us.
      expiresAt: new Date(Math.min(windowMovesAt(now).getTime(), now.getTime() + LONGEST_KEPT_MS)),
    });
  }
}

function wrapping(address: AnyAddress): Pick<FeedText, 'mediaType' | 'fileName' | 'audience'> {
  if (address.kind === 'me') return { mediaType: 'text/calendar', fileName: 'my-meetups.ics', audience: 'one person' };
  if (address.format === 'atom')
    return { mediaType: 'application/atom+xml', fileName: `${address.name}.atom`, audience: 'everybody' };
  return { mediaType: 'text/calendar', fileName: `${address.name}.ics`, audience: 'everybody' };
}
