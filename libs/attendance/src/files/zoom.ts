import { nameAndBrackets, stayIn, textOrNull, type Layout, type Stay, type StayReader } from './stay.ts';
import { folded } from './words.ts';
import type { Row } from './table.ts';
import type { Tally } from './tally.ts';
import type { WallClock } from './wall-clock.ts';

const YES = new Set(['yes', 'ja', 'oui', 'si', 'sim', 'tak', 'はい'].map(folded));

/** Whether a line heads Zoom's block about the meeting; its words would else pass for a table of people. */
export function isMeetingBlock(cells: string[]): boolean {
  const words = new Set(cells.map(folded));
  return words.has('meetingid') && words.has('topic');
}

/** The topic in the line below the block's headers. */
export function topicIn(headers: string[], row: Row | undefined): string | null {
  return textOrNull(row?.cells[headers.findIndex((header) => folded(header) === 'topic')]);
}

/** Whether a line heads Zoom's list of people. */
export function isZoomHeader(cells: string[]): boolean {
  return cells.some((cell) => folded(cell) === 'nameoriginalname');
}

/** Reads Zoom's list of people. Waiting in front of the door is not yet being there. */
export class ZoomReader implements StayReader {
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
    if (YES.has(folded(this.layout.cell(row, 'waitingRoom')))) return null;
    const stay = stayIn(row, this.layout, this.clock, this.tally);
    if (!stay?.name) return stay;
    const [name, originalName] = nameAndBrackets(stay.name);
    return originalName ? { ...stay, name, originalName } : stay;
  }

  rest(): Stay[] {
    return [];
  }
}
