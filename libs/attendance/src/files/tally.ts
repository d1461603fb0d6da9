import { DomainError } from '#kernel';

const LISTED = 100;
const MAX_ROWS = 100_000;
const MAX_SKIPPED = 1_000;
const FIRST_ROWS = 200;
/** A handful of rows is shown with its problems: the organizer sees at a glance what is wrong. */
const A_HANDFUL = 10;

/** Something in the file that the organizer should look at: where it stands and what happened to it. */
export interface Problem {
  line: number;
  message: string;
}

/** Counts the rows of a file and those left out, and refuses a file that cannot be what it was taken for. */
export class Tally {
  /** The first hundred; `count` tells how many there are. */
  readonly problems: Problem[] = [];
  count = 0;
  private rows = 0;
  private skipped = 0;
  private firstReason: string | null = null;

  /** One more row of people. Throws `FILE_TOO_LONG` after 100,000. */
  row(): void {
    if (this.rows === FIRST_ROWS) this.refuseIfMostlySkipped();
    this.rows += 1;
    if (this.rows <= MAX_ROWS) return;
    throw new DomainError(
      'FILE_TOO_LONG',
      'This file has more than 100,000 rows, more than we can read at once. Please split it and import the parts one after the other.',
      'file',
    );
  }

  /** The row makes no sense and is left out. Throws `FILE_NOT_A_TABLE` when that happens too often. */
  skip(line: number, reason: string): null {
    this.firstReason ??= `Line ${line} ${reason}`;
    this.skipped += 1;
    this.note(line, `Line ${line} ${reason}. We left it out.`);
    if (this.skipped > MAX_SKIPPED) this.refuse();
    return null;
  }

  /** The row counts, but the organizer should know. */
  note(line: number, message: string): void {
    this.count += 1;
    if (this.problems.length < LISTED) this.problems.push({ line, message });
  }

  /** The file is read to its end. Throws `FILE_EMPTY` or `FILE_NOT_A_TABLE` when nobody was found in it. */
  close(stays: number): void {
    if (this.rows >= A_HANDFUL && this.rows <= FIRST_ROWS) this.refuseIfMostlySkipped();
    if (stays > 0) return;
    if (this.skipped > 0) this.refuse();
    throw new DomainError(
      'FILE_EMPTY',
      'We read this file and found nobody in it. Please check that you exported the report after the call had ended.',
      'file',
    );
  }

  private refuseIfMostlySkipped(): void {
    if (this.skipped * 2 > this.rows) this.refuse();
  }

  private refuse(): never {
    throw new DomainError(
      'FILE_NOT_A_TABLE',
      `This does not look like an attendance report: we could not make sense of too many of its lines. ${this.firstReason ?? ''}. Please export the report again.`,
      'file',
    );
  }
}
