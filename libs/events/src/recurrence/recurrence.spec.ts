import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { occurrences, parseRecurrence, RecurrenceError } from './recurrence.ts';
import { instantOf, nearestInstantOf, wallTimeOf, WallTimeError } from '#kernel';

const ZONES = [
  'Europe/London',
  'America/New_York',
  'Africa/Cairo',
  'Africa/Casablanca',
  'Asia/Tokyo',
  'America/Santiago',
  'Australia/Lord_Howe',
  'Pacific/Auckland',
];

describe('a series', () => {
  it('stays at 17:00 on both sides of each change of the clock', () => {
    expect(told('FREQ=MONTHLY;BYDAY=-1TH;COUNT=4', '2026-02-26T17:00', 'Europe/Paris')).toEqual([
      '2026-02-26T17:00 2026-02-26T16:00:00.000Z',
      '2026-03-26T17:00 2026-03-26T16:00:00.000Z',
      '2026-04-30T17:00 2026-04-30T15:00:00.000Z',
      '2026-05-28T17:00 2026-05-28T15:00:00.000Z',
    ]);
    expect(told('FREQ=WEEKLY;COUNT=2', '2025-10-01T17:00', 'Australia/Lord_Howe')).toEqual([
      '2025-10-01T17:00 2025-10-01T06:30:00.000Z',
      '2025-10-08T17:00 2025-10-08T06:00:00.000Z',
    ]);
  });

  it('keeps a date whose time the clock skips, an hour later on the clock and under its own key', () => {
    expect(told('FREQ=DAILY;COUNT=3', '2025-03-29T01:30', 'Europe/London')).toEqual([
      '2025-03-29T01:30 2025-03-29T01:30:00.000Z',
      '2025-03-30T01:30 2025-03-30T01:30:00.000Z', // 02:30 on the clock: 01:30 by the offset before the gap
      '2025-03-31T01:30 2025-03-31T00:30:00.000Z',
    ]);
  });

  it('takes the first of two passes when the clock shows its time twice', () => {
    expect(told('FREQ=DAILY;COUNT=2', '2025-10-26T01:30', 'Europe/London')).toEqual([
      '2025-10-26T01:30 2025-10-26T00:30:00.000Z',
      '2025-10-27T01:30 2025-10-27T01:30:00.000Z',
    ]);
  });

  it('meets once when its zone jumps over a whole day', () => {
    expect(told('FREQ=DAILY;COUNT=3', '2011-12-29T10:00', 'Pacific/Apia')).toEqual([
      '2011-12-29T10:00 2011-12-29T20:00:00.000Z',
      '2011-12-30T10:00 2011-12-30T20:00:00.000Z',
    ]);
  });

  it.each([
    ['FREQ=DAILY;INTERVAL=10;COUNT=3', ['2026-01-05', '2026-01-15', '2026-01-25']],
    ['FREQ=WEEKLY;BYDAY=MO,WE;COUNT=4', ['2026-01-05', '2026-01-07', '2026-01-12', '2026-01-14']],
    ['FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;WKST=MO;COUNT=3', ['2026-01-05', '2026-01-11', '2026-01-19']],
    ['FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;WKST=SU;COUNT=3', ['2026-01-05', '2026-01-18', '2026-01-19']],
    ['FREQ=MONTHLY;BYDAY=2TU;COUNT=3', ['2026-01-13', '2026-02-10', '2026-03-10']],
    ['FREQ=MONTHLY;BYMONTHDAY=31;COUNT=3', ['2026-01-31', '2026-03-31', '2026-05-31']],
    ['FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=3', ['2026-01-31', '2026-02-28', '2026-03-31']],
    ['FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=2', ['2026-01-30', '2026-02-27']],
    ['FREQ=MONTHLY;INTERVAL=3;BYDAY=1TH;COUNT=3', ['2026-04-02', '2026-07-02', '2026-10-01']],
    ['FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;COUNT=2', ['2028-02-29', '2032-02-29']],
    ['FREQ=YEARLY;BYMONTH=11;BYDAY=4TH;COUNT=2', ['2026-11-26', '2027-11-25']],
    ['FREQ=DAILY;UNTIL=20260107', ['2026-01-05', '2026-01-06', '2026-01-07']],
    ['FREQ=DAILY;UNTIL=20260107T170000', ['2026-01-05', '2026-01-06', '2026-01-07']],
    ['FREQ=DAILY;UNTIL=20260107T165959', ['2026-01-05', '2026-01-06']],
    ['RRULE:freq=weekly;count=2', ['2026-01-05', '2026-01-12']],
  ])('follows %s', (rule, days) => {
    expect(occurrences(parseRecurrence(rule), '2026-01-05T17:00', 'Europe/Paris').map(({ key }) => key)).toEqual(
      days.map((day) => `${day}T17:00`),
    );
  });

  it('reads an UNTIL in UTC, as other calendars write it, on the clock of its zone', () => {
    const rule = 'FREQ=DAILY;UNTIL=20260702T210000Z'; // 17:00 in New York
    expect(told(rule, '2026-07-01T17:00', 'America/New_York')).toHaveLength(2);
    expect(told('FREQ=DAILY;UNTIL=20260702T205959Z', '2026-07-01T17:00', 'America/New_York')).toHaveLength(1);
  });

  it('gives the part that is asked for, under the same keys', () => {
    const rule = parseRecurrence('FREQ=WEEKLY;COUNT=52');
    const all = occurrences(rule, '2026-01-05T17:00', 'Europe/Paris');
    const from = new Date('2026-03-02T16:00:00Z');
    expect(all).toHaveLength(52);
    expect(occurrences(rule, '2026-01-05T17:00', 'Europe/Paris', { from, limit: 3 })).toEqual(all.slice(8, 11));
    expect(
      occurrences(rule, '2026-01-05T17:00', 'Europe/Paris', { from, until: new Date('2026-03-16T16:00:00Z') }),
    ).toEqual(all.slice(8, 11));
    expect(occurrences(rule, '2026-01-05T17:00', 'Europe/Paris', { limit: 0 })).toEqual([]);
  });

  it('can have a thousand events and not one more', () => {
    expect(told('FREQ=DAILY;COUNT=1000', '2026-01-05T17:00', 'Europe/Paris')).toHaveLength(1000);
    expect(refusal('FREQ=DAILY;COUNT=1001')).toBe('UNSUPPORTED');
    expect(refusal('FREQ=DAILY;UNTIL=20280930')).toBe('NOT_REFUSED');
    expect(refusal('FREQ=DAILY;UNTIL=20281001')).toBe('UNSUPPORTED');
  });

  it('keeps its wall clock through every season and only moves forward', () => {
    const rules = fc.record({
      frequency: fc.constantFrom('DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'),
      interval: fc.integer({ min: 1, max: 5 }),
      count: fc.integer({ min: 1, max: 20 }),
    });
    const minutes = fc.integer({ min: Date.UTC(2012, 0, 1) / 60_000, max: Date.UTC(2035, 0, 1) / 60_000 });
    fc.assert(
      fc.property(rules, minutes, fc.constantFrom(...ZONES), ({ frequency, interval, count }, minute, zone) => {
        const start = new Date(minute * 60_000).toISOString().slice(0, 16);
        const rule = parseRecurrence(`FREQ=${frequency};INTERVAL=${interval};COUNT=${count}`);
        const found = occurrencesOrNone(rule, start, zone);
        for (const { key, startsAt } of found) {
          expect(key.slice(11)).toBe(start.slice(11));
          expect(wallTimeOf(startsAt, zone) === key || isSkipped(key, zone)).toBe(true);
        }
        const instants = found.map(({ startsAt }) => startsAt.getTime());
        expect(instants).toEqual([...new Set(instants)].sort((a, b) => a - b));
      }),
    );
  });

  it('shows another time than its own only on a day that skips it', () => {
    const zone = 'America/Santiago'; // skips midnight on the first Sunday of September
    const moved = occurrences(parseRecurrence('FREQ=DAILY;COUNT=730'), '2025-01-01T00:30', zone).filter(
      ({ key, startsAt }) => wallTimeOf(startsAt, zone) !== key,
    );
    expect(moved.map(({ key, startsAt }) => `${key} ${wallTimeOf(startsAt, zone)}`)).toEqual([
      '2025-09-07T00:30 2025-09-07T01:30',
      '2026-09-06T00:30 2026-09-06T01:30',
    ]);
    expect(moved.every(({ key, startsAt }) => nearestInstantOf(key, zone).getTime() === startsAt.getTime())).toBe(true);
  });
});

describe('a rule is refused', () => {
  it.each(['FREQ=DAILY', 'FREQ=MONTHLY;BYDAY=2TU', 'FREQ=YEARLY;INTERVAL=2'])('when it never ends: %s', (rule) => {
    expect(refusal(rule)).toBe('ENDLESS');
  });

  it.each([
    'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=3',
    'FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=3',
    'FREQ=MONTHLY;BYMONTH=4,6;BYMONTHDAY=31;COUNT=1000',
    'FREQ=DAILY;INTERVAL=7;BYDAY=TU;COUNT=3', // the start is a Monday
    'FREQ=WEEKLY;BYDAY=TH;BYSETPOS=7;COUNT=3',
    'FREQ=MONTHLY;BYDAY=TH;BYSETPOS=-7;UNTIL=20991231',
    'FREQ=YEARLY;BYMONTH=2;BYDAY=5MO;UNTIL=20300101',
    'FREQ=DAILY;UNTIL=20251231', // before the start
  ])('when it never meets a date, and quickly so: %s', (rule) => {
    const begunAt = performance.now();
    expect(refusal(rule)).toBe('NEVER');
    expect(performance.now() - begunAt).toBeLessThan(5000);
  });

  it.each([
    'FREQ=SECONDLY;COUNT=3',
    'FREQ=MINUTELY;COUNT=3',
    'FREQ=HOURLY;COUNT=3',
    'FREQ=DAILY;BYHOUR=9,17;COUNT=3',
    'FREQ=DAILY;BYMINUTE=30;COUNT=3',
    'FREQ=DAILY;BYSECOND=1;COUNT=3',
    'FREQ=YEARLY;BYYEARDAY=100;COUNT=3',
    'FREQ=YEARLY;BYWEEKNO=20;COUNT=3',
    'RSCALE=CHINESE;FREQ=YEARLY;COUNT=3',
    'FREQ=MONTHLY;SKIP=FORWARD;COUNT=3',
    'FREQ=DAILY;BYDAY=MO;BYSETPOS=1;COUNT=3',
    'FREQ=DAILY;INTERVAL=999999999;COUNT=3',
    'FREQ=YEARLY;COUNT=500',
    'FREQ=DAILY;COUNT=99999999999999999999',
    'FREQ=DAILY;UNTIL=99991231',
  ])('when a meetup cannot be held that way: %s', (rule) => {
    expect(refusal(rule)).toBe('UNSUPPORTED');
  });

  it.each([
    '',
    ';',
    'every other tuesday',
    'COUNT=3',
    'FREQ=',
    'FREQ=FORTNIGHTLY;COUNT=3',
    'FREQ=DAILY;COUNT=3;COUNT=4',
    'FREQ=DAILY;COUNT=3;UNTIL=20270101',
    'FREQ=DAILY;COUNT=0',
    'FREQ=DAILY;COUNT=-3',
    'FREQ=DAILY;COUNT=1e2',
    'FREQ=DAILY;COUNT=3;INTERVAL=0',
    'FREQ=DAILY;COUNT=3;COLOR=RED',
    'FREQ=DAILY;UNTIL=20260230',
    'FREQ=DAILY;UNTIL=20260101T250000',
    'FREQ=DAILY;UNTIL=TOMORROW',
    'FREQ=WEEKLY;BYDAY=XX;COUNT=3',
    'FREQ=WEEKLY;BYDAY=2TU;COUNT=3',
    'FREQ=MONTHLY;BYDAY=6TU;COUNT=3',
    'FREQ=MONTHLY;BYDAY=0TU;COUNT=3',
    'FREQ=YEARLY;BYDAY=54MO;COUNT=3',
    'FREQ=MONTHLY;BYMONTHDAY=0;COUNT=3',
    'FREQ=MONTHLY;BYMONTHDAY=32;COUNT=3',
    'FREQ=WEEKLY;BYMONTHDAY=3;COUNT=3',
    'FREQ=YEARLY;BYMONTH=13;COUNT=3',
    'FREQ=YEARLY;BYMONTH=;COUNT=3',
    'FREQ=MONTHLY;BYSETPOS=1;COUNT=3',
    'FREQ=WEEKLY;WKST=MONDAY;COUNT=3',
    'FREQ=DAILY;COUNT=3\nDTSTART:20260101',
    `FREQ=DAILY;COUNT=3;BYMONTH=${'1,'.repeat(1_000_000)}1`,
  ])('when it cannot be read: %.60s', (rule) => {
    expect(refusal(rule)).toBe('SYNTAX');
  });

  it('or gives a finite series, whatever is typed', () => {
    const piece = fc.constantFrom(
      'FREQ',
      'DAILY',
      'MONTHLY',
      'COUNT',
      'UNTIL',
      'BYDAY',
      'BYSETPOS',
      '=',
      ';',
      ',',
      '-1',
      '3',
      'TU',
      '20270101',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('')),
        ),
        (rule) => {
          expect(['NOT_REFUSED', 'SYNTAX', 'UNSUPPORTED', 'ENDLESS', 'NEVER']).toContain(refusal(rule));
        },
      ),
    );
  });

  it('with a sentence that says what to do', () => {
    expect(() => parseRecurrence('FREQ=DAILY')).toThrow(
      'This series would go on for ever. Please give it an end: a number of times (COUNT=12) or a last day (UNTIL=20271231).',
    );
    expect(() => parseRecurrence('FREQ=DAILY;BYHOUR=9;COUNT=3')).toThrow(
      'We do not support BYHOUR in a series. Please leave it out.',
    );
  });
});

function told(rule: string, start: string, zone: string): string[] {
  return occurrences(parseRecurrence(rule), start, zone).map(({ key, startsAt }) => `${key} ${startsAt.toISOString()}`);
}

function occurrencesOrNone(...args: Parameters<typeof occurrences>): ReturnType<typeof occurrences> {
  try {
    return occurrences(...args);
  } catch (error) {
    if (error instanceof RecurrenceError && error.code === 'UNSUPPORTED') return []; // 29 February, every fifth year
    throw error;
  }
}

function isSkipped(local: string, zone: string): boolean {
  try {
    instantOf(local, zone);
    return false;
  } catch (error) {
    return error instanceof WallTimeError && error.code === 'SKIPPED';
  }
}

function refusal(rule: string): string {
  try {
    occurrences(parseRecurrence(rule), '2026-01-05T17:00', 'Europe/Paris');
  } catch (error) {
    if (error instanceof RecurrenceError) return error.code;
    throw error;
  }
  return 'NOT_REFUSED';
}
