import { startApi, type RunningApi } from '../../apps/api/src/api.ts'; // first: it brings the metadata that decorators write to
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { newId } from '#kernel';
import { goodturnDataSource } from '#schema';
import { Logger } from '@nestjs/common';
import { once } from 'node:events';
import { createServer, request, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import ICAL from 'ical.js';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { feedPath, type AnyAddress, type FeedAddress } from '../../libs/calendar/src/feed-address.ts';
import { FeedCache } from '../../libs/calendar/src/feed-cache.ts';
import { FeedHandler } from '../../libs/calendar/src/feed-handler.ts';
import { FeedsService } from '../../libs/calendar/src/feeds.service.ts';
import { PersonalFeeds } from '../../libs/calendar/src/personal-feeds.ts';
import type { RenderedFeed } from '../../libs/calendar/src/rendered-feed.ts';
import { StandingClock } from '../support/clock.ts';
import { testConfig } from '../support/config.ts';
import { testDatabase } from '../support/database.ts';

const CHANGED = new Date('2026-02-01T10:00:00.700Z');
const JOIN_URL = 'https://meet.example/secret-room';

let database: { url: string; drop: () => Promise<void> };
let db: DataSource;
let clock: StandingClock;
let here: RunningApi;
let elsewhere: RunningApi;
let group: { id: string; slug: string };
let bystander: { id: string; slug: string };
let counter = 0;

beforeAll(async () => {
  database = await testDatabase();
  db = await goodturnDataSource(database.url, 2).initialize();
  clock = new StandingClock();
  bystander = await aGroup();
  const config = testConfig(database.url);
  here = await startApi({ config, clock });
  elsewhere = await startApi({ config, clock });
});

afterAll(async () => {
  await here.stop();
  await elsewhere.stop();
  await db.destroy();
  await database.drop();
});

beforeEach(async () => {
  clock.moveTo('2026-03-01T12:00:00Z');
  group = await aGroup();
});

describe('a feed', () => {
  it('of a group, a series, a tag, the site or one event shows the event', async () => {
    const series = await aSeries();
    const event = await anEvent({ title: 'Maps for the food bank', series_id: series.id, tags: ['c++ & öl'] });
    for (const path of [
      `/calendar/groups/${group.slug}.ics`,
      `/calendar/series/${series.slug}.ics`,
      `/calendar/events/${event.slug}.ics`,
      `/calendar/tags/${encodeURIComponent('C++ & Öl')}.ics`,
      '/calendar/site.ics',
      `/calendar/groups/${group.slug}.ics?nocache=1`,
    ]) {
      const answer = await get(path);
      expect([path, answer.status]).toEqual([path, 200]);
      expect(summaries(answer.body)).toContain('Maps for the food bank');
      expect(new Set((await get(path)).body)).toEqual(new Set(answer.body)); // by now from memory
    }
  });

  it.each([
    'groups/nobody',
    'series/nobody',
    'events/nobody',
    'tags/nobody',
    'groups/%00',
    'groups/%0A',
    `groups/${'x'.repeat(300)}`,
    'me/token',
    'groups/',
  ])('that does not exist is not found: %s', async (name) => {
    expect((await get(`/calendar/${name}.ics`)).status).toBe(404);
  });

  it('of a group without events is an empty calendar and not an error', async () => {
    const { status, body, headers } = await get(`/calendar/groups/${group.slug}.ics`);
    expect(status).toBe(200);
    expect(new ICAL.Component(ICAL.parse(body)).getAllSubcomponents()).toEqual([]);
    expect(headers['last-modified']).toBe('Sun, 01 Feb 2026 10:00:00 GMT');
  });

  it('is read by a calendar program as the group meant it', async () => {
    const venue = await aVenue();
    const event = await anEvent({
      title: 'Maps; and, more',
      description: '**Bring** a [laptop](https://x.test/a,b)',
      format: 'IN_PERSON',
      venue_id: venue.id,
    });
    const [read] = events((await get(`/calendar/groups/${group.slug}.ics`)).body);
    expect(read?.uid).toBe(`${event.id}@goodturn.invalid`);
    expect(read?.summary).toBe('Maps; and, more');
    expect(read?.description).toBe(`Bring a laptop (https://x.test/a,b)\n\nhttp://goodturn.test/events/${event.slug}`);
    expect(read?.location).toBe('Town Hall, Main Street 1');
    expect(read?.startDate.toJSDate()).toEqual(new Date('2026-03-17T16:00:00Z'));
    expect(read?.startDate.zone?.tzid).toBe('Europe/Berlin');
    expect(read?.component.getFirstPropertyValue('url')).toBe(`http://goodturn.test/events/${event.slug}`);
    expect(String(read?.component.getFirstPropertyValue('geo'))).toBe('51.5,-0.12');
    expect(read?.component.getFirstPropertyValue('last-modified')?.toString()).toBe('2026-02-01T10:00:00Z');
  });

  it('never shows a draft, nor that it is there', async () => {
    const draft = await anEvent({ state: 'DRAFT', title: 'Not yet', tags: ['secret-tag'] });
    expect((await get(`/calendar/events/${draft.slug}.ics`)).status).toBe(404);
    expect((await get('/calendar/tags/secret-tag.ics')).status).toBe(404);
    for (const path of [`/calendar/groups/${group.slug}.ics`, '/calendar/site.ics'])
      expect((await get(path)).body).not.toContain('Not yet');
  });

  it('never tells the join address, whatever the format', async () => {
    const venue = await aVenue();
    const series = await aSeries();
    const online = await anEvent({ format: 'ONLINE', series_id: series.id, tags: ['joinable'], venue_id: venue.id });
    await anEvent({ format: 'HYBRID', series_id: series.id, tags: ['joinable'] });
    const paths = [`groups/${group.slug}`, `series/${series.slug}`, `events/${online.slug}`, 'tags/joinable', 'site'];
    for (const path of paths) {
      const { body } = await get(`/calendar/${path}.ics`);
      expect(body).toContain('LOCATION:Online');
      expect(body.replaceAll('\r\n ', '')).not.toContain('secret-room');
    }
    expect((await get(`/calendar/events/${online.slug}.ics`)).body).not.toContain('Town Hall'); // it moved online
  });

  it('keeps a cancelled event, crossed out and with its sequence raised', async () => {
    const event = await anEvent({ title: 'Maps' });
    await db.query(`UPDATE event SET state = 'CANCELLED', sequence = sequence + 1, changed_at = $2 WHERE id = $1`, [
      event.id,
      clock.now(),
    ]);
    await until(async () => (await get(`/calendar/groups/${group.slug}.ics`)).body.includes('STATUS:CANCELLED'));
    const [read] = events((await get(`/calendar/groups/${group.slug}.ics`)).body);
    expect(read?.summary).toBe('Cancelled: Maps');
    expect(read?.sequence).toBe(1);
  });

  it('tells of a venue that got another name by its date and not by the sequence, which would ask people again', async () => {
    const venue = await aVenue();
    await anEvent({ format: 'IN_PERSON', venue_id: venue.id });
    const path = `/calendar/groups/${group.slug}.ics`;
    const before = await get(path);
    await db.query(`UPDATE venue SET name = 'City Hall', changed_at = '2026-02-20T08:00:00Z' WHERE id = $1`, [
      venue.id,
    ]);
    await until(async () => (await get(path)).body.includes('City Hall'));
    const after = await get(path);
    expect(after.body).toContain('LAST-MODIFIED:20260220T080000Z');
    expect(after.body).toContain('DTSTAMP:20260220T080000Z');
    expect(after.body).toContain('SEQUENCE:0');
    expect(after.headers.etag).not.toBe(before.headers.etag);
    expect(after.headers['last-modified']).toBe('Fri, 20 Feb 2026 08:00:00 GMT');
  });

  it('forgets an event 90 days after its end, and its date says that something changed', async () => {
    const event = await anEvent({});
    const path = `/calendar/groups/${group.slug}.ics`;
    clock.moveTo('2026-06-15T17:29:00Z');
    const before = await get(path);
    expect(events(before.body)).toHaveLength(1);
    clock.moveTo('2026-06-16T12:00:00Z');
    const after = await get(path, { 'if-modified-since': before.headers['last-modified'] });
    expect(after.status).toBe(200);
    expect(events(after.body)).toHaveLength(0);
    expect(after.headers['last-modified']).toBe('Tue, 16 Jun 2026 00:00:00 GMT');
    expect((await get(`/calendar/events/${event.slug}.ics`)).body).toContain('BEGIN:VEVENT'); // its own feed keeps it
  });

  it.each([
    ['was deleted', ['groups', 'series'], 'DELETE FROM event WHERE id = $1'],
    ['became a draft again', ['groups', 'series'], `UPDATE event SET state = 'DRAFT' WHERE id = $1`],
    ['left its series', ['series'], 'UPDATE event SET series_id = NULL WHERE id = $1'],
  ])('loses an event that %s, and whoever asks by date hears of it', async (_, kinds, statement) => {
    const series = await aSeries();
    const event = await anEvent({ series_id: series.id, changed_at: '2026-02-20T08:00:00Z' });
    const slugs: Record<string, string> = { groups: group.slug, series: series.slug };
    const paths = kinds.map((kind) => `/calendar/${kind}/${slugs[kind]}.ics`);
    const before = await Promise.all(paths.map((path) => get(path)));
    await db.query(statement, [event.id]);
    for (const [index, path] of paths.entries()) {
      await until(async () => !(await get(path)).body.includes(event.id));
      const again = await get(path, { 'if-modified-since': before[index]?.headers['last-modified'] });
      expect([path, again.status]).toEqual([path, 200]);
      expect(again.headers.etag).not.toBe(before[index]?.headers.etag);
    }
  });

  it('has each event once, whatever it belongs to', async () => {
    const series = await aSeries();
    for (let count = 0; count < 3; count++) await anEvent({ series_id: series.id, tags: ['once', 'maps'] });
    for (const path of [`groups/${group.slug}`, `series/${series.slug}`, 'tags/once', 'site']) {
      const uids = events((await get(`/calendar/${path}.ics`)).body).map(({ uid }) => uid);
      expect(uids.length).toBeGreaterThanOrEqual(3);
      expect(new Set(uids).size).toBe(uids.length);
    }
  });

  it('is told by one identity in every channel, and keeps it when the event gets another address and name', async () => {
    const event = await anEvent({ tags: ['renamed'] });
    const uidsIn = async (paths: string[]): Promise<string[]> =>
      Promise.all(paths.map(async (path) => events((await get(`/calendar/${path}.ics`)).body)[0]?.uid ?? ''));
    const meant = `${event.id}@goodturn.invalid`;
    expect(await uidsIn([`groups/${group.slug}`, `events/${event.slug}`, 'tags/renamed'])).toEqual([
      meant,
      meant,
      meant,
    ]);
    await db.query(`UPDATE event SET slug = slug || '-new', title = 'Other', changed_at = $2 WHERE id = $1`, [
      event.id,
      clock.now(),
    ]);
    await until(async () => (await get(`/calendar/groups/${group.slug}.ics`)).body.includes('Other'));
    expect(await uidsIn([`groups/${group.slug}`, `events/${event.slug}-new`, 'tags/renamed'])).toEqual([
      meant,
      meant,
      meant,
    ]);
  });

  it('shows at most a thousand events, those nearest to today', async () => {
    for (let week = -10; week < 1000; week++)
      await anEvent({
        title: `Hour ${week}`,
        starts_at: new Date(clock.now().getTime() + ((week * 24 + 1) * 3_600_000) / 2),
        ends_at: new Date(clock.now().getTime() + ((week * 24 + 2) * 3_600_000) / 2),
      });
    const shown = summaries((await get(`/calendar/groups/${group.slug}.ics`)).body);
    expect(shown).toHaveLength(1000);
    expect(shown).toContain('Hour -10');
    expect(shown).toContain('Hour 989');
    expect(shown).not.toContain('Hour 990');
  });
});

describe('the answer to a program that polls', () => {
  let path: string;

  beforeEach(async () => {
    await anEvent({ title: 'Maps', description: 'Maps for the food bank. '.repeat(20) });
    path = `/calendar/groups/${group.slug}.ics`;
  });

  it('says what it is, for how long it is good and how to ask again, and sets no cookie', async () => {
    const { headers, bytes } = await get(path);
    expect(headers).toMatchObject({
      'content-type': 'text/calendar; charset=utf-8',
      'content-disposition': `inline; filename="${group.slug}.ics"`,
      'content-length': String(bytes.length),
      etag: expect.stringMatching(/^"[\w-]{27}"$/),
      'last-modified': 'Sun, 01 Feb 2026 10:00:00 GMT',
      'cache-control': 'public, max-age=300',
      vary: 'Accept-Encoding',
      'x-content-type-options': 'nosniff',
    });
    expect(headers).not.toHaveProperty('set-cookie');
  });

  it('to HEAD has the same headers and no body', async () => {
    const full = await get(path);
    const head = await ask('HEAD', here.url + path);
    expect(head.status).toBe(200);
    expect(head.bytes).toHaveLength(0);
    expect(withoutDate(head.headers)).toEqual(withoutDate(full.headers));
  });

  it.each([
    ['its tag', (etag: string) => etag],
    ['its tag, weak', (etag: string) => `W/${etag}`],
    ['its tag among others', (etag: string) => `"other", ${etag}`],
    ['any tag', () => '*'],
  ])('is 304 without a body for %s', async (_, tagFor) => {
    const { headers } = await get(path);
    const again = await get(path, { 'if-none-match': tagFor(String(headers.etag)) });
    expect(again.status).toBe(304);
    expect(again.bytes).toHaveLength(0);
    for (const name of ['etag', 'cache-control', 'vary', 'last-modified'])
      expect([name, again.headers[name]]).toEqual([name, headers[name]]);
  });

  it('is 304 by date as well, but not for an older date, a bad one or one yet to come', async () => {
    const since = async (date: string): Promise<number> => (await get(path, { 'if-modified-since': date })).status;
    expect(await since('Sun, 01 Feb 2026 10:00:00 GMT')).toBe(304);
    expect(await since('Mon, 02 Feb 2026 10:00:00 GMT')).toBe(304);
    expect(await since('Sun, 01 Feb 2026 09:59:59 GMT')).toBe(200);
    expect(await since('a while ago')).toBe(200);
    expect(await since('Sun, 01 Mar 2099 10:00:00 GMT')).toBe(200);
  });

  it('goes by the tag and not by the date when both are given', async () => {
    const { headers } = await get(path);
    const both = { 'if-none-match': '"old"', 'if-modified-since': headers['last-modified'] };
    expect((await get(path, both)).status).toBe(200);
  });

  it('is compressed on request, with a tag of its own for each encoding', async () => {
    const plain = await get(path);
    const gzip = await get(path, { 'accept-encoding': 'gzip' });
    const br = await get(path, { 'accept-encoding': 'gzip, deflate, br' });
    expect(gzip.headers['content-encoding']).toBe('gzip');
    expect(br.headers['content-encoding']).toBe('br');
    expect(gunzipSync(gzip.bytes).equals(plain.bytes)).toBe(true);
    expect(brotliDecompressSync(br.bytes).equals(plain.bytes)).toBe(true);
    expect(new Set([plain, gzip, br].map(({ headers }) => headers.etag)).size).toBe(3);
    const crossed = { 'accept-encoding': 'gzip', 'if-none-match': String(br.headers.etag) };
    expect((await get(path, crossed)).status).toBe(200);
    expect((await get(path, { ...crossed, 'if-none-match': String(gzip.headers.etag) })).status).toBe(304);
  });

  it('is the same whatever the program says that it is and wants, and leads nobody to a sign-in', async () => {
    const plain = await get(path);
    for (const headers of [
      { accept: 'text/html' },
      { accept: 'application/json;q=1, */*;q=0' },
      { 'user-agent': 'Google-Calendar-Importer' },
      { 'user-agent': 'Mozilla/5.0', cookie: 'goodturn.session_token=nonsense' },
    ]) {
      const { status, headers: told, bytes } = await get(path, headers);
      expect([status, told['content-type']]).toEqual([200, 'text/calendar; charset=utf-8']);
      expect(bytes.equals(plain.bytes)).toBe(true);
      expect(told).not.toHaveProperty('location');
    }
  });

  it('has no limit for an address that many share: Google, Outlook and Nextcloud fetch for all their users', async () => {
    const answers = await Promise.all(Array.from({ length: 300 }, () => get(path)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  });

  it('moves on when a tag is asked for by date alone, and never stays 304 for good', async () => {
    await anEvent({ tags: ['by-date'] });
    const tag = '/calendar/tags/by-date.ics';
    const { headers } = await get(tag);
    await anEvent({ tags: ['by-date'], title: 'Newer' });
    clock.moveTo('2026-03-01T12:00:02Z');
    await until(async () => (await get(tag)).body.includes('Newer'));
    expect((await get(tag, { 'if-modified-since': headers['last-modified'] })).status).toBe(200);
  });

  it('refuses everything but reading', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      const { status, headers } = await ask(method, here.url + path);
      expect([status, headers.allow]).toEqual([405, 'GET, HEAD']);
    }
  });

  it('names a file with other letters in both ways', async () => {
    await anEvent({ tags: ['öl"'] });
    const { headers } = await get(`/calendar/tags/${encodeURIComponent('öl"')}.ics`);
    expect(headers['content-disposition']).toBe(`inline; filename="-l-.ics"; filename*=UTF-8''%C3%B6l%22.ics`);
  });
});

describe('the news of a feed', () => {
  it.each(['groups', 'series', 'tags', 'site'])('of %s tell what is to come, and not what is over', async (kind) => {
    const series = await aSeries();
    const facts = { series_id: series.id, tags: ['news'] };
    const coming = await anEvent({ ...facts, title: 'To come' });
    const over = await anEvent({
      ...facts,
      title: 'Over',
      starts_at: '2026-02-27T10:00Z',
      ends_at: '2026-02-27T11:00Z',
    });
    await anEvent({ ...facts, title: 'Not yet', state: 'DRAFT' });
    const names: Record<string, string> = { groups: `groups/${group.slug}`, series: `series/${series.slug}` };
    const path = `/feeds/${{ ...names, tags: 'tags/news', site: 'site' }[kind]}.atom`;
    await until(async () => (await get(path)).body.includes('To come'));
    const { body, headers } = await get(path);
    expect(body).toContain(`<id>urn:uuid:${coming.id}</id>`);
    expect(body).toContain(`href="http://goodturn.test/events/${coming.slug}"`);
    expect(body).not.toContain(over.id);
    expect(body).not.toMatch(/Not yet|secret-room/);
    expect(headers).toMatchObject({
      'content-type': 'application/atom+xml; charset=utf-8',
      'cache-control': 'public, max-age=300',
      vary: 'Accept-Encoding',
      etag: expect.stringMatching(/^"[\w-]{27}"$/),
    });
    expect((await get(path, { 'if-none-match': headers.etag })).status).toBe(304);
    const gzip = await get(path, { 'accept-encoding': 'gzip' });
    expect(gunzipSync(gzip.bytes).toString('utf8')).toBe(body);
  });

  it('come from memory, have the same bytes in every process and follow a change', async () => {
    const event = await anEvent({ title: 'Maps' });
    const path = `/feeds/groups/${group.slug}.atom`;
    await allHeard();
    const [one, other] = [await get(path), await get(path, {}, elsewhere)];
    expect(one.bytes.equals(other.bytes)).toBe(true);
    expect(await isFromMemory(path)).toBe(true);
    await rename(event.id, 'Atlas');
    for (const api of [here, elsewhere]) await until(async () => (await get(path, {}, api)).body.includes('Atlas'));
    expect((await get(path)).body).toContain('<updated>2026-03-01T12:00:00.000Z</updated>');
  });

  it('forget an event on the day after it, and their date says so', async () => {
    await anEvent({ title: 'Maps' });
    const path = `/feeds/groups/${group.slug}.atom`;
    clock.moveTo('2026-03-17T23:00:00Z');
    const before = await get(path);
    expect(before.body).toContain('Maps');
    clock.moveTo('2026-03-18T00:00:00Z');
    const after = await get(path, { 'if-modified-since': before.headers['last-modified'] });
    expect([after.status, after.headers['last-modified']]).toEqual([200, 'Wed, 18 Mar 2026 00:00:00 GMT']);
    expect(after.body).not.toContain('Maps');
  });

  it.each(['groups/nobody', 'series/nobody', 'tags/nobody', 'events/any', 'groups/%00'])(
    'are not found where there are none: %s',
    async (name) => {
      expect((await get(`/feeds/${name}.atom`)).status).toBe(404);
    },
  );

  it('of a group without events are empty and not an error', async () => {
    const { status, body } = await get(`/feeds/groups/${group.slug}.atom`);
    expect(status).toBe(200);
    expect(body).not.toContain('<entry>');
  });
});

describe('feeds in memory', () => {
  let path: string;
  let event: { id: string; slug: string };

  beforeEach(async () => {
    event = await anEvent({ title: 'Maps' });
    path = `/calendar/groups/${group.slug}.ics`;
    await allHeard();
  });

  it('have the same bytes and tags in every process', async () => {
    for (const encoding of ['identity', 'gzip', 'br']) {
      const [one, other] = [
        await get(path, { 'accept-encoding': encoding }),
        await get(path, { 'accept-encoding': encoding }, elsewhere),
      ];
      expect(one.bytes.equals(other.bytes)).toBe(true);
      expect(one.headers.etag).toBe(other.headers.etag);
    }
  });

  it('are sent without a query', async () => {
    const { headers } = await get(path);
    await get(path, { 'accept-encoding': 'br' });
    expect(
      await queriesDuring(async () => {
        for (let time = 0; time < 10; time++) {
          expect((await get(path)).status).toBe(200);
          expect((await get(path, { 'accept-encoding': 'br' })).status).toBe(200);
          expect((await get(path, { 'if-none-match': headers.etag })).status).toBe(304);
        }
      }),
    ).toBe(0);
    expect(await queriesDuring(() => get('/calendar/groups/nobody.ics'))).toBe(1); // the control: queries are seen
  });

  it('show a change of one process in the other within a second', async () => {
    await get(path, {}, elsewhere);
    const started = Date.now();
    await rename(event.id, 'Second');
    await until(async () => summaries((await get(path, {}, elsewhere)).body)[0] === 'Second');
    expect(Date.now() - started).toBeLessThan(1000);
  });

  it('show a change in every process, right after it', async () => {
    expect(summaries((await get(path)).body)).toEqual(['Maps']);
    expect(summaries((await get(path, {}, elsewhere)).body)).toEqual(['Maps']);
    await rename(event.id, 'Atlas');
    for (const api of [here, elsewhere]) {
      await until(async () => summaries((await get(path, {}, api)).body)[0] === 'Atlas');
      expect((await get(path, {}, api)).headers['last-modified']).toBe('Sun, 01 Mar 2026 12:00:00 GMT');
    }
  });

  it('stay when somebody takes a seat, and when another group changes something', async () => {
    await get(path);
    const neighbour = await aGroup();
    await get(`/calendar/groups/${neighbour.slug}.ics`);
    await db.query(`UPDATE event SET taken_online = taken_online + 1 WHERE id = $1`, [event.id]);
    await db.query(`UPDATE meetup_group SET name = 'Neighbours', changed_at = $2 WHERE id = $1`, [
      neighbour.id,
      clock.now(),
    ]);
    await until(async () => (await get(`/calendar/groups/${neighbour.slug}.ics`)).body.includes('Neighbours'));
    expect(await queriesDuring(() => get(path))).toBe(0);
  });

  it('are read anew when the day is over, and after an hour', async () => {
    await get(path);
    clock.moveTo('2026-03-01T12:59:59Z');
    expect(await queriesDuring(() => get(path))).toBe(0);
    clock.moveTo('2026-03-01T13:00:00Z');
    expect(await queriesDuring(() => get(path))).toBe(1);
    clock.moveTo('2026-03-01T23:59:00Z');
    await get(path);
    clock.moveTo('2026-03-02T00:00:00Z');
    expect(await queriesDuring(() => get(path))).toBe(1);
  });

  it('are all dropped when PostgreSQL cannot be heard, so that no change is missed', async () => {
    await get(path);
    expect(await isFromMemory(path)).toBe(true);
    await endListeners();
    await until(async () => !(await isFromMemory(path)));
    // Nobody hears of this one: the listeners are gone, and come back only after a second.
    await rename(event.id, 'Unheard');
    expect(summaries((await get(path)).body)).toEqual(['Unheard']);
    expect(await isFromMemory(path)).toBe(false);
    for (const api of [here, elsewhere]) await until(() => isFromMemory(path, api));
    expect(summaries((await get(path)).body)).toEqual(['Unheard']);
  });
});

describe('a feed cache', () => {
  let cache: FeedCache;
  let service: FeedsService;
  let address: FeedAddress;
  let path: string;
  let eventId: string;

  beforeEach(async () => {
    service = new FeedsService(testConfig(database.url), db, clock, new PersonalFeeds());
    eventId = (await anEvent({ title: 'Maps' })).id;
    address = { kind: 'groups', name: group.slug };
    path = `/calendar/groups/${group.slug}.ics`;
  });

  afterEach(async () => {
    await cache.onApplicationShutdown();
  });

  it('does not keep what was read before a change and came after it', async () => {
    const { early, goOn } = await readingSlowly();
    await rename(eventId, 'Atlas');
    await until(() => cache.kept('/calendar/site.ics') === undefined); // the change was heard here
    goOn();
    expect(titles(await early)).toEqual(['Maps']);
    expect(cache.kept(path)).toBeUndefined();
    expect(titles(await cache.get(address))).toEqual(['Atlas']);
  });

  it('does not give what was read before a change to somebody who asks after it', async () => {
    const { early, goOn } = await readingSlowly();
    await rename(eventId, 'Atlas');
    await until(() => cache.kept('/calendar/site.ics') === undefined);
    const late = cache.get(address);
    goOn();
    expect(titles(await early)).toEqual(['Maps']);
    expect(titles(await late)).toEqual(['Atlas']);
    expect(titles(cache.kept(path))).toEqual(['Atlas']);
  });

  it('keeps what was read while nothing changed: the control', async () => {
    const { early, goOn } = await readingSlowly();
    goOn();
    expect(titles(await early)).toEqual(['Maps']);
    expect(titles(cache.kept(path))).toEqual(['Maps']);
  });

  it('reads once for all who ask at the same time', async () => {
    const render = jest.fn((wanted: AnyAddress) => service.render(wanted));
    cache = await opened(render);
    await Promise.all(Array.from({ length: 50 }, () => cache.get(address)));
    expect(render).toHaveBeenCalledTimes(1);
  });

  it('compresses once for all who ask at the same time', async () => {
    cache = await opened((wanted) => service.render(wanted));
    const feed = await cache.get(address);
    if (!feed) throw new Error('The group has a feed');
    const copies = await Promise.all(Array.from({ length: 50 }, () => feed.encode('br')));
    expect(new Set(copies).size).toBe(1);
  });

  it('asks again after a failure, and remembers no name that does not exist', async () => {
    const render = jest.fn((wanted: AnyAddress) => service.render(wanted));
    render.mockRejectedValueOnce(new Error('The database went away'));
    cache = await opened(render);
    await expect(cache.get(address)).rejects.toThrow('The database went away');
    expect(titles(await cache.get(address))).toEqual(['Maps']);
    expect(await cache.get({ kind: 'groups', name: 'nobody' })).toBeNull();
    expect(await cache.get({ kind: 'groups', name: 'nobody' })).toBeNull();
    expect(render).toHaveBeenCalledTimes(4);
  });

  it('that cannot read anything answers 503 and says when to come back, and nothing of the reason', async () => {
    cache = await opened(() => Promise.reject(new Error('password of the database')));
    const handler = new FeedHandler(cache, clock);
    Logger.overrideLogger(false);
    const server = createServer((incoming, response) => void handler.handle(incoming, response)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { status, headers, body } = await ask(
      'GET',
      `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`,
    );
    server.close();
    expect([status, headers['retry-after'], headers['cache-control']]).toEqual([503, '60', 'no-store']);
    expect(body).toBe('We cannot read this calendar just now. Please try again in a minute.\n');
  });

  it('lets go of the feed that nobody asked for the longest when there is no room', async () => {
    const neighbours = [group, await aGroup(), await aGroup()];
    const [first, second, third] = neighbours.map(({ slug }) => ({ kind: 'groups', name: slug }) as const);
    if (!first || !second || !third) throw new Error('Three groups were made');
    const keeps = (wanted: FeedAddress): boolean => cache.kept(feedPath(wanted)) !== undefined;
    const largest = (await service.render(first))?.size ?? 0;
    cache = await opened((wanted) => service.render(wanted), largest * 2);
    await cache.get(first);
    await cache.get(second);
    expect(keeps(first)).toBe(true); // and is now the one asked for last
    await cache.get(third);
    expect([keeps(first), keeps(second), keeps(third)]).toEqual([true, false, true]);
    await cache.get({ kind: 'site', name: 'site' }); // larger than all the room there is
    expect(keeps({ kind: 'site', name: 'site' })).toBe(false);
  });

  /** Somebody asks for the group's feed; its rows are read, and the answer waits to go on. The site's feed is kept. */
  async function readingSlowly(): Promise<{ early: Promise<RenderedFeed | null>; goOn: () => void }> {
    const { promise: mayGoOn, resolve: goOn } = promise();
    const { promise: hasRead, resolve: read } = promise();
    cache = await opened(async (wanted) => {
      const feed = await service.render(wanted);
      if (wanted.kind === 'site') return feed;
      read();
      await mayGoOn;
      return feed;
    });
    await allHeard();
    await cache.get({ kind: 'site', name: 'site' });
    const early = cache.get(address);
    await hasRead;
    return { early, goOn };
  }

  async function opened(
    render: (address: AnyAddress) => Promise<RenderedFeed | null>,
    maxBytes?: number,
  ): Promise<FeedCache> {
    const made = new FeedCache({ databaseUrl: database.url, clock, render, maxBytes });
    await made.onModuleInit();
    return made;
  }
});

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  bytes: Buffer;
  body: string;
}

async function get(path: string, headers: IncomingHttpHeaders = {}, api = here): Promise<Answer> {
  return ask('GET', api.url + path, headers);
}

/** One request, its answer untouched: `fetch` would take compression and conditions into its own hands. */
async function ask(method: string, url: string, headers: IncomingHttpHeaders = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request(url, { method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const bytes = Buffer.concat(chunks);
        resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes, body: bytes.toString('utf8') });
      });
    })
      .on('error', reject)
      .end();
  });
}

function withoutDate(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return { ...headers, date: undefined };
}

function events(feed: string): ICAL.Event[] {
  return new ICAL.Component(ICAL.parse(feed)).getAllSubcomponents('vevent').map((vevent) => new ICAL.Event(vevent));
}

function summaries(feed: string): string[] {
  return events(feed).map(({ summary }) => summary);
}

function titles(feed: RenderedFeed | null | undefined): string[] {
  return summaries(String(feed?.copy('identity')?.bytes));
}

async function rename(eventId: string, title: string): Promise<void> {
  await db.query(`UPDATE event SET title = $2, changed_at = $3 WHERE id = $1`, [eventId, title, clock.now()]);
}

async function queriesDuring(work: () => Promise<unknown>): Promise<number> {
  const query = jest.spyOn(pg.Client.prototype, 'query');
  try {
    await work();
    return query.mock.calls.length;
  } finally {
    query.mockRestore();
  }
}

async function isFromMemory(path: string, api = here): Promise<boolean> {
  return (await queriesDuring(() => get(path, {}, api))) === 0;
}

/** Returns when `here` has heard of all that is committed: notifications come in order, so one more is sent and awaited. */
async function allHeard(): Promise<void> {
  const path = `/calendar/groups/${bystander.slug}.ics`;
  await until(() => isFromMemory(path));
  await db.query(`SELECT pg_notify('calendar_changed', $1)`, [bystander.id]);
  await until(async () => !(await isFromMemory(path)));
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const started = Date.now(); !(await holds()); await pause(10))
    if (Date.now() - started > 10_000) throw new Error('It did not come to hold within 10 s');
}

async function endListeners(): Promise<void> {
  await db.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'goodturn-listen'`,
  );
}

function promise(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  const made = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise: made, resolve };
}

async function aGroup(): Promise<{ id: string; slug: string }> {
  const slug = `group-${++counter}`;
  return insert('meetup_group', {
    slug,
    name: `Group ${counter}`,
    description: '',
    time_zone: 'Europe/Berlin',
    language: 'en',
    changed_at: CHANGED,
    created_at: CHANGED,
  });
}

async function aSeries(): Promise<{ id: string; slug: string }> {
  return insert('series', {
    group_id: group.id,
    slug: `series-${++counter}`,
    kind: 'REGULAR',
    title: `Series ${counter}`,
    description: '',
    rule: 'FREQ=MONTHLY',
    starts_at_local: '2026-03-17T17:00',
    duration_minutes: 90,
    time_zone: 'Europe/Berlin',
    language: 'en',
    format: 'ONLINE',
    join_url: JOIN_URL,
    changed_at: CHANGED,
    created_at: CHANGED,
  });
}

async function aVenue(): Promise<{ id: string; slug: string }> {
  return insert('venue', {
    group_id: group.id,
    name: 'Town Hall',
    address: 'Main Street 1',
    latitude: 51.5,
    longitude: -0.12,
    changed_at: CHANGED,
  });
}

/** A published online event of `group`, on 17 March 2026 from 17:00 to 18:30 in Berlin. */
async function anEvent(facts: Record<string, unknown>): Promise<{ id: string; slug: string }> {
  return insert('event', {
    group_id: group.id,
    slug: `event-${++counter}`,
    title: `Event ${counter}`,
    description: '',
    starts_at_local: '2026-03-17T17:00',
    ends_at_local: '2026-03-17T18:30',
    time_zone: 'Europe/Berlin',
    starts_at: new Date('2026-03-17T16:00:00Z'),
    ends_at: new Date('2026-03-17T17:30:00Z'),
    language: 'en',
    format: 'ONLINE',
    state: 'PUBLISHED',
    join_url: JOIN_URL,
    changed_at: CHANGED,
    created_at: CHANGED,
    ...facts,
  });
}

async function insert(table: string, facts: Record<string, unknown>): Promise<{ id: string; slug: string }> {
  const row: Record<string, unknown> = { id: newId(), ...facts };
  const columns = Object.keys(row);
  await db.query(
    `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map((_, index) => `$${index + 1}`).join(', ')})`,
    Object.values(row),
  );
  return { id: String(row.id), slug: String(row.slug) };
}
