import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { newId } from '#kernel';
import { Logger } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import ICAL from 'ical.js';
import nodeIcal from 'node-ical';
import pg from 'pg';
import { payload, type TestEvent, type TestGroup, type TestPerson } from '../support/builders.ts';
import { post } from '../support/graphql.ts';
import { testSystem, type TestSystem } from '../support/system.ts';

const CREATE = 'mutation { createPersonalFeed { url feed { createdAt lastUsedOn } userErrors { code } } }';
const REVOKE = 'mutation { revokePersonalFeed { userErrors { code } } }';
const UNKNOWN = '/calendar/me/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.ics';

let t: TestSystem;
let group: TestGroup;
let ada: TestPerson;
let path: string;

beforeAll(async () => {
  t = await testSystem();
  group = await t.a.group();
});
afterAll(() => t.stop());
beforeEach(async () => {
  t.clock.moveTo('2026-03-01T12:00:00Z');
  ada = await t.a.person('Ada');
  path = await aFeed(ada);
});

describe('the calendar of what one person goes to', () => {
  it('shows the events of all groups that they have a seat at, and keeps their time', async () => {
    const [here, elsewhere] = [await t.a.event(group), await t.a.event(await t.a.group('America/New_York'))];
    for (const event of [here, elsewhere]) await t.a.registration(event, ada.email);
    const told = await calendarWith(elsewhere);
    expect(uids(told)).toEqual([here.id, elsewhere.id].map((id) => `${id}@goodturn.invalid`));
    const read = [...nodeEvents(told)].map(({ uid, start }) => [uid, Number(start)]);
    expect(read).toEqual(vevents(told).map(({ uid, startDate }) => [uid, Number(startDate.toJSDate())]));
    expect(told).toMatch(/X-WR-CALNAME:My meetups/);
  });

  it('makes them busy, links to the page of the event, and leads into the online session by their own link alone', async () => {
    const event = await t.a.event(group);
    await t.a.registration(event, ada.email);
    const [vevent] = vevents(await calendarWith(event));
    const read = (name: string) => String(vevent?.component.getFirstPropertyValue(name));
    expect([read('status'), read('transp')]).toEqual(['CONFIRMED', 'OPAQUE']);
    expect(read('url')).toBe(`http://goodturn.test/events/${event.slug}`);
    expect(read('conference')).toMatch(/^http:\/\/goodturn\.test\/join\/[\w-]{43}$/);
    expect(vevent?.description).toContain(`Join online: ${read('conference')}`);
    const answer = await fetch(t.url + new URL(read('conference')).pathname);
    expect(answer.status).toBe(200);
    expect(await text()).not.toContain('secret-room'); // the address that all share
  });

  it('has no link into the session for somebody who comes to the room, and no room for somebody who joins online', async () => {
    const hybrid = { format: 'HYBRID', venue: { name: 'The Old Mill', address: 'Mill Lane 3' } };
    const [online, inPerson] = [await t.a.event(group, hybrid), await t.a.event(group, hybrid)];
    await t.a.registration(online, ada.email, { pool: 'ONLINE' });
    await t.a.registration(inPerson, ada.email, { pool: 'IN_PERSON' });
    const told = await calendarWith(inPerson);
    const [first, second] = [online, inPerson].map(({ id }) => vevents(told).find(({ uid }) => uid.startsWith(id)));
    expect([first?.location, Boolean(first?.component.getFirstProperty('conference'))]).toEqual(['Online', true]);
    expect([second?.location, Boolean(second?.component.getFirstProperty('conference'))]).toEqual([
      'The Old Mill, Mill Lane 3',
      false,
    ]);
  });

  it('shows a place in line as not yet sure, and without a way in', async () => {
    const event = await t.a.event(group, { capacityOnline: 1 });
    await t.a.registration(event, 'first@example.org');
    await t.a.registration(event, ada.email);
    const told = await calendarWith(event);
    expect(told).toContain('STATUS:TENTATIVE');
    expect(told).not.toContain('CONFERENCE');
  });

  it.each(['OFFERED', 'PENDING'])('shows a registration that is %s as not yet sure', async (state) => {
    const event = await t.a.event(group);
    const { id } = await t.a.registration(event, ada.email);
    await t.db.query(
      `UPDATE registration SET state = $2, confirmed_at = NULL, offered_until = CASE $2 WHEN 'OFFERED' THEN now() END WHERE id = $1`,
      [id, state],
    );
    await until(async () => (await text()).includes('STATUS:TENTATIVE'));
  });

  it('keeps an event that was called off, crossed out, and leaves the time free', async () => {
    const event = await t.a.event(group);
    await t.a.registration(event, ada.email);
    await calendarWith(event);
    await act('cancelEvent', 'CancelEventInput', { eventId: event.id }, group.organizer.key);
    await until(async () => (await text()).includes('STATUS:CANCELLED'));
    const told = await text();
    expect(told).toContain('SUMMARY;LANGUAGE=en:Cancelled: ');
    expect(told).toContain('TRANSP:TRANSPARENT');
    expect(told).toContain('SEQUENCE:1');
    expect(told).not.toContain('CONFERENCE');
  });

  it('loses what they gave up, and has what they asked for again', async () => {
    const event = await t.a.event(group);
    const { id } = await t.a.registration(event, ada.email);
    await calendarWith(event);
    await act('cancelRegistration', 'CancelRegistrationInput', { registrationId: id }, ada.key);
    await until(async () => !(await text()).includes(event.id));
    await t.a.registration(event, ada.email);
    await calendarWith(event);
  });

  it('shows nothing of anybody else, and no guest or name', async () => {
    const event = await t.a.event(group);
    await t.a.registration(event, 'somebody-else@example.org');
    const other = await t.a.event(group);
    await t.a.registration(other, ada.email);
    const told = await calendarWith(other);
    expect(uids(told)).toEqual([`${other.id}@goodturn.invalid`]);
    expect(told).not.toMatch(/ATTENDEE|ORGANIZER|VALARM|SOURCE|example\.org/);
  });

  it('moves its stamps with a new link, or a calendar would keep the old one', async () => {
    const event = await t.a.event(group);
    const { id } = await t.a.registration(event, ada.email);
    const before = stamps(await calendarWith(event));
    await pause(1100); // stamps are told in whole seconds
    await act('rotateManageLink', 'RegistrationInput', { registrationId: id }, ada.key);
    await until(async () => stamps(await text()).join() !== before.join());
    const [dtstamp = '', lastModified = ''] = stamps(await text()).map((line) => line.replace(/^.*:/, ''));
    expect(dtstamp).toBe(lastModified);
    expect(dtstamp > (before[0]?.replace(/^.*:/, '') ?? '')).toBe(true);
  });

  it('without any registration is an empty calendar and not an error', async () => {
    expect((await get(path)).status).toBe(200);
    expect(vevents(await text())).toEqual([]);
  });
});

describe('the answer to a calendar program that knows the address', () => {
  it('is for this program alone: no shared cache, no search engine, no page that is told where somebody came from', async () => {
    const { headers } = await get(path);
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'text/calendar; charset=utf-8',
      'content-disposition': 'inline; filename="my-meetups.ics"',
      'cache-control': 'private, max-age=300',
      'x-robots-tag': 'noindex',
      'referrer-policy': 'no-referrer',
      vary: 'Accept-Encoding',
    });
    for (const name of ['set-cookie', 'access-control-allow-origin']) expect(headers.has(name)).toBe(false);
  });

  it('is 304 for its tag, with the same words of caution', async () => {
    const { headers } = await get(path);
    const again = await get(path, { 'if-none-match': String(headers.get('etag')) });
    expect(again.status).toBe(304);
    for (const name of ['etag', 'cache-control', 'x-robots-tag', 'referrer-policy'])
      expect([name, again.headers.get(name)]).toEqual([name, headers.get(name)]);
  });

  it('comes from memory, and the day of its use is noted once', async () => {
    await until(async () => (await queriesDuring(() => get(path))).length === 0);
    expect(await queriesDuring(() => get(`${path}?nocache=1`))).toEqual([]);
    const { personalFeed } = await t.graphql('{ personalFeed { createdAt lastUsedOn } }', {}, ada.key);
    expect(personalFeed).toEqual({ createdAt: '2026-03-01T12:00:00.000Z', lastUsedOn: '2026-03-01' });
  });

  it('stays in memory when somebody else registers, and for a check-in that the calendar does not show', async () => {
    const event = await t.a.event(group);
    const { id } = await t.a.registration(event, ada.email);
    await calendarWith(event);
    await until(async () => (await queriesDuring(() => get(path))).length === 0);
    await t.a.registration(event, 'neighbour@example.org');
    await t.db.query(`UPDATE registration SET attendance = 'ATTENDED', attendance_basis = 'named' WHERE id = $1`, [id]);
    await pause(300);
    expect(await queriesDuring(() => get(path))).toEqual([]);
  });

  it('has the same bytes when it is read anew and nothing changed', async () => {
    await t.a.registration(await t.a.event(group), ada.email);
    await until(async () => vevents(await text()).length === 1);
    const { headers } = await get(path);
    t.clock.moveTo('2026-03-01T13:30:00Z');
    expect((await get(path)).headers.get('etag')).toBe(headers.get('etag'));
  });
});

describe('the address of a personal calendar', () => {
  it('holds 256 random bits and is stored as a hash only', async () => {
    const token = path.split('/').at(-1)?.replace('.ics', '') ?? '';
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    const rows = await t.db.query('SELECT *, encode(token_hash, $1) AS hex FROM personal_feed WHERE person_id = $2', [
      'hex',
      ada.id,
    ]);
    expect(rows).toHaveLength(1);
    expect(rows[0].hex).toBe(createHash('sha256').update(token).digest('hex'));
    expect(JSON.stringify(rows)).not.toContain(token);
    expect(JSON.stringify(await t.db.query('SELECT * FROM history_entry'))).not.toContain(token);
  });

  it('that was replaced or revoked no longer works, and the newest is the only one', async () => {
    expect((await get(path)).status).toBe(200);
    const second = await aFeed(ada);
    await until(async () => (await get(path)).status === 404);
    expect((await get(second)).status).toBe(200);
    payload((await t.graphql(REVOKE, {}, ada.key)).revokePersonalFeed);
    await until(async () => (await get(second)).status === 404);
    expect((await t.graphql('{ personalFeed { createdAt } }', {}, ada.key)).personalFeed).toBeNull();
    payload((await t.graphql(REVOKE, {}, ada.key)).revokePersonalFeed); // again: there is nothing left to end
  });

  it('is one even when two are made at the same time', async () => {
    const made = await Promise.all(Array.from({ length: 5 }, () => aFeed(ada)));
    const statuses = await Promise.all(made.map(async (one) => (await get(one)).status));
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
  });

  it('cannot be made from what is stored', async () => {
    const [{ hex }] = await t.db.query(
      `SELECT encode(token_hash, 'hex') AS hex FROM personal_feed WHERE person_id = $1`,
      [ada.id],
    );
    await get(path); // it is in memory now, and still nobody gets at it by its hash
    for (const guess of [hex, `me ${hex}`, `me%20${hex}`])
      expect((await get(`/calendar/me/${guess}.ics`)).status).toBe(404);
  });

  it.each([
    ['unknown', () => UNKNOWN],
    ['revoked', () => revoked()],
    ['replaced', () => replaced()],
    ['too short', () => '/calendar/me/x.ics'],
    ['empty', () => '/calendar/me/.ics'],
    ['without its ending', () => '/calendar/me/x'],
    ['far too long', () => `/calendar/me/${'x'.repeat(5000)}.ics`],
    ['of other letters', () => '/calendar/me/%00%F0%9F%91%8B/../x.ics'],
  ])('that is %s is not found, by the same one question and in the same words', async (_, wrong) => {
    const asked = await wrong();
    await until(async () => (await get(asked)).status === 404);
    const reference = await get(UNKNOWN);
    const expected = await queriesDuring(() => get(UNKNOWN));
    expect(expected).toHaveLength(1);
    expect(await queriesDuring(() => get(asked))).toEqual(expected);
    const { status, headers, body } = await get(asked);
    expect([status, body]).toEqual([404, reference.body]);
    expect(withoutDate(headers)).toEqual(withoutDate(reference.headers));
    expect(headers.get('cache-control')).toBe('private, max-age=60');
    expect(headers.get('x-robots-tag')).toBe('noindex');
  });

  it('takes about as long to be refused whether it was revoked or never was', async () => {
    const was = await revoked();
    await until(async () => (await get(was)).status === 404);
    const times: Record<string, number[]> = { [was]: [], [UNKNOWN]: [] };
    for (let round = 0; round < 60; round++)
      for (const [asked, taken] of Object.entries(times)) {
        const started = performance.now();
        await get(asked);
        taken.push(performance.now() - started);
      }
    const [one = 0, other = 0] = Object.values(times).map((taken) => taken.sort((a, b) => a - b)[30]);
    expect(Math.max(one, other) / Math.min(one, other)).toBeLessThan(2);
  });

  it('stands in no log, even when the answer fails', async () => {
    const said: unknown[] = [];
    const note = (...words: unknown[]): void => void said.push(...words);
    Logger.overrideLogger({ log: note, warn: note, error: note, fatal: note, debug: note, verbose: note });
    const query = jest.spyOn(pg.Client.prototype, 'query').mockImplementation(() => {
      throw new Error('The database went away');
    });
    try {
      expect((await get(UNKNOWN)).status).toBe(503);
    } finally {
      query.mockRestore();
    }
    expect(said.length).toBeGreaterThan(0);
    const told = said.map((word) => (word instanceof Error ? `${word.stack} ${JSON.stringify(word)}` : String(word)));
    expect(told.join('\n')).not.toContain('AAAAAAAA');
    Logger.overrideLogger(false);
  });

  it('is made and ended by the person alone, with a key that reads or a browser', async () => {
    const blind = await t.a.person('Without scope', ['events', 'attendees', 'impact']);
    for (const [document, name] of [
      [CREATE, 'createPersonalFeed'],
      [REVOKE, 'revokePersonalFeed'],
    ] as const) {
      const code = async (key?: string) => (await post(t.url, document, {}, key)).data[name].userErrors[0]?.code;
      expect([await code(), await code(blind.key)]).toEqual(['SIGN_IN', 'SCOPE']);
    }
    expect((await t.graphql('{ personalFeed { createdAt } }')).personalFeed).toBeNull();
  });
});

describe('a registration', () => {
  it('says nothing to the calendars of people who have none', async () => {
    const told = await notificationsDuring(async () => {
      await t.a.registration(await t.a.event(group), 'nobody-listens@example.org');
      await t.a.registration(await t.a.event(group), ada.email);
    });
    expect(told.filter((topic) => topic.startsWith('person:'))).toEqual([`person:${ada.id}`]);
  });

  it('is told of once for each person, however many rows one statement brings', async () => {
    const [grace, events] = [await t.a.person('Grace'), [await t.a.event(group), await t.a.event(group)]];
    await aFeed(grace);
    const told = await notificationsDuring(() =>
      t.db.query(
        `INSERT INTO registration (id, event_id, group_id, person_id, name, language, pool, state, ticket_code, registered_at)
         SELECT gen_random_uuid(), event_id, $1, person_id, 'x', 'en', 'ONLINE', 'PENDING', gen_random_uuid()::text, now()
           FROM unnest($2::uuid[]) AS event_id, unnest($3::uuid[]) AS person_id`,
        [group.id, events.map(({ id }) => id), [ada.id, grace.id, group.member.id]],
      ),
    );
    expect(told.filter((topic) => topic.startsWith('person:')).sort()).toEqual(
      [`person:${ada.id}`, `person:${grace.id}`].sort(),
    );
  });
});

async function aFeed(person: TestPerson): Promise<string> {
  const { createPersonalFeed } = await t.graphql(CREATE, {}, person.key);
  return new URL(payload(createPersonalFeed).url).pathname;
}

async function revoked(): Promise<string> {
  const person = await t.a.person('Revoker');
  const made = await aFeed(person);
  await t.graphql(REVOKE, {}, person.key);
  return made;
}

async function replaced(): Promise<string> {
  const person = await t.a.person('Replacer');
  const made = await aFeed(person);
  await aFeed(person);
  return made;
}

async function act(name: string, type: string, input: Record<string, unknown>, key: string): Promise<void> {
  const document = `mutation($input: ${type}!) { ${name}(input: $input) { userErrors { code message } } }`;
  payload((await t.graphql(document, { input }, key))[name]);
}

async function get(
  target: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; headers: Headers; body: string }> {
  const response = await fetch(t.url + target, { headers });
  return { status: response.status, headers: response.headers, body: await response.text() };
}

async function text(): Promise<string> {
  return (await get(path)).body.replaceAll('\r\n ', '');
}

/** Ada's calendar once it shows this event. */
async function calendarWith(event: TestEvent): Promise<string> {
  await until(async () => (await text()).includes(event.id));
  return text();
}

function vevents(calendar: string): ICAL.Event[] {
  return new ICAL.Component(ICAL.parse(calendar)).getAllSubcomponents('vevent').map((vevent) => new ICAL.Event(vevent));
}

function* nodeEvents(calendar: string) {
  for (const part of Object.values(nodeIcal.sync.parseICS(calendar))) if (part?.type === 'VEVENT') yield part;
}

function uids(calendar: string): string[] {
  return vevents(calendar).map(({ uid }) => uid);
}

function stamps(calendar: string): string[] {
  return calendar.split('\r\n').filter((line) => /^(?:DTSTAMP|LAST-MODIFIED):/.test(line));
}

function withoutDate(headers: Headers): Record<string, string> {
  return { ...Object.fromEntries(headers), date: '' };
}

/** The statements that reach PostgreSQL meanwhile, without what they ask for. */
async function queriesDuring(work: () => Promise<unknown>): Promise<string[]> {
  const query = jest.spyOn(pg.Client.prototype, 'query');
  try {
    await work();
    return query.mock.calls.map(([statement]) => statement);
  } finally {
    query.mockRestore();
  }
}

/** What is told on the channel of calendars meanwhile. */
async function notificationsDuring(work: () => Promise<unknown>): Promise<string[]> {
  const client = new pg.Client({ connectionString: t.databaseUrl });
  await client.connect();
  const heard: string[] = [];
  client.on('notification', ({ payload: topic }) => heard.push(topic ?? ''));
  await client.query('LISTEN calendar_changed');
  await work();
  const last = newId();
  await t.db.query(`SELECT pg_notify('calendar_changed', $1)`, [last]);
  await until(() => heard.includes(last));
  await client.end();
  return heard;
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const started = Date.now(); !(await holds()); await pause(10))
    if (Date.now() - started > 10_000) throw new Error('It did not come to hold within 10 s');
}
