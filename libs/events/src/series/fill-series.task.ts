import type { Task } from '#jobs';
import { Injectable } from '@nestjs/common';
import { SeriesService } from './series.service.ts';

/** Keeps every series filled up to its horizon; drafts the next quarter's Essentials. */
@Injectable()
export class FillSeriesTask implements Task {
  readonly name = 'fill-series';

  constructor(private readonly series: SeriesService) {}

  run(): Promise<void> {
    return this.series.fillAll();
  }
}
