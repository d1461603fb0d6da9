import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import ICAL from 'ical.js';
import { offsetAt, vtimezone } from './vtimezone.ts';

const HOUR = 3_600_000;

describe('the rule of a time zone', () => {
  it('is one yearly pair of changes', () => {
    expect(vtimezone('Europe/London', days(2025, 2026)).lines).toEqual([
      'BEGIN:VTIMEZONE',
      'TZID:Europe/London',
      'BEGIN:STANDARD',
      'DTSTART:19701025T020000',
      'RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU',
      'TZOFFSETFROM:+0100',
      'TZOFFSETTO:+0000',
      'END:STANDARD',
      'BEGIN:DAYLIGHT',
      'DTSTART:19700329T010000',
      'RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU',
      'TZOFFSETFROM:+0000',
      'TZOFFSETTO:+0100',
      'END:DAYLIGHT',
      'END:VTIMEZONE',
    ]);
  });

  it('is one offset where the clock never changes', () => {
    expect(vtimezone('Asia/Kathmandu', days(2025, 2026)).lines).toEqual([
      'BEGIN:VTIMEZONE',
      'TZID:Asia/Kathmandu',
      'BEGIN:STANDARD',
      'DTSTART:19700101T000000',
      'TZOFFSETFROM:+0545',
      'TZOFFSETTO:+0545',
      'END:STANDARD',
      'END:VTIMEZONE',
    ]);
  });

  it.each([
    ['America/New_York', 'BYMONTH=11;BYDAY=1SU', 'BYMONTH=3;BYDAY=2SU', '-0500', '-0400'],
    ['Australia/Sydney', 'BYMONTH=4;BYDAY=1SU', 'BYMONTH=10;BYDAY=1SU', '+1000', '+1100'],
    ['Australia/Lord_Howe', 'BYMONTH=4;BYDAY=1SU', 'BYMONTH=10;BYDAY=1SU', '+1030', '+1100'],
    ['Pacific/Chatham', 'BYMONTH=4;BYDAY=1SU', 'BYMONTH=9;BYDAY=-1SU', '+1245', '+1345'],
    ['Europe/Dublin', 'BYMONTH=10;BYDAY=-1SU', 'BYMONTH=3;BYDAY=-1SU', '+0000', '+0100'],
  ])('of %s turns to winter on %s and to summer on %s', (zone, winter, summer, standard, daylight) => {
    const { lines, expresses } = vtimezone(zone, days(2025, 2025));
    expect(lines?.filter((line) => line.startsWith('RRULE'))).toEqual(
      [winter, summer].map((rule) => `RRULE:FREQ=YEARLY;${rule}`),
    );
    expect(lines?.filter((line) => line.startsWith('TZOFFSETTO'))).toEqual(
      [standard, daylight].map((offset) => `TZOFFSETTO:${offset}`),
    );
    expect(days(2025, 2025).every(expresses)).toBe(true);
  });

  it('stays the same text while the window of the feed moves on', () => {
    const texts = [2021, 2022, 2023, 2024, 2025].map((year) => vtimezone('Europe/Berlin', days(year, year + 1)).lines);
    expect(new Set(texts.map((lines) => lines?.join('\n'))).size).toBe(1);
  });

  it('names the yearly pair also when the feed shows winter only', () => {
    const { lines } = vtimezone('Europe/Paris', [new Date('2025-01-10T18:00:00Z')]);
    expect(lines).toContain('RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU');
  });

  it('keeps the majority and leaves the rest to UTC when a law changed in between', () => {
    const zone = 'America/Mexico_City'; // gave up summer time in October 2022
    const { lines, expresses } = vtimezone(zone, days(2022, 2024));
    expect(lines?.join(' ')).not.toContain('DAYLIGHT');
    expect(expresses(new Date('2022-07-01T18:00:00Z'))).toBe(false);
    expect(expresses(new Date('2023-07-01T18:00:00Z'))).toBe(true);
  });

  it('does not claim the weeks of Ramadan that move from year to year', () => {
    const { expresses } = vtimezone('Africa/Casablanca', days(2024, 2025));
    const right = days(2024, 2025).filter(expresses).length;
    expect(right).toBeGreaterThan(600);
    expect(right).toBeLessThan(731);
  });

  it('does not claim an hour that the clock shows twice, nor the hour that a client would take it for', () => {
    const { expresses } = vtimezone('Europe/London', days(2025, 2025));
    expect(expresses(new Date('2025-10-25T23:59:59Z'))).toBe(true);
    expect(expresses(new Date('2025-10-26T00:00:00Z'))).toBe(false);
    expect(expresses(new Date('2025-10-26T01:59:59Z'))).toBe(false);
    expect(expresses(new Date('2025-10-26T02:00:00Z'))).toBe(true);
  });

  it.each(['UTC', 'Etc/UTC', 'Mars/Olympus', '+02:00', 'Europe/London\r\nX:1', ''])('has no lines for %j', (zone) => {
    const { lines, expresses } = vtimezone(zone, days(2025, 2025));
    expect(lines).toBeNull();
    expect(expresses(new Date('2025-01-10T18:00:00Z'))).toBe(false);
  });

  it('says nothing of no instants', () => {
    expect(vtimezone('Europe/London', []).lines).toBeNull();
  });

  it('is read by a calendar program as the instant that Node meant, in every zone that Node knows', () => {
    const wrong: string[] = [];
    for (const zone of Intl.supportedValuesOf('timeZone')) {
      const instants = days(2024, 2027);
      const { lines, expresses } = vtimezone(zone, instants);
      if (!lines) continue;
      const read = reader(zone, lines);
      const shown = instants.filter((instant, index) => index % 5 === 0 && expresses(instant));
      if (shown.some((instant) => read(instant) !== instant.getTime())) wrong.push(zone);
    }
    expect(wrong).toEqual([]);
  });

  it('is right to the minute around each change', () => {
    const zones = ['Europe/London', 'America/New_York', 'Australia/Lord_Howe', 'America/Santiago', 'Africa/Casablanca'];
    const minutes = fc.integer({ min: Date.UTC(2024, 0, 1) / 60_000, max: Date.UTC(2026, 0, 1) / 60_000 });
    const rules = new Map(zones.map((zone) => [zone, vtimezone(zone, days(2024, 2025))]));
    fc.assert(
      fc.property(minutes, fc.constantFrom(...zones), (minute, zone) => {
        const rule = rules.get(zone);
        const instant = new Date(minute * 60_000);
        if (rule?.lines && rule.expresses(instant)) expect(reader(zone, rule.lines)(instant)).toBe(instant.getTime());
      }),
      { numRuns: 300 },
    );
  });
});

describe('the offset of a time zone', () => {
  it.each([
    ['Europe/London', '2025-03-30T00:59:59Z', 0],
    ['Europe/London', '2025-03-30T01:00:00Z', 1],
    ['Australia/Lord_Howe', '2025-01-01T00:00:00Z', 11],
    ['Australia/Lord_Howe', '2025-07-01T00:00:00Z', 10.5],
    ['America/New_York', '2024-12-31T23:59:59Z', -5],
  ])('of %s at %s is %d hours', (zone, instant, hours) => {
    expect(offsetAt(zone, new Date(instant))).toBe(hours * HOUR);
  });
});

/** Days at noon or so, never the same time of day twice in a row. */
function days(first: number, last: number): Date[] {
  const count = (Date.UTC(last + 1, 0, 1) - Date.UTC(first, 0, 1)) / (24 * HOUR);
  return Array.from({ length: count }, (_, day) => new Date(Date.UTC(first, 0, 1 + day, (12 + day * 7) % 24)));
}

/** Reads the wall time of an instant as a program does that knows nothing but the file. */
function reader(zone: string, lines: readonly string[]): (instant: Date) => number {
  const component = new ICAL.Component(ICAL.parse(lines.join('\r\n')));
  const timezone = new ICAL.Timezone({ component, tzid: zone });
  return (instant) => {
    const wall = new Date(instant.getTime() + offsetAt(zone, instant)).toISOString().slice(0, 19);
    const time = ICAL.Time.fromDateTimeString(wall);
    time.zone = timezone;
    return time.toJSDate().getTime();
  };
}
