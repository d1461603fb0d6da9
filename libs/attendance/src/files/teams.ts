import { DomainError } from '#kernel';
import { Layout, stayIn, textOrNull, type GivenColumns, type Stay, type StayReader } from './stay.ts';
import { isTitle } from './words.ts';
import type { Row } from './table.ts';
import type { Tally } from './tally.ts';
import type { WallClock } from './wall-clock.ts';

const HEADING = /^\s*(\d)\s*[.．)、]\s*\S/;
/** Teams admits 20,000 people to its largest calls, most of them as viewers. */
const MAX_PARTICIPANTS = 20_000;

type Section = 'SUMMARY' | 'PARTICIPANTS' | 'ACTIVITIES' | 'OTHER';

/** The number of the section that a row heads ("2. Participants", in any language), or null. */
export function sectionNumber(row: Row): number | null {
  const heading = HEADING.exec(row.cells[0] ?? '');
  return heading && row.cells.every((cell, place) => place === 0 || cell.trim() === '') ? Number(heading[1]) : null;
}

/**
 * Reads the report of today's Teams: a summary, the participants, and each stay under the activities. The stays count.
 * Participants come first in the file, so they are held until it is known whether stays follow; they give a stay the
 * address and role that it lacks, and stand in for the stays when there are none.
 */
export class SectionsReader implements StayReader {
  headers: string[] = [];
  title: string | null = null;
  private section: Section = 'SUMMARY';
  private number = 1;
  private layout: Layout | null = null;
  private participants: Stay[] = [];
  private readonly byName = new Map<string, Stay | null>();
  private hasActivities = false;
  private unknownHeaders: string[] | null = null;

  constructor(
    private readonly given: GivenColumns,
    private readonly clock: WallClock,
    private readonly tally: Tally,
  ) {}

  take(row: Row): Stay | null {
    const number = sectionNumber(row);
    if (number !== null) this.begin(number);
    else if (this.section === 'SUMMARY') this.summarize(row);
    else if (!this.layout) this.head(row);
    else if (this.section === 'PARTICIPANTS') this.hold(row, this.layout);
    else if (this.section === 'ACTIVITIES') return this.activity(row, this.layout);
    return null;
  }

  *rest(): Generator<Stay> {
    if (this.hasActivities) return;
    if (this.participants.length === 0 && this.unknownHeaders) throw columnsNeeded(this.unknownHeaders);
    yield* this.participants;
  }

  private begin(number: number): void {
    this.number = number;
    this.section = number === 1 ? 'SUMMARY' : 'OTHER';
    this.layout = null;
  }

  /** The call is named first, whatever the language; a label that we know wins over the place. */
  private summarize(row: Row): void {
    const value = textOrNull(row.cells[1]);
    if (value && (this.title === null || isTitle(row.cells[0] ?? ''))) this.title = value;
  }

  private head(row: Row): void {
    const headers = row.cells.map((cell) => cell.trim());
    const layout = new Layout(headers, this.given);
    this.layout = layout;
    this.section = sectionOf(this.number, layout);
    if (this.section === 'OTHER') {
      if (this.number === 2 || this.number === 3) this.unknownHeaders ??= headers;
    } else if (this.section === 'PARTICIPANTS' && !this.hasActivities) {
      this.headers = headers;
    }
  }

  private hold(row: Row, layout: Layout): void {
    const stay = stayIn(row, layout, this.clock, this.tally);
    if (!stay) return;
    if (this.participants.length >= MAX_PARTICIPANTS) throw tooManyParticipants();
    this.participants.push(stay);
    if (!stay.name) return;
    // Two people of one name: neither address may be given to the stays of both.
    this.byName.set(stay.name, this.byName.has(stay.name) ? null : stay);
  }

  private activity(row: Row, layout: Layout): Stay | null {
    const stay = stayIn(row, layout, this.clock, this.tally);
    if (!stay) return null;
    if (!this.hasActivities) {
      this.hasActivities = true;
      this.headers = layout.headers;
      this.participants = [];
    }
    const participant = stay.name === null ? null : this.byName.get(stay.name);
    stay.email ??= participant?.email ?? null;
    stay.role ??= participant?.role ?? null;
    return stay;
  }
}

/** What a section holds, by its headers and its number: webinars have sections of their own in between. */
function sectionOf(number: number, layout: Layout): Section {
  if (!layout.tellsWho) return 'OTHER';
  if (layout.tellsOverall) return 'PARTICIPANTS';
  if (number === 2) return layout.tellsTimes || layout.has('minutes') ? 'PARTICIPANTS' : 'OTHER';
  return layout.tellsTimes ? 'ACTIVITIES' : 'OTHER';
}

/** The refusal of a table whose headers we do not know: says which there are and asks what they mean. */
export function columnsNeeded(headers: string[]): DomainError {
  const shown = headers.filter((header) => header !== '').slice(0, 20);
  const listed = shown.map((header) => `"${header.slice(0, 40)}"`).join(', ');
  return new DomainError(
    'COLUMNS_NEEDED',
    `This file has the columns ${listed}. Please tell us which of them holds the name or the e-mail address and, if they are there, the minutes or the times.`,
    'columns',
  );
}

function tooManyParticipants(): DomainError {
  return new DomainError(
    'FILE_TOO_LONG',
    'This report lists more than 20,000 participants, more than we can read at once. Please split it and import the parts one after the other.',
    'file',
  );
}
