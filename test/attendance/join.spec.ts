import { personalToken } from '#kernel';
import { JoinService } from '#attendance';
import { JOIN, MANAGE } from '#registration';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { payload, type TestEvent, type TestGroup } from '../support/builders.ts';
import { testConfig } from '../support/config.ts';
import { CANCEL, CANCEL_EVENT, FINISH_EVENT, UPDATE_EVENT } from '../support/documents.ts';
import { testSystem, type TestSystem } from '../support/system.ts';

const ROOM = 'https://meet.example/secret-room';
const OPENS = '2026-03-17T15:45:00Z'; // a quarter of an hour before the start in Berlin
const DURING = '2026-03-17T16:05:00Z';

let t: TestSystem;
let group: TestGroup;
let joining: JoinService;
beforeAll(async () => {
  t = await testSystem();
  group = await t.a.group('Europe/Berlin');
  joining = t.api.app.get(JoinService);
});
afterAll(() => t.stop());
beforeEach(() => t.clock.moveTo('2026-03-01T12:00:00Z'));

const tokenOf = (id: string, { purpose = JOIN, version = 1 } = {}) =>
  personalToken(testConfig(t.databaseUrl).secret, purpose, id, version);
const somebody = async (facts: Record<string, unknown> = {}) => {
  const event = await t.a.event(group, facts);
  const { id } = await t.a.registration(event, 'ada@example.org');
  return { event, id, token: tokenOf(id) };
};
const organizers = async (document: string, name: string, input: Record<string, unknown>) =>
  payload((await t.graphql(document, { input }, group.organizer.key))[name]);
const rowOf = async (id: string) => (await t.db.query('SELECT * FROM registration WHERE id = $1', [id]))[0];
const joinedOf = (id: string): Promise<object[]> =>
  t.db.query(`SELECT actor_kind, actor_id FROM history_entry WHERE subject_id = $1 AND act = 'registration.joined'`, [
    id,
  ]);
const attendedAt = async (event: TestEvent) =>
  (await t.db.query('SELECT attended_online FROM event WHERE id = $1', [event.id]))[0].attended_online as number;

describe('the own link to the online session', () => {
  it('waits until a quarter of an hour before the start, and is over half an hour after the end', async () => {
    const { id, token } = await somebody();
    const states = [];
    for (const instant of [
      '2026-03-01T12:00:00Z',
      '2026-03-17T15:44:59Z',
      OPENS,
      '2026-03-17T18:00:00Z',
      '2026-03-17T18:00:01Z',
    ]) {
      t.clock.moveTo(instant);
      const found = await joining.open(token);
      states.push([found?.state, found?.joinUrl]);
    }
    expect(states).toEqual([
      ['WAITING', null],
      ['WAITING', null],
      ['OPEN', ROOM],
      ['OPEN', ROOM],
      ['OVER', null],
    ]);
    expect(await joining.open(token)).toMatchObject({ registration: { id }, opensAt: new Date(OPENS) });
  });

  it('records nothing when it is looked at only, as mail scanners do', async () => {
    const { id, token } = await somebody();
    const before = await rowOf(id);
    t.clock.moveTo(DURING);
    await joining.open(token);
    expect(await rowOf(id)).toEqual(before);
  });

  it('leads in and records the first time, once', async () => {
    const { event, id, token } = await somebody();
    t.clock.moveTo(DURING);
    expect(await joining.join(token)).toMatchObject({
      state: 'OPEN',
      joinUrl: ROOM,
      registration: { attendance: 'ATTENDED', attendanceBasis: 'joined' },
    });
    const first = await rowOf(id);
    expect(first).toMatchObject({ joined_at: new Date(DURING), checked_in_at: new Date(DURING) });
    t.clock.moveTo('2026-03-17T16:30:00Z');
    const again = await Promise.all([1, 2, 3].map(() => joining.join(token)));
    expect(again).toMatchObject([{ joinUrl: ROOM }, { joinUrl: ROOM }, { joinUrl: ROOM }]);
    expect(await rowOf(id)).toEqual(first);
    expect(await joinedOf(id)).toEqual([{ actor_kind: 'stranger', actor_id: null }]);
    expect(await attendedAt(event)).toBe(1);
  });

  it('records once when it is pressed many times at once', async () => {
    const { event, id, token } = await somebody();
    t.clock.moveTo(DURING);
    await Promise.all(Array.from({ length: 20 }, () => joining.join(token)));
    expect(await joinedOf(id)).toHaveLength(1);
    expect(await attendedAt(event)).toBe(1);
  });

  it('leads to where the session is now, also when that changed after the mail', async () => {
    const { event, token } = await somebody();
    t.clock.moveTo(DURING);
    await joining.join(token);
    const joinUrl = 'https://meet.example/another-room';
    await organizers(UPDATE_EVENT, 'updateEvent', { eventId: event.id, joinUrl });
    expect(await joining.join(token)).toMatchObject({ joinUrl });
  });

  it('says so, and records nothing, while nobody knows where the session is', async () => {
    const { event, id, token } = await somebody();
    await t.db.query('UPDATE event SET join_url = NULL WHERE id = $1', [event.id]);
    t.clock.moveTo(DURING);
    expect(await joining.join(token)).toMatchObject({ state: 'NO_URL', joinUrl: null });
    expect(await rowOf(id)).toMatchObject({ joined_at: null, attendance: 'UNKNOWN' });
  });

  it.each(['2026-03-17T15:44:59Z', '2026-03-17T18:00:01Z'])('lets nobody in at %s', async (instant) => {
    const { id, token } = await somebody();
    t.clock.moveTo(instant);
    expect(await joining.join(token)).toMatchObject({ joinUrl: null });
    expect(await rowOf(id)).toMatchObject({ joined_at: null });
  });

  it('is for those with a seat online only', async () => {
    const { id, token } = await somebody({ capacityOnline: 1 });
    const [{ event_id: eventId }] = await t.db.query('SELECT event_id FROM registration WHERE id = $1', [id]);
    const waiting = await t.a.registration({ id: eventId, slug: '' }, 'waits@example.org');
    const room = await t.a.event(group, {
      format: 'HYBRID',
      venue: { name: 'Library', address: 'Main Street 1' },
    });
    const inRoom = await t.a.registration(room, 'room@example.org', { pool: 'IN_PERSON' });
    await organizers(CANCEL, 'cancelRegistration', { registrationId: waiting.id });
    t.clock.moveTo(DURING);
    expect(await joining.join(tokenOf(waiting.id))).toMatchObject({ state: 'NO_SEAT', joinUrl: null });
    expect(await joining.join(tokenOf(inRoom.id))).toMatchObject({ state: 'NO_SEAT', joinUrl: null });
    expect(await joining.join(token)).toMatchObject({ state: 'OPEN' });
  });

  it('is over once the event is called off', async () => {
    const { event, token } = await somebody();
    await organizers(CANCEL_EVENT, 'cancelEvent', { eventId: event.id });
    t.clock.moveTo(DURING);
    expect(await joining.join(token)).toMatchObject({ state: 'OVER', joinUrl: null });
  });

  it('is nothing that can be guessed, and old ones lead nowhere', async () => {
    const { id, token } = await somebody();
    t.clock.moveTo(DURING);
    const others = [
      'x'.repeat(43),
      '',
      'short',
      `${token.slice(0, -1)}${token.endsWith('A') ? 'E' : 'A'}`,
      tokenOf(id, { purpose: MANAGE }),
      tokenOf('00000000-0000-4000-8000-000000000000'),
    ];
    for (const other of others) {
      expect(await joining.open(other)).toBeNull();
      expect(await joining.join(other)).toBeNull();
    }
    await t.db.query('UPDATE registration SET manage_version = 2 WHERE id = $1', [id]);
    expect(await joining.join(token)).toBeNull();
    expect(await joining.join(tokenOf(id, { version: 2 }))).toMatchObject({ state: 'OPEN' });
  });

  it('counts also when the organizers closed the books a little early', async () => {
    const { event, id, token } = await somebody();
    const came = await t.a.registration(event, 'came@example.org');
    t.clock.moveTo('2026-03-17T17:20:00Z');
    await joining.join(tokenOf(came.id));
    t.clock.moveTo('2026-03-17T17:31:00Z');
    await organizers(FINISH_EVENT, 'finishEvent', { eventId: event.id });
    expect(await rowOf(id)).toMatchObject({ attendance: 'NO_SHOW' });
    await joining.join(token);
    expect(await rowOf(id)).toMatchObject({ attendance: 'ATTENDED' });
  });
});
