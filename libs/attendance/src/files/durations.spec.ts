import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { minutesIn } from './durations.ts';

const SPELLINGS: Record<string, [hours: string, minutes: string, seconds: string]> = {
  English: ['h ', 'm ', 's'],
  German: [' Std. ', ' Min. ', ' Sek.'],
  French: [' h ', ' min ', ' s'],
  Spanish: [' h ', ' min ', ' s'],
  Portuguese: ['h ', 'min ', 's'],
  Polish: [' godz. ', ' min ', ' sek.'],
  Japanese: [' 時間 ', ' 分 ', ' 秒'],
};

describe('a length of time', () => {
  it.each(Object.entries(SPELLINGS))('written in %s is read to the second', (_language, [h, m, s]) => {
    fc.assert(
      fc.property(fc.nat(99), fc.nat(59), fc.nat(59), (hours, minutes, seconds) => {
        const read = minutesIn(`${hours}${h}${minutes}${m}${seconds}${s}`);
        expect(Math.round((read ?? -1) * 60)).toBe(hours * 3600 + minutes * 60 + seconds);
      }),
    );
  });

  it.each([
    ['1h 2m 3s', 62.05],
    ['2m 30s', 2.5],
    ['45s', 0.75],
    ['01:02:03', 62.05],
    ['1:30', 90],
    ['59', 59],
    ['12,5', 12.5],
    ['1時間2分', 62],
    ['1 hr 23 min', 83],
    ['2 godziny', 120],
    ['59 Min.', 59],
  ])('%s is %d minutes', (text, minutes) => {
    expect(minutesIn(text)).toBeCloseTo(minutes, 6);
  });

  it.each(['', '-', 'long', '5 parsecs', '1h and more', '=1+1', '1:99', '9'.repeat(1_000)])(
    'is not in "%s"',
    (text) => {
      expect(minutesIn(text)).toBeNull();
    },
  );
});
