import { CONFIG, Clock, type Config } from '#kernel';
import { Module } from '@nestjs/common';
import { FeedCache } from './feed-cache.ts';
import { FeedHandler } from './feed-handler.ts';
import { FeedsService } from './feeds.service.ts';
import { PersonalFeeds } from './personal-feeds.ts';

/** Calendars that people subscribe to. The app provides `CONFIG`, `Clock` and the `DataSource`, and calls `FeedHandler`. */
@Module({
  providers: [
    FeedsService,
    {
      provide: FeedCache,
      inject: [CONFIG, Clock, FeedsService],
      useFactory: ({ databaseUrl }: Config, clock: Clock, feeds: FeedsService): FeedCache =>
        new FeedCache({ databaseUrl, clock, render: (address) => feeds.render(address) }),
    },
    FeedHandler,
    PersonalFeeds,
  ],
  exports: [FeedHandler, PersonalFeeds],
})
export class CalendarModule {}
