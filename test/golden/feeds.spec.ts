import { beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ICAL from 'ical.js';
import { renderCalendar } from '../../libs/calendar/src/ics.ts';
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
      expect(found?.description ?? '').toBe(meant.description);
      expect(found?.location).toBe(meant.location);
    }
    const name = String(component.getFirstPropertyValue('name')); // RFC 7986, which ical.js leaves escaped
    expect(name.replace(/\\(.)/g, '$1')).toBe(calendar.name);
  });
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
