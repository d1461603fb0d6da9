import { stayIn, type Layout, type Stay, type StayReader } from './stay.ts';
import type { Row } from './table.ts';
import type { Tally } from './tally.ts';
import type { WallClock } from './wall-clock.ts';

/** Reads a table with one row per stay, as Google Meet and spreadsheets hold them. */
export class TableReader implements StayReader {
  readonly headers: string[];

  constructor(
    private readonly layout: Layout,
    readonly title: string | null,
    private readonly clock: WallClock,
    private readonly tally: Tally,
  ) {
    this.headers = layout.headers;
  }

  take(row: Row): Stay | null {
    return stayIn(row, this.layout, this.clock, this.tally);
  }

  rest(): Stay[] {
    return [];
  }
}
