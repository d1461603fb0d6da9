import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { payload, type TestEvent, type TestGroup } from '../support/builders.ts';
import { CHECK_IN, SWITCH } from '../support/documents.ts';
import { testSystem, type TestSystem } from '../support/system.ts';

let t: TestSystem;
let group: TestGroup;
beforeAll(async () => {
  t = await testSystem();
  group = await t.a.group();
});
afterAll(() => t.stop());
beforeEach(() => t.clock.moveTo('2026-03-01T12:00:00Z'));

const hybrid = (capacityInPerson: number | null, capacityOnline: number | null) =>
  t.a.event(group, {
    format: 'HYBRID',
    venue: { name: 'The Old Mill', address: 'Mill Lane 3, Berlin' },
    capacityInPerson,
    capacityOnline,
    guestLimit: 2,
  });
const inRoom = (event: TestEvent, email: string, facts: Record<string, unknown> = {}) =>
  t.a.registration(event, email, { pool: 'IN_PERSON', ...facts });
const switchTo = async (registrationId: string, pool: string) =>
  (await t.graphql(SWITCH, { input: { registrationId, pool } }, group.organizer.key)).switchPool;
const stateOf = async (id: string) => (await t.db.query('SELECT state, pool FROM registration WHERE id = $1', [id]))[0];

describe('switching between the room and online', () => {
  it('takes the seat there, and gives the one left behind to the longest waiting', async () => {
    const event = await hybrid(1, 1);
    const ada = await inRoom(event, 'ada@example.org');
    const bob = await inRoom(event, 'bob@example.org');
    expect(bob.state).toBe('WAITLISTED');
    expect(payload(await switchTo(ada.id, 'ONLINE')).registration).toMatchObject({
      state: 'CONFIRMED',
      pool: 'ONLINE',
    });
    expect(await stateOf(bob.id)).toEqual({ state: 'CONFIRMED', pool: 'IN_PERSON' });
    await t.sendMail();
    const mail = t.smtp.mails.findLast(({ recipient }) => recipient === 'ada@example.org');
    expect(mail?.subject).toMatch(/^You switched/);
    expect(mail?.text).toContain('http://goodturn.test/join/');
    expect(mail?.text).toContain('Where: Online');
  });

  it('is refused when there is no room, and everybody keeps what they have', async () => {
    const event = await hybrid(1, 1);
    const ada = await inRoom(event, 'ada@example.org');
    const waiting = await inRoom(event, 'waits@example.org');
    await t.a.registration(event, 'online@example.org', { pool: 'ONLINE' });
    expect((await switchTo(ada.id, 'ONLINE')).userErrors).toMatchObject([{ code: 'POOL_FULL', field: 'pool' }]);
    expect((await switchTo(waiting.id, 'ONLINE')).userErrors).toMatchObject([{ code: 'POOL_FULL' }]);
    expect([await stateOf(ada.id), await stateOf(waiting.id)]).toEqual([
      { state: 'CONFIRMED', pool: 'IN_PERSON' },
      { state: 'WAITLISTED', pool: 'IN_PERSON' },
    ]);
  });

  it('lets somebody out of one line into a free seat of the other kind', async () => {
    const event = await hybrid(1, null);
    await inRoom(event, 'ada@example.org');
    const bob = await inRoom(event, 'bob@example.org');
    const cleo = await inRoom(event, 'cleo@example.org');
    payload(await switchTo(bob.id, 'ONLINE'));
    expect(await stateOf(bob.id)).toEqual({ state: 'CONFIRMED', pool: 'ONLINE' });
    expect(await stateOf(cleo.id)).toEqual({ state: 'WAITLISTED', pool: 'IN_PERSON' });
    const [seats] = await t.db.query(
      'SELECT taken_in_person, waiting_in_person, taken_online, waiting_online FROM event WHERE id = $1',
      [event.id],
    );
    expect(seats).toEqual({ taken_in_person: 1, waiting_in_person: 1, taken_online: 1, waiting_online: 0 });
  });

  it('takes guests along, or nobody', async () => {
    const event = await hybrid(null, 1);
    const ada = await inRoom(event, 'ada@example.org', { guests: [{ name: 'Grace' }] });
    expect((await switchTo(ada.id, 'ONLINE')).userErrors).toMatchObject([{ code: 'POOL_FULL' }]);
    const wide = await hybrid(null, 2);
    const bob = await inRoom(wide, 'bob@example.org', { guests: [{ name: 'Grace' }] });
    payload(await switchTo(bob.id, 'ONLINE'));
    const rows = await t.db.query('SELECT DISTINCT pool, state FROM registration WHERE event_id = $1', [wide.id]);
    expect(rows).toEqual([{ pool: 'ONLINE', state: 'CONFIRMED' }]);
  });

  it('there and back is two moves, and asking twice is one', async () => {
    const event = await hybrid(5, 5);
    const ada = await inRoom(event, 'ada@example.org');
    for (const pool of ['ONLINE', 'ONLINE', 'IN_PERSON']) {
      payload(await switchTo(ada.id, pool));
      t.clock.moveTo(new Date(t.clock.now().getTime() + 60_000));
    }
    const acts = await t.db.query(
      `SELECT details FROM history_entry WHERE subject_id = $1 AND act = 'registration.switched' ORDER BY id`,
      [ada.id],
    );
    expect(acts.map(({ details }: { details: object }) => details)).toEqual([
      { from: 'IN_PERSON', pool: 'ONLINE' },
      { from: 'ONLINE', pool: 'IN_PERSON' },
    ]);
    const mails = await t.db.query(`SELECT kind FROM message WHERE registration_id = $1 AND kind = 'switched'`, [
      ada.id,
    ]);
    expect(mails).toHaveLength(2);
  });

  it('is possible until the end for those who are not there yet, and not for those who are', async () => {
    const event = await hybrid(5, 5);
    const [ada, bob] = [await inRoom(event, 'ada@example.org'), await inRoom(event, 'bob@example.org')];
    t.clock.moveTo('2026-03-17T16:10:00Z');
    payload(await switchTo(ada.id, 'ONLINE'));
    await t.graphql(CHECK_IN, { input: { eventId: event.id, registrationId: bob.id } }, group.host.key);
    expect((await switchTo(bob.id, 'ONLINE')).userErrors).toMatchObject([{ code: 'ALREADY_IN' }]);
    t.clock.moveTo('2026-03-17T17:30:00Z');
    expect((await switchTo(ada.id, 'IN_PERSON')).userErrors).toMatchObject([{ code: 'TOO_LATE' }]);
  });
});
