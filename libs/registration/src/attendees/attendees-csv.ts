import type { Question } from '#events';
import { stringify } from 'csv-stringify';
import { Readable, pipeline } from 'node:stream';
import { answerInWords } from './answers-given.ts';
import type { Registration } from '../registration.entity.ts';

/** A registration as a line of the file, with what stands in other rows. */
export interface Line {
  registration: Registration;
  email: string | null;
  /** Name of whoever brings this guest. */
  lead: string | null;
}

const FACTS = [
  'Name',
  'E-mail',
  'State',
  'Pool',
  'Guest of',
  'Registered at (UTC)',
  'Attendance',
  'Basis',
  'Checked in at (UTC)',
  'Minutes',
];

/** The heads of the columns: what is known of everybody, then a column for each question. */
export function headsOf(questions: Question[]): string[] {
  return [...FACTS, ...questions.map(({ label }) => label)];
}

/** A line of the file, cell by cell as in `headsOf`. */
export function cellsOf({ registration, email, lead }: Line, questions: Question[]): string[] {
  const { name, state, pool, registeredAt, attendance, attendanceBasis, checkedInAt, attendedMinutes } = registration;
  return [
    name,
    email ?? '',
    state,
    pool,
    lead ?? '',
    registeredAt.toISOString(),
    attendance,
    attendanceBasis ?? '',
    checkedInAt?.toISOString() ?? '',
    attendedMinutes?.toString() ?? '',
    ...questions.map(({ id }) => answerInWords(registration.answers[id])),
  ];
}

/**
 * The lines as a CSV file (RFC 4180) in UTF-8, with the mark by which spreadsheets know it. What would be a formula there
 * is made harmless by an apostrophe. Lines are asked for as fast as the file is read, and no more once it is put down.
 */
export function csvOf(lines: AsyncIterable<string[]>): Readable {
  const written = stringify({ bom: true, record_delimiter: 'windows', quoted_string: false, escape_formulas: true });
  return pipeline(Readable.from(lines), written, () => undefined);
}
