import { DomainError } from '#kernel';
import { textOf } from './bytes.ts';
import { JoinedLeftReader, isJoinedLeft, isLiveEvent } from './joined-left.ts';
import { Layout, namedHeaders, textOrNull, type GivenColumns, type Stay, type StayReader } from './stay.ts';
import { TableReader } from './table-file.ts';
import { rowsOf, type Row } from './table.ts';
import { Tally, type Problem } from './tally.ts';
import { SectionsReader, columnsNeeded, sectionNumber } from './teams.ts';
import { WallClock, type WallClockOptions } from './wall-clock.ts';
import { columnOf, folded, isTitle } from './words.ts';
import { ZoomReader, isMeetingBlock, isZoomHeader, topicIn } from './zoom.ts';

export type { Stay, GivenColumns } from './stay.ts';
export type { Problem } from './tally.ts';
export type { DateOrder } from './wall-clock.ts';

/** What the file does not say about itself. */
export interface ReadOptions extends WallClockOptions {
  /** For a spreadsheet of unknown headers: which column is what, by the text of its header. */
  columns?: GivenColumns | null;
}

export type AttendanceFormat = 'TEAMS' | 'TEAMS_JOINED_LEFT' | 'TEAMS_LIVE_EVENT' | 'ZOOM' | 'TABLE';

/** A report of who was in a call. It is read while `stays` is, once; `problems` is complete when `stays` has ended. */
export interface AttendanceFile {
  readonly format: AttendanceFormat;
  readonly headers: string[];
  /** What the report calls the call, or null. */
  readonly title: string | null;
  /** The first hundred of `problemCount`. */
  readonly problems: readonly Problem[];
  readonly problemCount: number;
  /** Up to a thousand at a time, in the order in which they are complete. Refuses later lines as `readAttendanceFile` does. */
  readonly stays: AsyncIterable<Stay[]>;
}

const BATCH = 1_000;
/** Headers stand at the top, behind a summary at most. */
const HEAD_ROWS = 50;

/**
 * Reads a report of who was in a call as Teams, Zoom, Google Meet or a spreadsheet write it, without ever holding more
 * than a small part of it. Throws `DomainError`: `FILE_EMPTY`, `FILE_ENCODING`, `FILE_TOO_LARGE` (50 MB),
 * `FILE_TOO_LONG` (100,000 rows), `FILE_NOT_A_TABLE`, `LINE_TOO_LONG`, and with a question to the organizer
 * `COLUMNS_NEEDED` and `DATE_ORDER_NEEDED`. All that the first thousand stays give cause for is thrown at once.
 */
export async function readAttendanceFile(
  bytes: AsyncIterable<Uint8Array>,
  options: ReadOptions,
): Promise<AttendanceFile> {
  const given = options.columns ?? {};
  const named = new Set(namedHeaders(given).map(folded));
  const isHeader = (cell: string) => columnOf(cell) !== null || named.has(folded(cell));
  const rows = rowsOf(textOf(bytes), isHeader);
  const first = await rows.next();
  if (first.done)
    throw new DomainError('FILE_EMPTY', 'There is nothing in this file. Please export the report again.', 'file');
  const tally = new Tally();
  try {
    const { format, reader, from } = recognized(first.value.slice(0, HEAD_ROWS), given, new WallClock(options), tally);
    const stays = staysIn(first.value.slice(from), rows, reader, tally);
    const firstStays = await stays.next(); // so that what has to be asked is asked before anything is kept
    return {
      format,
      headers: reader.headers,
      title: reader.title,
      problems: tally.problems,
      get problemCount() {
        return tally.count;
      },
      stays: firstStays.done ? stays : chained(firstStays.value, stays),
    };
  } catch (error) {
    await rows.return(undefined);
    throw error;
  }
}

interface Recognized {
  format: AttendanceFormat;
  reader: StayReader;
  /** The first row behind the headers. */
  from: number;
}

function recognized(head: Row[], given: GivenColumns, clock: WallClock, tally: Tally): Recognized {
  const [top] = head;
  if (top && sectionNumber(top) !== null) {
    return { format: 'TEAMS', reader: new SectionsReader(given, clock, tally), from: 0 };
  }
  const block = head.findIndex((row) => isMeetingBlock(row.cells));
  const at = headerRow(head, block < 0 ? 0 : block + 2, given);
  const layout = new Layout(trimmed(head[at]), given);
  const from = at + 1;
  if (isLiveEvent(layout.headers)) {
    return { format: 'TEAMS_LIVE_EVENT', reader: new JoinedLeftReader(layout, clock, tally, true), from };
  }
  if (isJoinedLeft(layout)) {
    return { format: 'TEAMS_JOINED_LEFT', reader: new JoinedLeftReader(layout, clock, tally, false), from };
  }
  if (block >= 0 || isZoomHeader(layout.headers)) {
    const title = block < 0 ? null : topicIn(trimmed(head[block]), head[block + 1]);
    return { format: 'ZOOM', reader: new ZoomReader(layout, title, clock, tally), from };
  }
  const title = textOrNull(head.slice(0, at).find((row) => isTitle(row.cells[0] ?? ''))?.cells[1]);
  const format = layout.has('signInName') ? 'TEAMS' : 'TABLE'; // for a while, Teams wrote no numbers before its sections
  return { format, reader: new TableReader(layout, title, clock, tally), from };
}

/**
 * Where the headers stand: the first row that tells who somebody is and one thing more, or the very first that tells
 * who. A column that the organizer named must be in it.
 */
function headerRow(head: Row[], start: number, given: GivenColumns): number {
  const named = namedHeaders(given).map(folded);
  const layouts = head.map((row) => new Layout(trimmed(row), given));
  const fits = (layout: Layout, place: number) =>
    place >= start &&
    layout.tellsWho &&
    (layout.size > 1 || place === start) &&
    named.every((name) => layout.headers.some((header) => folded(header) === name));
  const at = layouts.findIndex(fits);
  if (at >= 0) return at;
  const headers = trimmed(head[start] ?? head[0]);
  if (headers.filter((header) => header !== '').length > 1) throw columnsNeeded(headers);
  throw new DomainError(
    'FILE_NOT_A_TABLE',
    'We found no columns in this file. Please export it as CSV, with commas, semicolons or tabs between the cells and a line of headers at the top, such as Name and Email.',
    'file',
  );
}

function trimmed(row: Row | undefined): string[] {
  return (row?.cells ?? []).map((cell) => cell.trim());
}

async function* staysIn(
  first: Row[],
  rows: AsyncGenerator<Row[]>,
  reader: StayReader,
  tally: Tally,
): AsyncGenerator<Stay[]> {
  let found = 0;
  let batch: Stay[] = [];
  for await (const group of chained(first, rows)) {
    for (const row of group) {
      const stay = reader.take(row);
      if (stay) batch.push(stay);
    }
    if (batch.length < BATCH) continue;
    found += batch.length;
    yield batch.splice(0, BATCH);
  }
  for (const stay of reader.rest()) {
    batch.push(stay);
    if (batch.length < BATCH) continue;
    found += batch.length;
    yield batch;
    batch = [];
  }
  tally.close(found + batch.length);
  if (batch.length > 0) yield batch;
}

/** Closes `rest` also for those who stop at the first, so that the upload behind it is let go. */
async function* chained<Item>(first: Item, rest: AsyncGenerator<Item>): AsyncGenerator<Item> {
  try {
    yield first;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}
