import { Listener } from '#database';
import type { Clock } from '#kernel';
import type { OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import { feedKey, type AnyAddress } from './feed-address.ts';
import type { Encoding } from './negotiation.ts';
import type { FeedCopy, RenderedFeed } from './rendered-feed.ts';

export interface FeedCacheOptions {
  databaseUrl: string;
  clock: Clock;
  /** The feed as it is now, or null when there is none of that name. */
  render: (address: AnyAddress) => Promise<RenderedFeed | null>;
  /** 64 MiB unless told: some two thousand feeds of a hundred events. */
  maxBytes?: number;
}

interface Rendering {
  generation: number;
  feed: Promise<RenderedFeed | null>;
}

/**
 * Keeps feeds in memory until PostgreSQL says that one of them changed. While it cannot hear PostgreSQL it keeps nothing,
 * so no answer is older than the last change by more than the way of a notification. Feeds nobody asks for make room.
 */
export class FeedCache implements OnModuleInit, OnApplicationShutdown {
  /** By key (`feedKey`), longest unused first. */
  private readonly feeds = new Map<string, RenderedFeed>();
  private readonly renderings = new Map<string, Rendering>();
  private readonly listener: Listener;
  private readonly maxBytes: number;
  /** Raised by all that may make a feed out of date: what was read before may not be kept after. */
  private generation = 0;

  constructor(private readonly options: FeedCacheOptions) {
    this.maxBytes = options.maxBytes ?? 64 * 2 ** 20;
    this.listener = new Listener({
      url: options.databaseUrl,
      channel: 'calendar_changed',
      onMessage: (topic) => this.forget((feed) => feed.isAbout(topic)),
      onGap: () => this.forget(() => true),
    });
  }

  async onModuleInit(): Promise<void> {
    await this.listener.open();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.listener.close();
    this.forget(() => true);
  }

  /** The feed under this key if it can be sent at once, without a question to anybody. */
  kept(key: string): RenderedFeed | undefined {
    const feed = this.feeds.get(key);
    if (!feed || !this.listener.connected) return undefined;
    this.feeds.delete(key);
    if (feed.expiresAt <= this.options.clock.now().getTime()) return undefined;
    this.feeds.set(key, feed); // now the one used last
    return feed;
  }

  /** The feed, rendered if need be; once for all who ask meanwhile. Null when there is none of that name. */
  async get(address: AnyAddress): Promise<RenderedFeed | null> {
    const key = feedKey(address);
    return this.kept(key) ?? this.rendering(key, address);
  }

  /** The feed in this encoding, compressed if need be. */
  async encode(feed: RenderedFeed, encoding: Encoding): Promise<FeedCopy> {
    const copy = await feed.encode(encoding);
    this.makeRoom();
    return copy;
  }

  private rendering(key: string, address: AnyAddress): Promise<RenderedFeed | null> {
    const underway = this.renderings.get(key);
    if (underway?.generation === this.generation) return underway.feed; // an older one may have read too early for us
    const { generation } = this;
    const rendering: Rendering = { generation, feed: this.render(key, address, generation) };
    this.renderings.set(key, rendering);
    const done = (): void => {
      if (this.renderings.get(key) === rendering) this.renderings.delete(key);
    };
    void rendering.feed.then(done, done);
    return rendering.feed;
  }

  private async render(key: string, address: AnyAddress, generation: number): Promise<RenderedFeed | null> {
    const feed = await this.options.render(address);
    if (feed && generation === this.generation && this.listener.connected) {
      this.feeds.set(key, feed);
      this.makeRoom();
    }
    return feed;
  }

  private forget(concerned: (feed: RenderedFeed) => boolean): void {
    this.generation += 1;
    for (const [key, feed] of this.feeds) if (concerned(feed)) this.feeds.delete(key);
  }

  private makeRoom(): void {
    let held = 0;
    for (const feed of this.feeds.values()) held += feed.size;
    for (const [key, feed] of this.feeds) {
      if (held <= this.maxBytes) return;
      this.feeds.delete(key);
      held -= feed.size;
    }
  }
}
