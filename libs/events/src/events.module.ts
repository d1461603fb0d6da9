import { GroupsModule } from '#groups';
import { Module } from '@nestjs/common';
import { CopyEventService } from './copy-event.service.ts';
import { EssentialsService } from './essentials.service.ts';
import { EventsListService } from './events-list.service.ts';
import { EventsService } from './events.service.ts';
import { RunbookService } from './runbook.service.ts';
import { SeriesService } from './series.service.ts';

@Module({
  imports: [GroupsModule],
  providers: [EventsService, EventsListService, CopyEventService, SeriesService, RunbookService, EssentialsService],
  exports: [EventsService, EventsListService, CopyEventService, SeriesService, RunbookService, EssentialsService],
})
export class EventsModule {}
