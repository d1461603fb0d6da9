import { PassOnSweep } from '#registration';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { payload, type TestEvent, type TestGroup } from '../support/builders.ts';
import { CANCEL, REGISTER, UPDATE_EVENT } from '../support/documents.ts';
import { testSystem, type TestSystem } from '../support/system.ts';

let t: TestSystem;
let group: TestGroup;
beforeAll(async () => {
  t = await testSystem();
  group = await t.a.group();
});
afterAll(() => t.stop());
beforeEach(() => t.clock.moveTo('2026-03-01T12:00:00Z'));

const party = (event: TestEvent, email: string, ...names: string[]) =>
  t.a.registration(event, email, { guests: names.map((name) => ({ name })) });
const leave = (id: string) => t.graphql(CANCEL, { input: { registrationId: id } }, group.organizer.key);
const stateOf = async (id: string): Promise<string> =>
  (await t.db.query('SELECT state FROM registration WHERE id = $1', [id]))[0].state;
const seatsOf = async ({ id }: TestEvent) =>
  (await t.db.query('SELECT taken_online AS taken, waiting_online AS waiting FROM event WHERE id = $1', [id]))[0];

describe('somebody who brings guests', () => {
  it('gets a seat and a ticket for each of them', async () => {
    const event = await t.a.event(group, { capacityOnline: 3, guestLimit: 2 });
    const { id, state } = await party(event, 'ada@example.org', 'Grace', 'Edith');
    expect(state).toBe('CONFIRMED');
    expect(await seatsOf(event)).toEqual({ taken: 3, waiting: 0 });
    const rows = await t.db.query(
      'SELECT name, state, ticket_code, person_id FROM registration WHERE party_id = $1 ORDER BY name',
      [id],
    );
    expect(rows).toEqual([
      { name: 'Edith', state: 'CONFIRMED', ticket_code: expect.any(String), person_id: null },
      { name: 'Grace', state: 'CONFIRMED', ticket_code: expect.any(String), person_id: null },
    ]);
    expect(rows[0].ticket_code).not.toBe(rows[1].ticket_code);
  });

  it('waits with all of them when there is not a seat for each', async () => {
    const event = await t.a.event(group, { capacityOnline: 3, guestLimit: 2 });
    await t.a.registration(event, 'first@example.org');
    const ada = await party(event, 'ada@example.org', 'Grace', 'Edith');
    expect(ada).toMatchObject({ state: 'WAITLISTED', waitlistPosition: 1 });
    expect(await seatsOf(event)).toEqual({ taken: 1, waiting: 3 });
  });

  it('is one mail’s worth: guests are told through whoever brings them', async () => {
    const event = await t.a.event(group, { guestLimit: 2 });
    await party(event, 'one-mail@example.org', 'Grace', 'Edith');
    await t.sendMail();
    const mails = t.smtp.mails.filter(({ recipient }) => recipient === 'one-mail@example.org');
    expect(mails).toHaveLength(1);
    expect(mails[0]?.text).toContain('You bring: Edith, Grace');
  });

  it('gives all their seats back, and each goes to somebody who waits', async () => {
    const event = await t.a.event(group, { capacityOnline: 3, guestLimit: 2 });
    const ada = await party(event, 'ada@example.org', 'Grace', 'Edith');
    const waiting = [];
    for (const name of ['bob', 'cleo', 'dan', 'eve'])
      waiting.push(await t.a.registration(event, `${name}@example.org`));
    await leave(ada.id);
    expect(await Promise.all(waiting.map(({ id }) => stateOf(id)))).toEqual([
      'CONFIRMED',
      'CONFIRMED',
      'CONFIRMED',
      'WAITLISTED',
    ]);
    expect(await seatsOf(event)).toEqual({ taken: 3, waiting: 1 });
  });

  it('keeps the rest when an organizer removes one guest', async () => {
    const event = await t.a.event(group, { capacityOnline: 3, guestLimit: 2 });
    const ada = await party(event, 'ada@example.org', 'Grace', 'Edith');
    const [guest] = await t.db.query('SELECT id FROM registration WHERE party_id = $1 LIMIT 1', [ada.id]);
    await leave(guest.id);
    expect(await seatsOf(event)).toEqual({ taken: 2, waiting: 0 });
    const [row] = await t.db.query('SELECT state, party_size FROM registration WHERE id = $1', [ada.id]);
    expect(row).toEqual({ state: 'CONFIRMED', party_size: 2 });
  });

  it('may bring others when they come back after cancelling', async () => {
    const event = await t.a.event(group, { capacityOnline: 5, guestLimit: 2 });
    const ada = await party(event, 'back@example.org', 'Grace', 'Edith');
    await leave(ada.id);
    expect(await party(event, 'back@example.org', 'Rosalind')).toMatchObject({ id: ada.id, state: 'CONFIRMED' });
    const rows = await t.db.query(`SELECT name FROM registration WHERE party_id = $1 AND state = 'CONFIRMED'`, [
      ada.id,
    ]);
    expect(rows).toEqual([{ name: 'Rosalind' }]);
    expect(await seatsOf(event)).toEqual({ taken: 2, waiting: 0 });
  });
});

describe('a party that waits', () => {
  /** Three seats taken by people who come alone; a party of three waits, and four people behind it. */
  async function line() {
    const event = await t.a.event(group, { capacityOnline: 3, guestLimit: 2 });
    const seated = [];
    for (const name of ['a', 'b', 'c']) seated.push(await t.a.registration(event, `${name}@example.org`));
    const three = await party(event, 'three@example.org', 'Grace', 'Edith');
    const alone = [];
    for (const name of ['k', 'l', 'm', 'n']) alone.push(await t.a.registration(event, `${name}@example.org`));
    expect(alone.map(({ waitlistPosition }) => waitlistPosition)).toEqual([4, 5, 6, 7]); // people ahead, and oneself
    return { event, seated, three, alone };
  }

  it('lets as many people pass as it has itself, then seats are kept until they are enough for it', async () => {
    const { event, seated, three, alone } = await line();
    for (const { id } of seated) await leave(id); // each seat is too few for three
    expect(await Promise.all(alone.map(({ id }) => stateOf(id)))).toEqual([
      'CONFIRMED',
      'CONFIRMED',
      'CONFIRMED',
      'WAITLISTED',
    ]);
    for (const { id } of alone.slice(0, 2)) await leave(id);
    expect([await stateOf(three.id), await stateOf(alone[3]?.id ?? '')]).toEqual(['WAITLISTED', 'WAITLISTED']);
    expect((await t.a.registration(event, 'newcomer@example.org')).state).toBe('WAITLISTED'); // kept, not free for all
    await leave(alone[2]?.id ?? '');
    expect([await stateOf(three.id), await stateOf(alone[3]?.id ?? '')]).toEqual(['CONFIRMED', 'WAITLISTED']);
    expect(await seatsOf(event)).toEqual({ taken: 3, waiting: 2 });
  });

  it('lets a newcomer take a seat it cannot use, as long as it lets people pass', async () => {
    const event = await t.a.event(group, { capacityOnline: 3, guestLimit: 2 });
    await party(event, 'two@example.org', 'Grace');
    const three = await party(event, 'three@example.org', 'Edith', 'Rosalind');
    expect(three.state).toBe('WAITLISTED');
    expect((await t.a.registration(event, 'new@example.org')).state).toBe('CONFIRMED');
    const kinds = await t.db.query(`SELECT kind FROM message WHERE to_address = 'new@example.org' AND event_id = $1`, [
      event.id,
    ]);
    expect(kinds).toEqual([{ kind: 'promoted' }]); // and nothing about a line they never stood in
  });

  it('has no seats kept for it on the last day', async () => {
    const { event, seated, three, alone } = await line();
    for (const { id } of [...seated, ...alone.slice(0, 2)]) await leave(id);
    expect(await stateOf(alone[3]?.id ?? '')).toBe('WAITLISTED');
    t.clock.moveTo('2026-03-16T16:00:00Z');
    await t.doTask(PassOnSweep);
    await t.doTask(PassOnSweep);
    expect([await stateOf(three.id), await stateOf(alone[3]?.id ?? '')]).toEqual(['WAITLISTED', 'CONFIRMED']);
    expect(await seatsOf(event)).toEqual({ taken: 2, waiting: 3 });
  });

  it('keeps nobody out once the room has become too small for it', async () => {
    const { event, seated, alone } = await line();
    await leave(seated[0]?.id ?? '');
    await leave(seated[1]?.id ?? '');
    await leave(seated[2]?.id ?? '');
    await leave(alone[0]?.id ?? '');
    payload(
      (await t.graphql(UPDATE_EVENT, { input: { eventId: event.id, capacityOnline: 2 } }, group.organizer.key))
        .updateEvent,
    );
    await leave(alone[1]?.id ?? '');
    expect(await stateOf(alone[3]?.id ?? '')).toBe('CONFIRMED');
  });

  it('is asked for again with the same answer, guests and all', async () => {
    const event = await t.a.event(group, { guestLimit: 2 });
    const input = {
      eventId: event.id,
      name: 'Ada',
      email: 'same@example.org',
      guests: [{ name: 'Grace' }],
      idempotencyKey: 'the-same-party',
    };
    const [one, two] = [await t.graphql(REGISTER, { input }), await t.graphql(REGISTER, { input })];
    expect(payload(two.registerForEvent).registration.id).toBe(payload(one.registerForEvent).registration.id);
    expect(await seatsOf(event)).toEqual({ taken: 2, waiting: 0 });
  });
});
