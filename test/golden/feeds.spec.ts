import { beforeAll, describe, expect, it } from '@jest/globals';
import { execFile, execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import ICAL from 'ical.js';
import nodeIcal from 'node-ical';
import { renderCalendar, type CalendarEvent } from '../../libs/calendar/src/ics.ts';
import { FEEDS } from './feeds.ts';

describe.each(Object.entries(FEEDS))('the feed %s', (title, calendar) => {
  const file = new URL(`${title}.ics`, import.meta.url);

  beforeAll(() => {
    if (process.env.UPDATE_GOLDEN === '1') writeFileSync(file, renderCalendar(calendar));
  });

  it('has the bytes of its golden file', () => {
    const rendered = Buffer.from(renderCalendar(calendar));
    expect(rendered.toString('utf8')).toBe(readFileSync(file, 'utf8')); // the readable difference first
    expect(rendered.equals(readFileSync(file))).toBe(true);
  });

  it('is read by a calendar program as the instants and words that we meant', () => {
    const component = new ICAL.Component(ICAL.parse(readFileSync(file, 'utf8')));
    const read = component.getAllSubcomponents('vevent').map((vevent) => new ICAL.Event(vevent));
    expect(read).toHaveLength(calendar.events.length);
    for (const meant of calendar.events) {
      const found = read.find(({ uid }) => uid === meant.uid);
      expect(found?.startDate.toJSDate()).toEqual(meant.startsAt);
      expect(found?.endDate.toJSDate()).toEqual(meant.endsAt);
      expect(found?.summary).toBe(meant.cancelled ? calendar.cancelledPrefix + meant.title : meant.title);
      expect(found?.description ?? '').toBe(descriptionOf(meant));
      expect(found?.location).toBe(meant.location);
    }
    const name = String(component.getFirstPropertyValue('name')); // RFC 7986, which ical.js leaves escaped
    expect(name.replace(/\\(.)/g, '$1')).toBe(calendar.name);
  });
});

describe.each(Object.entries(FEEDS))('the feed %s, read by two programs,', (title) => {
  it('has the same events at the same instants in both', () => {
    const text = readFileSync(new URL(`${title}.ics`, import.meta.url), 'utf8');
    const one = new ICAL.Component(ICAL.parse(text))
      .getAllSubcomponents('vevent')
      .map((vevent) => new ICAL.Event(vevent))
      .map(({ uid, summary, startDate, endDate }) => [uid, summary, +startDate.toJSDate(), +endDate.toJSDate()]);
    const other = Object.values(nodeIcal.sync.parseICS(text)).flatMap((part) =>
      part?.type === 'VEVENT' ? [[part.uid, textOf(part.summary), Number(part.start), Number(part.end)]] : [],
    );
    expect(one.length).toBeGreaterThan(0);
    const byUid = (read: unknown[][]) => new Map(read.map((event) => [event[0], event]));
    expect(byUid(other)).toEqual(byUid(one));
  });
});

describe('the tests of calendars', () => {
  const specs = ['ics', 'invitation', 'atom', 'plain-text', 'vtimezone'].map(
    (name) => `libs/calendar/src/${name}.spec.ts`,
  );

  const here = new Intl.DateTimeFormat().resolvedOptions().timeZone; // where they run anyway
  const zones = ['UTC', 'America/Los_Angeles', 'Asia/Kathmandu'].filter((zone) => zone !== here);

  it.each(zones)(
    'pass in a process that runs in %s',
    async (zone) => {
      const root = fileURLToPath(new URL('../..', import.meta.url));
      const jestProgram = `${root}node_modules/jest/bin/jest.js`;
      const once = ['--runInBand', '--globalSetup=', '--globalTeardown=', '--reporters=default'];
      const quick = [
        '--testNamePattern',
        '^(?!.*(?:every zone that Node knows|whatever (?:is|people) writ|wherever that falls))',
      ];
      const args = ['--experimental-vm-modules', jestProgram, ...specs, ...once, ...quick];
      const env = { ...process.env, NODE_OPTIONS: '', TZ: zone };
      const { stderr } = await promisify(execFile)(process.execPath, args, { cwd: root, env });
      expect(stderr).toMatch(/Tests:.* \d{2,} passed/);
      expect(stderr).not.toMatch(/failed/);
    },
    60_000,
  );
});

describe('the golden files', () => {
  it.each([
    ['UTC', 0],
    ['America/Los_Angeles', 480],
    ['Asia/Kathmandu', -330],
  ])('come out the same from a process that runs in %s', (zone, minutesBehindUtc) => {
    const program = fileURLToPath(new URL('render.mjs', import.meta.url));
    const output = execFileSync(process.execPath, [program], { env: { ...process.env, NODE_OPTIONS: '', TZ: zone } });
    const { timezoneOffset, feeds } = JSON.parse(output.toString('utf8'));
    expect(timezoneOffset).toBe(minutesBehindUtc); // the process really was there
    for (const name of Object.keys(FEEDS)) {
      expect(feeds[name]).toBe(readFileSync(new URL(`${name}.ics`, import.meta.url), 'utf8'));
    }
  });

  it('give times in UTC for the dates that the one rule of their zone does not meet, and only for those', () => {
    const starts = readFileSync(new URL('zone-in-utc.ics', import.meta.url), 'utf8').match(/^DTSTART[;:].*(?=\r)/gm);
    const ofEvents = starts?.filter((line) => line.includes('TZID') || line.endsWith('Z'));
    expect(ofEvents).toHaveLength(8);
    expect(ofEvents?.filter((line) => line.endsWith('Z')).length).toBeGreaterThan(0);
    expect(ofEvents?.filter((line) => line.includes('TZID')).length).toBeGreaterThan(4);
  });
});

/** A text that has parameters comes from node-ical as an object that keeps both. */
function textOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'val' in value ? value.val : value;
}

function descriptionOf({ description, own }: CalendarEvent): string {
  return own?.conference ? `${description}\n\n${own.conference.label}: ${own.conference.url}` : description;
}
