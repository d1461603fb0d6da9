import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { payload, type TestEvent, type TestGroup } from '../support/builders.ts';
import { ADD_WALK_IN, BLOCK, CANCEL, CHECK_IN, UNDO_CHECK_IN } from '../support/documents.ts';
import { testSystem, type TestSystem } from '../support/system.ts';

const DURING = '2026-03-17T16:05:00Z';
const HYBRID = { format: 'HYBRID', venue: { name: 'Library', address: 'Main Street 1' } };

let t: TestSystem;
let group: TestGroup;
beforeAll(async () => {
  t = await testSystem();
  group = await t.a.group('Europe/Berlin');
});
afterAll(() => t.stop());
beforeEach(() => t.clock.moveTo('2026-03-01T12:00:00Z'));

const add = async (event: TestEvent, input: Record<string, unknown>) =>
  (await t.graphql(ADD_WALK_IN, { input: { eventId: event.id, name: 'Walter', ...input } }, group.host.key)).addWalkIn;
const codeOf = (answer: { userErrors: { code: string }[] }) => answer.userErrors[0]?.code ?? 'IN';
const undo = async (registrationId: string) =>
  payload((await t.graphql(UNDO_CHECK_IN, { input: { registrationId } }, group.host.key)).undoCheckIn);
const cancel = async (registrationId: string) =>
  payload((await t.graphql(CANCEL, { input: { registrationId } }, group.organizer.key)).cancelRegistration);
const seatsOf = async (event: TestEvent) =>
  (
    await t.db.query(
      `SELECT taken_online AS taken, waiting_online AS waiting, attended_online AS attended,
              taken_in_person + attended_in_person AS room, registration_count AS registrations
         FROM event WHERE id = $1`,
      [event.id],
    )
  )[0];
const mails = async () => (await t.db.query('SELECT count(*)::int FROM message'))[0].count as number;

describe('somebody whom nobody expected', () => {
  it('is added and let in at once, without an address, and nobody is mailed', async () => {
    const event = await t.a.event(group, { capacityOnline: 1 });
    t.clock.moveTo(DURING);
    const sent = await mails();
    const { registration } = payload(await add(event, { name: ' Walter ' }));
    expect(registration).toEqual({
      id: expect.any(String),
      name: 'Walter',
      state: 'CONFIRMED',
      pool: 'ONLINE',
      walkIn: true,
      attendance: 'ATTENDED',
      attendanceBasis: 'walk_in',
      checkedInAt: '2026-03-17T16:05:00.000Z',
    });
    expect(await seatsOf(event)).toEqual({ taken: 1, waiting: 0, attended: 1, room: 0, registrations: 1 });
    expect(await mails()).toBe(sent);
    expect(
      await t.db.query('SELECT act, actor_id, details FROM history_entry WHERE subject_id = $1', [registration.id]),
    ).toEqual([
      {
        act: 'walkIn.added',
        actor_id: group.host.id,
        details: { method: 'walk_in', at: '2026-03-17T16:05:00.000Z', beyondCapacity: false },
      },
    ]);
  });

  it('is let in once, however often the same is sent', async () => {
    const event = await t.a.event(group);
    const [first, ...others] = await Promise.all([1, 2, 3].map(() => add(event, { nonce: 'walk-in-0001' })));
    for (const answer of others) expect(answer).toEqual(payload(first));
    expect(await seatsOf(event)).toMatchObject({ taken: 1, registrations: 1 });
  });

  it('comes to the room of a hybrid event, unless the host says otherwise', async () => {
    const event = await t.a.event(group, HYBRID);
    expect(payload(await add(event, {})).registration.pool).toBe('IN_PERSON');
    expect(payload(await add(event, { pool: 'ONLINE' })).registration.pool).toBe('ONLINE');
    expect(codeOf(await add(await t.a.event(group), { pool: 'IN_PERSON' }))).toBe('POOL_UNAVAILABLE');
  });

  it('is told that every seat is taken, and is let in beyond the capacity when the host says so', async () => {
    const event = await t.a.event(group, { capacityOnline: 1 });
    await t.a.registration(event, 'seated@example.org');
    const before = await seatsOf(event);
    expect((await add(event, { email: 'nobody-yet@example.org' })).userErrors).toEqual([
      {
        code: 'FULL',
        field: 'beyondCapacity',
        message: 'Every seat is taken. Let them in anyway? Then say beyondCapacity.',
      },
    ]);
    expect(await seatsOf(event)).toEqual(before);
    expect(await t.db.query(`SELECT id FROM person WHERE email = 'nobody-yet@example.org'`)).toEqual([]);
    const { registration } = payload(await add(event, { beyondCapacity: true }));
    expect(await seatsOf(event)).toMatchObject({ taken: 1, attended: 1, registrations: 2 });
    // Who holds no seat frees none either.
    await undo(registration.id);
    expect(await seatsOf(event)).toMatchObject({ taken: 1, attended: 0 });
  });

  it('does not take the seat that those who wait are about to get, before the event begins', async () => {
    const event = await t.a.event(group, { capacityOnline: 1 });
    await t.a.registration(event, 'seated@example.org');
    await t.a.registration(event, 'waits@example.org');
    await t.db.query('UPDATE event SET capacity_online = 2 WHERE id = $1', [event.id]);
    expect(codeOf(await add(event, {}))).toBe('FULL');
    t.clock.moveTo(DURING);
    payload(await add(event, {}));
    expect(await seatsOf(event)).toMatchObject({ taken: 2, waiting: 1 });
  });

  it('keeps the time at which they came when they are told of later', async () => {
    const event = await t.a.event(group);
    t.clock.moveTo('2026-03-17T17:00:00Z');
    const { registration } = payload(await add(event, { at: '2026-03-17T16:01:00Z' }));
    expect(registration.checkedInAt).toBe('2026-03-17T16:01:00.000Z');
  });

  it('who was added by mistake is cancelled, and the seat is free again', async () => {
    const event = await t.a.event(group, { capacityOnline: 1 });
    const { registration } = payload(await add(event, {}));
    expect((await undo(registration.id)).registration).toMatchObject({ state: 'CANCELLED', attendance: 'UNKNOWN' });
    expect(await seatsOf(event)).toMatchObject({ taken: 0, attended: 0 });
    payload(await add(event, { name: 'Another' }));
    const { checkIn } = await t.graphql(
      CHECK_IN,
      { input: { eventId: event.id, registrationId: registration.id } },
      group.host.key,
    );
    expect(codeOf(checkIn)).toBe('CANCELLED');
  });
});

describe('a walk-in who leaves an address', () => {
  it('is somebody new, once', async () => {
    const event = await t.a.event(group);
    const { registration } = payload(await add(event, { email: 'New@Example.org' }));
    const again = await add(event, { email: 'new@example.org' });
    expect(again.userErrors).toMatchObject([{ code: 'ALREADY_IN' }]);
    expect(
      await t.db.query(
        'SELECT person.email, walk_in FROM registration JOIN person ON person.id = person_id WHERE registration.id = $1',
        [registration.id],
      ),
    ).toEqual([{ email: 'new@example.org', walk_in: true }]);
  });

  it('and has a seat already is checked in by name', async () => {
    const event = await t.a.event(group);
    const { id } = await t.a.registration(event, 'has-seat@example.org');
    const answer = payload(await add(event, { email: 'has-seat@example.org' }));
    expect(answer).toMatchObject({ notice: null, registration: { id, walkIn: false, attendanceBasis: 'named' } });
    expect(await seatsOf(event)).toMatchObject({ taken: 1, registrations: 1 });
  });

  it('and had cancelled or waited comes in under the registration they had', async () => {
    const event = await t.a.event(group, { capacityOnline: 1 });
    const left = await t.a.registration(event, 'left@example.org');
    await cancel(left.id);
    await t.a.registration(event, 'seated@example.org');
    const waits = await t.a.registration(event, 'waits@example.org');
    for (const { id, state } of [{ ...left, state: 'CANCELLED' }, waits]) {
      const email = state === 'CANCELLED' ? 'left@example.org' : 'waits@example.org';
      const answer = payload(await add(event, { email, beyondCapacity: true }));
      expect(answer).toMatchObject({ notice: state, registration: { id, walkIn: true, attendanceBasis: 'walk_in' } });
    }
    expect(await seatsOf(event)).toEqual({ taken: 1, waiting: 0, attended: 2, room: 0, registrations: 3 });
    await undo(waits.id);
    expect(await seatsOf(event)).toMatchObject({ taken: 1, waiting: 1, attended: 1 });
  });

  it('is refused while the organizers block them, and leaves nothing behind', async () => {
    const event = await t.a.event(group);
    const input = { groupId: group.id, email: 'blocked@example.org' };
    payload((await t.graphql(BLOCK, { input }, group.organizer.key)).blockPerson);
    expect(codeOf(await add(event, { email: 'blocked@example.org', beyondCapacity: true }))).toBe('BLOCKED');
    expect(await seatsOf(event)).toMatchObject({ taken: 0, registrations: 0 });
  });
});
