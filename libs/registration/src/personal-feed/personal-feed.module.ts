import { CalendarModule } from '#calendar';
import { Module } from '@nestjs/common';
import { PersonalFeedService } from './personal-feed.service.ts';

/** Calendars of one person. Apart from the rest, since only the API serves calendars and listens for their changes. */
@Module({ imports: [CalendarModule], providers: [PersonalFeedService], exports: [PersonalFeedService] })
export class PersonalFeedModule {}
