import { Injectable } from '@nestjs/common';
import type { Feed } from './feed.ts';
import type { Window } from './feeds.queries.ts';

/** Reads what one person goes to, by the hash of their token; null when nobody has it (any more). */
export type ReadPersonalFeed = (tokenHash: string, window: Window) => Promise<Feed | null>;

/** Where personal feeds come from: a later lib, which knows registrations, plugs itself in when the program starts. */
@Injectable()
export class PersonalFeeds {
  /** Until somebody plugs in, nobody has a feed. */
  read: ReadPersonalFeed = () => Promise.resolve(null);
}
