import { minutesIn } from './durations.ts';
import { columnOf, folded, isOutsider, roleOf, type Column, type Role } from './words.ts';
import type { Row } from './table.ts';
import type { Tally } from './tally.ts';
import type { WallClock } from './wall-clock.ts';

/** One stay of one person in a call, as a line of the file tells it. */
export interface Stay {
  line: number;
  name: string | null;
  /** The name behind the one shown in the call; only Zoom tells it, and only when they differ. */
  originalName?: string;
  email: string | null;
  joinedAt: Date | null;
  leftAt: Date | null;
  /**
   * Minutes, not always whole, where the file tells a length and its times do not: it has none, or they are the first
   * and the last of several stays. Where there is a length, it counts and not the times.
   */
  minutes: number | null;
  role: Role | null;
}

/** Which column is what, by the text of its header, when the organizer said so. */
export interface GivenColumns {
  name?: string | null;
  email?: string | null;
  minutes?: string | null;
  joinedAt?: string | null;
  leftAt?: string | null;
}

/** The headers that the organizer named. */
export function namedHeaders(given: GivenColumns): string[] {
  return GIVEN.map((column) => given[column]).filter((header) => header != null);
}

/** Turns rows into stays: the same for every format that has one row per stay. */
export interface StayReader {
  /** The headers of the table that counts. */
  readonly headers: string[];
  readonly title: string | null;
  /** The stay that is complete with this row, if one is. */
  take(row: Row): Stay | null;
  /** What was still held when the file ended. */
  rest(): Iterable<Stay>;
}

const GIVEN = ['name', 'email', 'minutes', 'joinedAt', 'leftAt'] as const;
const NAME_LENGTH = 120;
const EMAIL = /^[^\s@<>"']{1,64}@[^\s@<>"']+\.[^\s@<>"']{2,}$/;
const EMAIL_LENGTH = 254;
/** Control characters, and the invisible ones that turn text around or hide in it. */
// oxlint-disable-next-line eslint/no-control-regex -- they are what has to go
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]+/g;
const IN_BRACKETS = /^(.*\S)\s*[(（]([^()（）]*)[)）]$/u;

/** The header line of a table, understood: where each thing stands and which times are in UTC. */
export class Layout {
  private readonly places = new Map<Column, number>();
  private readonly utc = new Set<number>();

  constructor(
    readonly headers: string[],
    given: GivenColumns = {},
  ) {
    const words = headers.map(folded);
    for (const column of GIVEN) {
      const place = words.indexOf(folded(given[column] ?? ''));
      if (given[column] != null && place >= 0) this.places.set(column, place);
    }
    const taken = new Set(this.places.values());
    for (const [place, header] of headers.entries()) {
      const column = columnOf(header);
      if (column && !taken.has(place) && !this.places.has(column)) this.places.set(column, place);
      if (/\butc\b/i.test(header)) this.utc.add(place);
    }
  }

  get size(): number {
    return this.places.size;
  }

  /** Whether it tells who somebody is; without, nothing else helps. */
  get tellsWho(): boolean {
    return this.has('name') || this.has('email') || this.has('firstName') || this.has('lastName');
  }

  /** Whether a row is one person's whole evening, from the first join to the last leave, with gaps in between. */
  get tellsOverall(): boolean {
    return this.has('firstJoin') || this.has('lastLeave');
  }

  get tellsTimes(): boolean {
    return this.tellsOverall || this.has('joinedAt') || this.has('leftAt');
  }

  has(column: Column): boolean {
    return this.places.has(column);
  }

  cell(row: Row, column: Column): string {
    const place = this.places.get(column);
    return place === undefined ? '' : (row.cells[place] ?? '');
  }

  isInUtc(column: Column): boolean {
    return this.utc.has(this.places.get(column) ?? -1);
  }

  /** Whether the header line comes once more, as in files put together by hand. */
  isHeaderAgain(row: Row): boolean {
    return row.cells[0] === this.headers[0] && this.headers.every((header, place) => header === row.cells[place]);
  }
}

/** The stay that a row tells, or null when it makes no sense; `tally` then knows why. */
export function stayIn(row: Row, layout: Layout, clock: WallClock, tally: Tally): Stay | null {
  if (layout.isHeaderAgain(row)) return null;
  tally.row();
  const name = nameIn(row, layout, tally);
  const email = emailIn(row, layout);
  if (!name && !email) return tally.skip(row.line, 'has neither a name nor an e-mail address');
  const joinedAt = timeIn(row, layout, layout.has('joinedAt') ? 'joinedAt' : 'firstJoin', clock);
  const leftAt = timeIn(row, layout, layout.has('leftAt') ? 'leftAt' : 'lastLeave', clock);
  if (joinedAt === undefined || leftAt === undefined) return tally.skip(row.line, 'has a time that we cannot read');
  if (joinedAt && leftAt && leftAt < joinedAt) return tally.skip(row.line, 'has somebody leaving before they joined');
  const length = minutesIn(layout.cell(row, 'minutes'));
  return {
    line: row.line,
    name,
    email,
    joinedAt,
    leftAt,
    minutes: layout.tellsOverall || !joinedAt || !leftAt ? length : null,
    role: roleIn(row, layout),
  };
}

/** The name in a row, cut at 120 characters with a note, or null. */
export function nameIn(row: Row, layout: Layout, tally: Tally): string | null {
  const parts = `${layout.cell(row, 'firstName')} ${layout.cell(row, 'lastName')}`;
  const name = withoutMark(textOrNull(layout.cell(row, 'name')) ?? seen(parts));
  if (name.length <= NAME_LENGTH) return name === '' ? null : name;
  tally.note(row.line, `Line ${row.line} has a name longer than ${NAME_LENGTH} characters. We cut it there.`);
  return [...name].slice(0, NAME_LENGTH).join('').trim();
}

/** `name` and what stands in brackets behind it, if anything does. */
export function nameAndBrackets(name: string): [name: string, inBrackets: string | null] {
  const [, before, inside] = IN_BRACKETS.exec(name) ?? [];
  return before && inside ? [before, inside.trim()] : [name, null];
}

/** The role in a row, or null. */
export function roleIn(row: Row, layout: Layout): Role | null {
  const cell = layout.cell(row, 'role');
  return cell === '' ? null : roleOf(cell);
}

/** Text as it can be shown and kept: one line, nothing invisible in it. A formula stays the text that it is. */
export function seen(text: string): string {
  return text.replace(UNSEEN, ' ').replace(/\s+/g, ' ').trim();
}

/** `text` as it can be shown, or null when nothing is left of it. */
export function textOrNull(text: string | undefined): string | null {
  const left = seen(text ?? '');
  return left === '' ? null : left;
}

function withoutMark(name: string): string {
  const [before, inside] = nameAndBrackets(name);
  return inside !== null && isOutsider(inside) ? before : name;
}

function emailIn(row: Row, layout: Layout): string | null {
  const email = addressIn(layout.cell(row, 'email'));
  if (email) return email;
  const signInName = layout.cell(row, 'signInName');
  return /#EXT#/i.test(signInName) ? null : addressIn(signInName); // a guest's sign-in name is nobody's address
}

function addressIn(cell: string): string | null {
  const address = cell.trim();
  return address.length <= EMAIL_LENGTH && EMAIL.test(address) ? address : null;
}

/** Undefined when something is there that is no time. */
function timeIn(row: Row, layout: Layout, column: Column, clock: WallClock): Date | null | undefined {
  const cell = layout.cell(row, column).trim();
  if (cell === '' || cell === '-') return null;
  return clock.instantIn(cell, layout.isInUtc(column)) ?? undefined;
}
