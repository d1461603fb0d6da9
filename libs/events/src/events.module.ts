import { GroupsModule } from '#groups';
import { Module } from '@nestjs/common';
import { EventsListService } from './events-list.service.ts';
import { EventsService } from './events.service.ts';
import { RunbookService } from './runbook.service.ts';
import { SeriesService } from './series.service.ts';

@Module({
  imports: [GroupsModule],
  providers: [EventsService, EventsListService, SeriesService, RunbookService],
  exports: [EventsService, EventsListService, SeriesService, RunbookService],
})
export class EventsModule {}
