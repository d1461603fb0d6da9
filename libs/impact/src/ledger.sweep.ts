import { Clock } from '#kernel';
import { inTransaction } from '#database';
import { lockEvent } from '#events';
import type { Task } from '#jobs';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { addMeasures, countEvent, draftContributions, eventsToWriteDown } from './ledger.queries.ts';

const CHUNK = 100;

/**
 * Writes every finished event into the impact record of those who made it happen, and writes again what was corrected.
 * A second run finds nothing to do.
 */
@Injectable()
export class LedgerSweep implements Task {
  readonly name = 'write-impact';

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
  ) {}

  async run(): Promise<void> {
    for (;;) {
      const due = await eventsToWriteDown(this.db.manager, CHUNK);
      for (const eventId of due)
        await inTransaction(this.db, async (tx) => {
          await lockEvent(tx, eventId); // attendance stands still while it is counted
          const contributionIds = await draftContributions(tx, eventId);
          await addMeasures(tx, contributionIds, eventId, await countEvent(tx, eventId), this.clock.now());
        });
      if (due.length < CHUNK) return;
    }
  }
}
