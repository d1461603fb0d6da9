import { DomainError, WallTimeError, nearestInstantOf, wallTimeOf } from '#kernel';

export type DateOrder = 'DMY' | 'MDY' | 'YMD';

export interface WallClockOptions {
  /** IANA zone whose clocks the file shows: the event's. */
  timeZone: string;
  /** Start of the event. Decides between day first and month first where a date can be read both ways. */
  around: Date;
  /** How the file writes dates, when the organizer said so. */
  dateOrder?: DateOrder | null;
}

/** A day and a time, as a clock on the wall shows them. */
interface Shown {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
}

type Day = Pick<Shown, 'year' | 'month' | 'day'>;

const DATE = /^(\d{1,4})([./-])\s?(\d{1,2})\2\s?(\d{1,4})\.?(?=\D|$)/;
const TIME = /^(\D*?)(\d{1,2})[:.h](\d{2})(?:[:.](\d{2})(?:[.,]\d{1,9})?)?(\D*)$/;
const WITH_OFFSET = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?\s*(?:Z|[+-]\d{2}:?\d{2})$/;
/** Between the date and the time stand words such as "à" and "um", or none. */
const BETWEEN = /^(?:t|a|à|as|às|um|at|o|godz|klo|uhr)?$/;
const MORNINGS = new Set(['am', '午前']);
const AFTERNOONS = new Set(['pm', '午後']);

const NEAR_MS = 3 * 24 * 60 * 60 * 1_000;
const QUARTERS_KEPT = 10_000;
const INSTANTS_KEPT = 10_000;

/** Reads the dates and times of one file: learns once which way round they are written, then keeps to it. */
export class WallClock {
  private order: DateOrder | null;
  /** A day has 96 quarters of an hour and a file few days: asking the zone for each row would take most of the time. */
  private readonly quarters = new Map<string, number | null>();
  /** A call of two hours has 7,200 seconds, and a large one many people who come in each. */
  private readonly instants = new Map<string, number | null>();

  constructor(private readonly options: WallClockOptions) {
    this.order = options.dateOrder ?? null;
  }

  /**
   * The instant that `text` tells, or null when it is not a date and time. `inUtc`: the file says that this column is
   * in UTC. Throws `DATE_ORDER_NEEDED` when day and month cannot be told apart.
   */
  instantIn(text: string, inUtc = false): Date | null {
    const key = inUtc ? `${text} UTC` : text;
    let instant = this.instants.get(key);
    if (instant === undefined) {
      instant = this.read(text, inUtc)?.getTime() ?? null;
      if (this.instants.size >= INSTANTS_KEPT) this.instants.clear();
      this.instants.set(key, instant);
    }
    return instant === null ? null : new Date(instant);
  }

  private read(text: string, inUtc: boolean): Date | null {
    const plain = text.trim();
    if (plain.length > 60) return null;
    if (WITH_OFFSET.test(plain)) return valid(new Date(plain.replace(' ', 'T').replace(/\s/g, '')));
    const date = DATE.exec(plain);
    const time = timeIn(date ? plain.slice(date[0].length) : plain);
    if (!time) return null;
    if (!date) return this.instantOf({ ...this.dayOfEvent(), ...time }, inUtc);
    const day = this.dayIn(date, (possible) => this.instantOf({ ...possible, ...time }, inUtc), plain);
    return day && this.instantOf({ ...day, ...time }, inUtc);
  }

  private dayIn([, first = '', sign, second = '', third = '']: string[], at: At, text: string): Day | null {
    if (first.length > 2) return first.length === 4 ? dayOf(first, second, third) : null;
    if (sign === '.') return dayOf(third, second, first); // written with dots, the day comes first everywhere
    if (this.order === null && first !== second) this.order = this.orderOf(first, second, third, at, text);
    if (this.order === 'YMD') return dayOf(first, second, third);
    return this.order === 'MDY' ? dayOf(third, first, second) : dayOf(third, second, first);
  }

  private orderOf(first: string, second: string, third: string, at: At, text: string): DateOrder {
    if (Number(first) > 12) return 'DMY';
    if (Number(second) > 12) return 'MDY';
    const dayFirst = this.isNear(dayOf(third, second, first), at);
    const monthFirst = this.isNear(dayOf(third, first, second), at);
    if (dayFirst !== monthFirst) return dayFirst ? 'DMY' : 'MDY';
    throw new DomainError(
      'DATE_ORDER_NEEDED',
      `We cannot tell whether "${text}" starts with the day or with the month. Please choose which of the two this file writes first.`,
      'dateOrder',
    );
  }

  private isNear(day: Day | null, at: At): boolean {
    const instant = day && at(day);
    return instant !== null && Math.abs(instant.getTime() - this.options.around.getTime()) <= NEAR_MS;
  }

  /** Some reports tell the time only: it was on the day of the event. */
  private dayOfEvent(): Day {
    const [year = 0, month = 0, day = 0] = wallTimeOf(this.options.around, this.options.timeZone)
      .slice(0, 10)
      .split('-')
      .map(Number);
    return { year, month, day };
  }

  private instantOf(shown: Shown, inUtc: boolean): Date | null {
    const start = this.startOfQuarter(shown, inUtc ? 'UTC' : this.options.timeZone);
    return start === null ? null : new Date(start + ((shown.minute % 15) * 60 + shown.second) * 1_000);
  }

  /** Clocks change on a quarter of an hour, so that within one the minutes just add up. */
  private startOfQuarter({ year, month, day, hour, minute }: Shown, timeZone: string): number | null {
    const local = `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute - (minute % 15))}`;
    const key = timeZone === 'UTC' ? `${local}Z` : local;
    const known = this.quarters.get(key);
    if (known !== undefined) return known;
    if (this.quarters.size >= QUARTERS_KEPT) this.quarters.clear();
    const instant = instantOrNull(local, timeZone);
    this.quarters.set(key, instant);
    return instant;
  }
}

type At = (day: Day) => Date | null;

function dayOf(written: string, month: string, day: string): Day | null {
  if (written.length === 3 || written.length === 1 || day.length > 2) return null;
  const year = written.length === 2 ? 2000 + Number(written) : Number(written);
  return isOfOurTime(year) ? { year, month: Number(month), day: Number(day) } : null;
}

/** What is further away is a slip of the pen, and may be a year that PostgreSQL cannot hold. */
function isOfOurTime(year: number): boolean {
  return year >= 1970 && year < 2200;
}

function timeIn(text: string): Pick<Shown, 'hour' | 'minute' | 'second'> | null {
  const found = TIME.exec(text);
  if (!found) return null;
  const [, before = '', hours, minutes, seconds = '0', after = ''] = found;
  const words = [lettersOf(before), lettersOf(after)];
  const morning = words.some((word) => MORNINGS.has(word));
  const afternoon = words.some((word) => AFTERNOONS.has(word));
  if (!words.every((word) => MORNINGS.has(word) || AFTERNOONS.has(word) || BETWEEN.test(word))) return null;
  const hour = Number(hours);
  const time = { hour, minute: Number(minutes), second: Number(seconds) };
  if (hour > 23 || time.minute > 59 || time.second > 59) return null;
  if (!morning && !afternoon) return time;
  if (hour > 12) return afternoon ? time : null; // 午後18:30 and 18:30 PM are seen, and can mean only one thing
  return { ...time, hour: (hour % 12) + (afternoon ? 12 : 0) };
}

function lettersOf(text: string): string {
  return text === '' ? '' : text.toLowerCase().replace(/[^\p{L}]/gu, '');
}

function instantOrNull(local: string, timeZone: string): number | null {
  try {
    return nearestInstantOf(local, timeZone).getTime();
  } catch (error) {
    if (error instanceof WallTimeError && error.code === 'SYNTAX') return null;
    throw error;
  }
}

function valid(date: Date): Date | null {
  return isOfOurTime(date.getUTCFullYear()) ? date : null;
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}
