import { Readable, pipeline } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { parse as parseWhole } from 'csv-parse/sync';
import { DomainError } from '#kernel';
import { lineTooLong } from './bytes.ts';

const DELIMITERS = ['\t', ',', ';'] as const;
type Delimiter = (typeof DELIMITERS)[number];

const BATCH = 1_000;
const MAX_RECORD = 64 * 1024;
const MAX_CELLS = 200;
/** Three times the rows we read: summaries, headings and empty lines are lines too. */
const MAX_LINES = 300_000;
const HEAD_LENGTH = 64 * 1024;
const HEAD_LINES = 50;

/** A line of a table, cut into cells; a quoted cell may have gone on over several lines, the first one counts. */
export interface Row {
  line: number;
  cells: string[];
}

/**
 * The rows of a table, a thousand at a time, empty ones left out. The delimiter is the one under which most cells of
 * some line near the top are `headers`. Throws `FILE_NOT_A_TABLE`, `FILE_TOO_LONG` or `LINE_TOO_LONG`.
 */
export async function* rowsOf(
  texts: AsyncIterator<string>,
  isHeader: (cell: string) => boolean,
): AsyncGenerator<Row[]> {
  const head = await headOf(texts);
  const parser = parse({
    delimiter: delimiterOf(head, isHeader),
    record_delimiter: ['\r\n', '\n', '\r'],
    max_record_size: MAX_RECORD,
    relax_column_count: true, // sections of one file differ in width
    relax_quotes: true, // Ada "Countess" Lovelace
  });
  // Every row is the first: for one of another width than the first, csv-parse makes an error, then drops it. Measured,
  // that takes four fifths of the time of a report whose sections differ in width.
  Object.defineProperty(parser.info, 'records', { get: () => 0, set() {} });
  const source = Readable.from(chained(head, texts));
  pipeline(source, parser, () => undefined); // its errors arrive below, where the parser is read
  try {
    yield* batchesOf(parser);
  } catch (error) {
    throw error instanceof CsvError ? refusalOf(error) : error;
  }
}

async function* batchesOf(records: AsyncIterable<unknown>): AsyncGenerator<Row[]> {
  let line = 1;
  let batch: Row[] = [];
  for await (const record of records) {
    const cells = record as string[];
    if (cells.length > MAX_CELLS) throw tooWide(line);
    if (line > MAX_LINES) throw tooLong();
    if (cells.some((cell) => cell !== '' && cell.trim() !== '')) batch.push({ line, cells });
    line += 1 + newlinesIn(cells);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** The delimiter that makes headers out of the first lines; without any header, the sign they use most. */
function delimiterOf(head: string, isHeader: (cell: string) => boolean): Delimiter {
  const lines = head.split(/\r\n|\n|\r/, HEAD_LINES).filter((line) => line.trim() !== '');
  const found = DELIMITERS.map((delimiter) => {
    const tables = lines.map((line) => cellsOf(line, delimiter));
    return {
      delimiter,
      headers: Math.max(0, ...tables.map((cells) => cells.filter(isHeader).length)),
      cells: tables.reduce((sum, cells) => sum + cells.length, 0),
    };
  });
  found.sort((a, b) => b.headers - a.headers || b.cells - a.cells);
  return found[0]?.delimiter ?? ',';
}

function cellsOf(line: string, delimiter: Delimiter): string[] {
  try {
    return parseWhole(line, { delimiter, relax_quotes: true, relax_column_count: true })[0] ?? [];
  } catch {
    return line.split(delimiter); // a quoted cell that goes on in the next line
  }
}

async function headOf(texts: AsyncIterator<string>): Promise<string> {
  let head = '';
  while (head.length < HEAD_LENGTH) {
    const next = await texts.next();
    if (next.done) break;
    head += next.value;
  }
  return head;
}

async function* chained(head: string, rest: AsyncIterator<string>): AsyncGenerator<string> {
  try {
    yield head;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

function newlinesIn(cells: string[]): number {
  let newlines = 0;
  for (const cell of cells) {
    if (cell.includes('\n') || cell.includes('\r')) newlines += (cell.match(/\r\n|\n|\r/g) ?? []).length;
  }
  return newlines;
}

function refusalOf(error: CsvError): DomainError {
  const line = Number(error['lines'] ?? 1);
  if (error.code === 'CSV_MAX_RECORD_SIZE') return lineTooLong(line);
  return new DomainError(
    'FILE_NOT_A_TABLE',
    `A quotation mark near line ${line} of this file is opened and never closed. Please export the report again.`,
    'file',
  );
}

function tooWide(line: number): DomainError {
  return new DomainError(
    'FILE_NOT_A_TABLE',
    `Line ${line} has more than ${MAX_CELLS} columns. This does not look like an attendance report; please export it again.`,
    'file',
  );
}

function tooLong(): DomainError {
  return new DomainError(
    'FILE_TOO_LONG',
    'This file has more than 300,000 lines, more than we can read at once. Please split it and import the parts one after the other.',
    'file',
  );
}
