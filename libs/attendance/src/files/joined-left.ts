import { DomainError } from '#kernel';
import { nameIn, roleIn, type Layout, type Stay, type StayReader } from './stay.ts';
import { actionOf, folded } from './words.ts';
import type { Row } from './table.ts';
import type { Tally } from './tally.ts';
import type { WallClock } from './wall-clock.ts';

/** More people than that are never in a call at once; each is held until they leave. */
const MAX_OPEN = 20_000;

/** Whether a line heads the list of comings and goings that Teams wrote in its early years. */
export function isJoinedLeft(layout: Layout): boolean {
  return layout.has('name') && layout.has('action') && layout.has('timestamp');
}

/** Whether a line heads the report of a Teams live event. */
export function isLiveEvent(cells: string[]): boolean {
  const words = new Set(cells.map(folded));
  return words.has('participantid') && words.has('fullname') && words.has('utceventtimestamp');
}

/** Reads a list of comings and goings: each coming is paired with the next going of the same person. */
export class JoinedLeftReader implements StayReader {
  readonly headers: string[];
  readonly title = null;
  private readonly open = new Map<string, Stay>();

  constructor(
    private readonly layout: Layout,
    private readonly clock: WallClock,
    private readonly tally: Tally,
    private readonly isLive: boolean,
  ) {
    this.headers = layout.headers;
  }

  take(row: Row): Stay | null {
    if (this.layout.isHeaderAgain(row)) return null;
    this.tally.row();
    const name = nameIn(row, this.layout, this.tally);
    if (name === null) return this.nameless(row);
    const at = this.clock.instantIn(
      this.layout.cell(row, 'timestamp'),
      this.isLive || this.layout.isInUtc('timestamp'),
    );
    if (!at) return this.tally.skip(row.line, 'has a time that we cannot read');
    const action = actionOf(this.layout.cell(row, 'action'));
    if (!action) return this.tally.skip(row.line, 'tells neither a coming nor a going');
    const person = this.isLive ? this.idsIn(row) : name;
    return action === 'joined' ? this.join(person, row, name, at) : this.leave(person, row, at);
  }

  rest(): Iterable<Stay> {
    return this.open.values();
  }

  /** Who comes again without having gone was lost on the way: the first stay ends nobody knows when. */
  private join(person: string, row: Row, name: string, joinedAt: Date): Stay | null {
    const lost = this.open.get(person) ?? null;
    if (this.open.size >= MAX_OPEN) throw tooManyOpen();
    const role = roleIn(row, this.layout);
    this.open.delete(person);
    this.open.set(person, { line: row.line, name, email: null, joinedAt, leftAt: null, minutes: null, role });
    return lost;
  }

  private leave(person: string, row: Row, leftAt: Date): Stay | null {
    const stay = this.open.get(person);
    if (!stay) return this.tally.skip(row.line, 'has somebody leaving who had not joined');
    if (stay.joinedAt && leftAt < stay.joinedAt) {
      return this.tally.skip(row.line, 'has somebody leaving before they joined');
    }
    this.open.delete(person);
    return { ...stay, leftAt };
  }

  /** Live events are open to people who do not say who they are; that is no fault of the file. */
  private nameless(row: Row): null {
    if (!this.isLive) return this.tally.skip(row.line, 'has no name');
    this.tally.note(row.line, `Line ${row.line} is about somebody who gave no name. We left it out.`);
    return null;
  }

  private idsIn(row: Row): string {
    return this.headers
      .map((header, place) => (/^(session|participant)id$/.test(folded(header)) ? row.cells[place] : ''))
      .join(' ');
  }
}

function tooManyOpen(): DomainError {
  return new DomainError(
    'FILE_TOO_LONG',
    'This report has more than 20,000 people in the call at once, more than we can read. Please split it and import the parts one after the other.',
    'file',
  );
}
