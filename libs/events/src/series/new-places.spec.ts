import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { newPlaces } from './new-places.ts';
import { occurrences, parseRecurrence } from '../recurrence/recurrence.ts';
import { ruleAfter, ruleUntil } from '../recurrence/rule-split.ts';

const START = '2026-01-06T17:00';
const keysOf = (rule: string, start = START) => occurrences(parseRecurrence(rule), start, 'UTC').map(({ key }) => key);
const placed = (rule: string) => keysOf(rule).map((key) => ({ id: key, key }));
const moved = (before: string, after: string) =>
  newPlaces(placed(before), keysOf(after), parseRecurrence(before), parseRecurrence(after));

const weekdays = fc.uniqueArray(fc.constantFrom('MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'), { minLength: 1 });
const rules = fc
  .tuple(
    fc.constantFrom('WEEKLY', 'MONTHLY'),
    fc.integer({ min: 1, max: 3 }),
    weekdays,
    fc.integer({ min: 1, max: 30 }),
  )
  .map(
    ([frequency, interval, days, count]) =>
      `FREQ=${frequency};INTERVAL=${interval};BYDAY=${days.join(',')};COUNT=${count}`,
  );

describe('in a new plan', () => {
  it('no two occurrences take one date, and whoever’s day is still there keeps it', () => {
    fc.assert(
      fc.property(rules, rules, (before, after) => {
        const places = moved(before, after);
        expect(new Set(places.values()).size).toBe(places.size);
        const dates = new Set(keysOf(after));
        for (const key of keysOf(before)) if (dates.has(key)) expect(places.get(key)).toBe(key);
        for (const place of places.values()) expect(dates).toContain(place);
      }),
    );
  });

  it('the second of two days of a week takes the day that is free', () => {
    expect([...moved('FREQ=WEEKLY;BYDAY=TU,TH;COUNT=4', 'FREQ=WEEKLY;BYDAY=TU,FR;COUNT=4')]).toEqual([
      ['2026-01-06T17:00', '2026-01-06T17:00'],
      ['2026-01-13T17:00', '2026-01-13T17:00'],
      ['2026-01-08T17:00', '2026-01-09T17:00'],
      ['2026-01-15T17:00', '2026-01-16T17:00'],
    ]);
  });

  it('a week begins where the rule says', () => {
    const sunday = '2026-01-11T17:00';
    const after = (weekStart: string) => `FREQ=WEEKLY;BYDAY=MO;WKST=${weekStart};COUNT=3`;
    const place = (weekStart: string) =>
      newPlaces(
        [{ id: 'it', key: sunday }],
        keysOf(after(weekStart)),
        parseRecurrence('FREQ=WEEKLY;BYDAY=SU;COUNT=1'),
        parseRecurrence(after(weekStart)),
      ).get('it');
    expect(place('MO')).toBeUndefined(); // its Monday was before the start
    expect(place('SU')).toBe('2026-01-12T17:00');
  });

  it('a weekly meeting does not become the monthly one', () => {
    expect(moved('FREQ=WEEKLY;BYDAY=TU;COUNT=4', 'FREQ=MONTHLY;BYDAY=3WE;COUNT=2').size).toBe(0);
  });
});

it('a series that is split gives the same dates in two parts', () => {
  fc.assert(
    fc.property(rules, fc.nat(), (rule, choice) => {
      const all = keysOf(rule);
      const passed = choice % all.length;
      const from = all[passed] ?? START;
      fc.pre(passed > 0);
      expect([...keysOf(ruleUntil(rule, from.slice(0, 10))), ...keysOf(ruleAfter(rule, passed), from)]).toEqual(all);
    }),
  );
});
