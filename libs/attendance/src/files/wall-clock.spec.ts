import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { nearestInstantOf } from '#kernel';
import { WallClock, type DateOrder } from './wall-clock.ts';

const AROUND = new Date('2026-05-04T16:30:00Z');

describe('the clock of a file', () => {
  it.each([
    ['English, United States', '5/4/26, 6:30:05 PM'],
    ['English, with narrow spaces', '5/4/26, 6:30:05\u202fPM'],
    ['English, United Kingdom', '04/05/2026, 18:30:05'],
    ['German', '4.5.2026, 18:30:05'],
    ['German, short', '04.05.26 18:30:05'],
    ['French', '04/05/2026 à 18:30:05'],
    ['Spanish', '4/5/26, 6:30:05 p. m.'],
    ['Portuguese', '04/05/26, 18:30:05'],
    ['Polish', '4.05.2026, 18:30:05'],
    ['Japanese', '2026/5/4 18:30:05'],
    ['Japanese, afternoon', '2026/05/04 午後6:30:05'],
    ['ISO', '2026-05-04T18:30:05'],
    ['ISO with an offset', '2026-05-04T12:30:05-04:00'],
    ['ISO in UTC', '2026-05-04 16:30:05.000Z'],
    ['Zoom', '05/04/2026 06:30:05 PM'],
    ['time only', '6:30:05 PM'],
  ])('reads %s', (_name, text) => {
    expect(clock().instantIn(text)).toEqual(new Date('2026-05-04T16:30:05Z'));
  });

  it.each([
    ['12:00:01 AM', '2026-05-03T22:00:01Z'],
    ['12:00:01 PM', '2026-05-04T10:00:01Z'],
    ['午前0:15', '2026-05-03T22:15:00Z'],
    ['6:30 a.m.', '2026-05-04T04:30:00Z'],
  ])('knows noon from midnight: %s', (time, instant) => {
    expect(clock().instantIn(`2026-05-04 ${time}`)).toEqual(new Date(instant));
  });

  it('reads a column in UTC as what it is', () => {
    expect(clock().instantIn('5/4/2026 4:30:00 PM', true)).toEqual(new Date('2026-05-04T16:30:00Z'));
  });

  it.each([
    '',
    'soon',
    '31.02.2026 18:00',
    '2026-05-04',
    '4.5.2026 25:00',
    '4.5.2026 18:61',
    '4/5/26 at dawn',
    '1/1/1/1',
  ])('does not read "%s"', (text) => {
    expect(clock().instantIn(text)).toBeNull();
  });

  it('asks which comes first when neither order falls near the event', () => {
    expect(() => clock().instantIn('7/8/2026, 6:30:00 PM')).toThrow(
      expect.objectContaining({
        code: 'DATE_ORDER_NEEDED',
        refusals: [expect.objectContaining({ field: 'dateOrder' })],
      }),
    );
  });

  it.each<[DateOrder, string]>([
    ['DMY', '2026-08-07T16:30:00.000Z'],
    ['MDY', '2026-07-08T16:30:00.000Z'],
  ])('believes the organizer who says %s', (dateOrder, instant) => {
    expect(clock({ dateOrder }).instantIn('7/8/2026, 6:30:00 PM')?.toISOString()).toBe(instant);
  });

  it('does not ask when both orders mean the same day', () => {
    expect(clock().instantIn('6/6/2026 18:30')).toEqual(new Date('2026-06-06T16:30:00Z'));
  });

  it('keeps to the order that a date beyond the twelfth gave away', () => {
    const file = clock();
    expect(file.instantIn('5/25/2026 18:30')).toEqual(new Date('2026-05-25T16:30:00Z'));
    expect(file.instantIn('5/4/2026 18:30')).toEqual(new Date('2026-05-04T16:30:00Z'));
    expect(file.instantIn('25/5/2026 18:30')).toBeNull();
  });

  it.each(['Europe/Paris', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'America/St_Johns', 'Africa/Casablanca'])(
    'agrees with the calendar of %s for every minute, also when clocks change',
    (timeZone) => {
      const file = clock({ timeZone });
      fc.assert(
        fc.property(fc.integer({ min: 0, max: 365 * 24 * 60 - 1 }), (minute) => {
          const local = new Date(Date.UTC(2026, 0, 1) + minute * 60_000).toISOString().slice(0, 16);
          expect(file.instantIn(local)).toEqual(nearestInstantOf(local, timeZone));
        }),
      );
      for (let minute = 0; minute < 24 * 60; minute += 1) {
        const local = new Date(Date.UTC(2026, 9, 4) + minute * 60_000).toISOString().slice(0, 16); // Lord Howe changes
        expect(file.instantIn(local)?.getTime()).toBe(nearestInstantOf(local, timeZone).getTime());
      }
    },
  );
});

function clock(options: Partial<ConstructorParameters<typeof WallClock>[0]> = {}): WallClock {
  return new WallClock({ timeZone: 'Europe/Paris', around: AROUND, ...options });
}
