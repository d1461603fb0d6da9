import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { instantOf, isTimeZone, nearestInstantOf, wallTimeOf, WallTimeError } from './wall-time.ts';

const ZONES = ['Europe/London', 'America/New_York', 'Australia/Lord_Howe', 'America/Santiago', 'Asia/Kathmandu', 'UTC'];

describe('a wall time', () => {
  it.each([
    ['2026-01-15T17:00', 'Europe/London', '2026-01-15T17:00:00.000Z'],
    ['2026-07-15T17:00', 'Europe/London', '2026-07-15T16:00:00.000Z'],
    ['2026-07-15T17:00:30', 'America/New_York', '2026-07-15T21:00:30.000Z'],
    ['2026-01-15T17:00', 'Australia/Lord_Howe', '2026-01-15T06:00:00.000Z'],
    ['2026-07-15T17:00', 'Australia/Lord_Howe', '2026-07-15T06:30:00.000Z'],
    ['2026-07-15T17:00', 'Asia/Kolkata', '2026-07-15T11:30:00.000Z'],
    ['2024-02-29T00:00', 'UTC', '2024-02-29T00:00:00.000Z'],
  ])('%s in %s is %s', (local, zone, instant) => {
    expect(instantOf(local, zone).toISOString()).toBe(instant);
  });

  it('that the clock shows twice is the earlier instant', () => {
    expect(instantOf('2025-10-26T01:30', 'Europe/London').toISOString()).toBe('2025-10-26T00:30:00.000Z');
    expect(instantOf('2025-11-02T01:30', 'America/New_York').toISOString()).toBe('2025-11-02T05:30:00.000Z');
    expect(instantOf('2025-04-06T01:45', 'Australia/Lord_Howe').toISOString()).toBe('2025-04-05T14:45:00.000Z');
  });

  it.each([
    ['2025-03-30T01:30', 'Europe/London'],
    ['2025-03-09T02:00', 'America/New_York'],
    ['2025-10-05T02:15', 'Australia/Lord_Howe'],
    ['2025-09-07T00:30', 'America/Santiago'],
    ['2011-12-30T12:00', 'Pacific/Apia'],
  ])('%s in %s is refused, because the clock jumps over it', (local, zone) => {
    expect(codeOf(() => instantOf(local, zone))).toBe('SKIPPED');
  });

  it('that is skipped is read with the offset before the gap when nobody chose it by hand', () => {
    expect(nearestInstantOf('2025-03-30T01:30', 'Europe/London').toISOString()).toBe('2025-03-30T01:30:00.000Z');
    expect(wallTimeOf(nearestInstantOf('2025-03-30T01:30', 'Europe/London'), 'Europe/London')).toBe('2025-03-30T02:30');
  });

  it.each([
    '',
    'tomorrow',
    '2026-02-30T10:00',
    '2026-13-01T10:00',
    '2026-01-01T24:00',
    '2026-01-01T10:60',
    '2026-01-01T10:00:60',
    '2026-01-01 10:00',
    '2026-01-01T10:00Z',
    '2026-01-01T10:00+02:00',
    '2026-1-1T10:00',
    '2026-01-01T10:00\n',
    `2026-01-01T10:00${'0'.repeat(10_000)}`,
  ])('%j is refused, because it is no date and time', (local) => {
    expect(codeOf(() => instantOf(local, 'Europe/London'))).toBe('SYNTAX');
  });

  it('says in plain words what to do', () => {
    expect(() => instantOf('2025-03-30T01:30', 'Europe/London')).toThrow(
      '2025-03-30 01:30 does not exist in Europe/London: the clocks go forward that day. Please choose an earlier or a later time.',
    );
  });

  it('comes back from its own instant, in every zone and season', () => {
    const minutes = fc.integer({ min: Date.UTC(2000, 0, 1) / 60_000, max: Date.UTC(2040, 0, 1) / 60_000 });
    fc.assert(
      fc.property(minutes, fc.constantFrom(...ZONES), (minute, zone) => {
        const instant = new Date(minute * 60_000);
        const earliest = instantOf(wallTimeOf(instant, zone), zone);
        expect(wallTimeOf(earliest, zone)).toBe(wallTimeOf(instant, zone));
        expect(earliest.getTime()).toBeLessThanOrEqual(instant.getTime());
      }),
    );
  });
});

describe('a time zone', () => {
  it.each([
    'Europe/Paris',
    'Asia/Kolkata',
    'Asia/Calcutta',
    'America/Argentina/Buenos_Aires',
    'US/Pacific',
    'Etc/GMT+5',
    'UTC',
  ])('%s is one', (name) => expect(isTimeZone(name)).toBe(true));

  it('is each name that Node itself lists', () => {
    expect(Intl.supportedValuesOf('timeZone').filter((name) => !isTimeZone(name))).toEqual([]);
  });

  it.each([
    '',
    '+02:00',
    '-0500',
    'UTC+2',
    'GMT+2',
    'Z',
    'utc',
    'europe/paris',
    'Europe/PARIS',
    'Europe/Paris ',
    'Europe/Paris\n',
    'PST',
    'EST',
    'CET',
    'GMT0',
    'SystemV/PST8PDT',
    'Systemv/PST8PDT',
    'Mars/Olympus',
    '__proto__',
  ])('%j is refused', (name) => {
    expect(isTimeZone(name)).toBe(false);
    expect(codeOf(() => instantOf('2026-01-15T17:00', name))).toBe('ZONE_UNKNOWN');
    expect(codeOf(() => wallTimeOf(new Date(0), name))).toBe('ZONE_UNKNOWN');
  });
});

function codeOf(attempt: () => unknown): string {
  try {
    attempt();
  } catch (error) {
    if (error instanceof WallTimeError) return error.code;
    throw error;
  }
  return 'NOT_REFUSED';
}
