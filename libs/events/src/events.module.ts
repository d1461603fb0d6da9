import { GroupsModule } from '#groups';
import { Module } from '@nestjs/common';
import { CopyEventService } from './copy/copy-event.service.ts';
import { EssentialsService } from './essentials/essentials.service.ts';
import { EventsListService } from './search/events-list.service.ts';
import { EventsService } from './events.service.ts';
import { RunbookService } from './essentials/runbook.service.ts';
import { SeriesService } from './series/series.service.ts';

@Module({
  imports: [GroupsModule],
  providers: [EventsService, EventsListService, CopyEventService, SeriesService, RunbookService, EssentialsService],
  exports: [EventsService, EventsListService, CopyEventService, SeriesService, RunbookService, EssentialsService],
})
export class EventsModule {}
