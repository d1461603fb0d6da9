import { testSystem, type TestSystem } from '../support/system.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { HoldersService } from '#registration';
import { payload, type TestEvent, type TestGroup } from '../support/builders.ts';
import { BLOCK, CANCEL, PROMOTE, REGISTER, UPDATE_EVENT } from '../support/documents.ts';

let t: TestSystem;
let group: TestGroup;
beforeAll(async () => {
  t = await testSystem();
  group = await t.a.group();
});
afterAll(() => t.stop());
beforeEach(() => t.clock.moveTo('2026-03-01T12:00:00Z'));

const register = async (event: TestEvent, input: Record<string, unknown>) =>
  (await t.graphql(REGISTER, { input: { eventId: event.id, ...input } })).registerForEvent;
const stateOf = async (id: string) => (await t.db.query('SELECT state FROM registration WHERE id = $1', [id]))[0].state;
const historyOf = (id: string) =>
  t.db.query<{ act: string; actor_kind: string; details: Record<string, unknown> }[]>(
    'SELECT act, actor_kind, details FROM history_entry WHERE subject_id = $1 ORDER BY id',
    [id],
  );

describe('registering', () => {
  it('gives seats in the order of asking, then places in line', async () => {
    const event = await t.a.event(group, { capacityOnline: 2 });
    const answers = [];
    for (const name of ['ada', 'bob', 'cleo', 'dan'])
      answers.push(await t.a.registration(event, `${name}@example.org`));
    expect(answers.map(({ state, waitlistPosition }) => [state, waitlistPosition])).toEqual([
      ['CONFIRMED', null],
      ['CONFIRMED', null],
      ['WAITLISTED', 1],
      ['WAITLISTED', 2],
    ]);
  });

  it('answers a repeated request with the same registration, and mails once', async () => {
    const event = await t.a.event(group);
    const first = await t.a.registration(event, 'twice@example.org', { idempotencyKey: 'the-same-key' });
    const again = await t.a.registration(event, 'TWICE@example.org', { idempotencyKey: 'the-same-key' });
    expect(again.id).toBe(first.id);
    const mails = await t.db.query('SELECT kind FROM message WHERE registration_id = $1', [first.id]);
    expect(mails).toEqual([{ kind: 'registered' }]);
  });

  it('does not undo a cancellation when the old request arrives again', async () => {
    const event = await t.a.event(group);
    const first = await t.a.registration(event, 'late@example.org', { idempotencyKey: 'late-retry-key' });
    await t.graphql(CANCEL, { input: { registrationId: first.id } }, group.organizer.key);
    expect(await t.a.registration(event, 'late@example.org', { idempotencyKey: 'late-retry-key' })).toMatchObject({
      id: first.id,
      state: 'CANCELLED',
    });
    expect(await t.a.registration(event, 'late@example.org', { idempotencyKey: 'another-key' })).toMatchObject({
      id: first.id,
      state: 'CONFIRMED',
    });
    const kinds = await t.db.query('SELECT kind FROM message WHERE registration_id = $1 ORDER BY created_at, kind', [
      first.id,
    ]);
    expect(kinds.map((row: { kind: string }) => row.kind)).toEqual(['registered', 'removed', 'registered']);
  });

  it('refuses an idempotency key that was used for somebody else, and only that request of its batch', async () => {
    const event = await t.a.event(group);
    await t.a.registration(event, 'first@example.org', { idempotencyKey: 'shared-key' });
    const [clash, fine] = await Promise.all([
      register(event, { name: 'Second', email: 'second@example.org', idempotencyKey: 'shared-key' }),
      register(event, { name: 'Third', email: 'third@example.org' }),
    ]);
    expect(clash.userErrors).toMatchObject([{ code: 'IDEMPOTENCY_KEY_REUSED', field: 'idempotencyKey' }]);
    expect(fine.registration.state).toBe('CONFIRMED');
  });

  it('gives each of a crowd its own answer', async () => {
    const event = await t.a.event(group, { capacityOnline: 1 });
    await t.graphql(BLOCK, { input: { groupId: group.id, email: 'blocked@example.org' } }, group.organizer.key);
    const answers = await Promise.all([
      register(event, { name: 'One', email: 'one@example.org' }),
      register(event, { name: 'One again', email: 'one@example.org' }),
      register(event, { name: 'Blocked', email: 'blocked@example.org' }),
      register(event, { name: 'In person', email: 'two@example.org', pool: 'IN_PERSON' }),
      register(event, { name: 'Three', email: 'three@example.org' }),
      register({ id: '00000000-0000-4000-8000-000000000000', slug: '' }, { name: 'Lost', email: 'lost@example.org' }),
      register({ id: 'nonsense', slug: '' }, { name: 'Lost', email: 'lost@example.org' }),
    ]);
    expect(answers.map(({ registration, userErrors }) => registration?.state ?? userErrors[0].code)).toEqual([
      'CONFIRMED',
      'CONFIRMED',
      'BLOCKED',
      'POOL_UNAVAILABLE',
      'WAITLISTED',
      'NOT_FOUND',
      'NOT_FOUND',
    ]);
    expect(answers[1].registration.id).toBe(answers[0].registration.id);
  });

  it('keeps to the registration window, and closes at the start', async () => {
    const event = await t.a.event(group, {
      registrationOpensAt: '2026-03-02T00:00:00Z',
      registrationClosesAt: '2026-03-10T00:00:00Z',
    });
    const ask = async () =>
      (await register(event, { name: 'Early', email: 'early@example.org' })).userErrors[0]?.code ?? 'IN';
    expect(await ask()).toBe('REGISTRATION_NOT_OPEN');
    t.clock.moveTo('2026-03-10T00:00:00Z');
    expect(await ask()).toBe('REGISTRATION_CLOSED');
    t.clock.moveTo('2026-03-09T23:59:59Z');
    expect(await ask()).toBe('IN');
    const open = await t.a.event(group);
    t.clock.moveTo('2026-03-17T16:00:00Z'); // 17:00 in Berlin
    expect((await register(open, { name: 'Late', email: 'late2@example.org' })).userErrors[0].code).toBe(
      'REGISTRATION_CLOSED',
    );
  });

  it('has two pools with their own waitlists for a hybrid event', async () => {
    const venue = { name: 'Library', address: 'Main Street 1' };
    const event = await t.a.event(group, { format: 'HYBRID', venue, capacityInPerson: 1, capacityOnline: 1 });
    const answers = [];
    for (const [name, pool] of [
      ['a', 'IN_PERSON'],
      ['b', 'IN_PERSON'],
      ['c', 'ONLINE'],
      ['d', 'ONLINE'],
    ])
      answers.push(await t.a.registration(event, `${name}-hybrid@example.org`, { pool }));
    expect(answers.map(({ state, waitlistPosition }) => [state, waitlistPosition])).toEqual([
      ['CONFIRMED', null],
      ['WAITLISTED', 1],
      ['CONFIRMED', null],
      ['WAITLISTED', 1],
    ]);
    const undecided = await register(event, { name: 'E', email: 'e-hybrid@example.org' });
    expect(undecided.userErrors).toMatchObject([{ code: 'POOL_NEEDED', field: 'pool' }]);
  });

  it('registers a signed-in person without asking for name and e-mail', async () => {
    const event = await t.a.event(group);
    const { registerForEvent } = await t.graphql(REGISTER, { input: { eventId: event.id } }, group.member.key);
    expect(payload(registerForEvent).registration).toMatchObject({ state: 'CONFIRMED', name: 'Member' });
  });

  it('tells a stranger nothing of the person behind an address', async () => {
    const event = await t.a.event(group);
    await t.a.registration(event, 'private@example.org');
    const again = await register(event, { name: 'Somebody else', email: 'private@example.org' });
    expect(again.registration.name).toBeNull();
    const [{ name }] = await t.db.query(`SELECT name FROM person WHERE email = 'private@example.org'`);
    expect(name).toBe('private');
  });
});

describe('the waitlist', () => {
  it('promotes the person who waited longest when a confirmed member cancels', async () => {
    const event = await t.a.event(group, { capacityOnline: 1 });
    const seated = await t.a.registration(event, 'seated@example.org');
    const next = await t.a.registration(event, 'next@example.org');
    const last = await t.a.registration(event, 'last@example.org');
    payload(
      (await t.graphql(CANCEL, { input: { registrationId: seated.id } }, group.organizer.key)).cancelRegistration,
    );
    expect([await stateOf(seated.id), await stateOf(next.id), await stateOf(last.id)]).toEqual([
      'CANCELLED',
      'CONFIRMED',
      'WAITLISTED',
    ]);
    expect(await historyOf(next.id)).toMatchObject([
      { act: 'registration.waitlisted' },
      { act: 'registration.promoted', actor_kind: 'person' },
    ]);
    const mails = await t.db.query('SELECT kind FROM message WHERE registration_id = $1 ORDER BY created_at', [
      next.id,
    ]);
    expect(mails).toEqual([{ kind: 'waitlisted' }, { kind: 'promoted' }]);
  });

  it('promotes nobody when somebody leaves the line', async () => {
    const event = await t.a.event(group, { capacityOnline: 1 });
    await t.a.registration(event, 'has-seat@example.org');
    const leaver = await t.a.registration(event, 'leaves@example.org');
    const stays = await t.a.registration(event, 'stays@example.org');
    await t.graphql(CANCEL, { input: { registrationId: leaver.id } }, group.organizer.key);
    expect(await stateOf(stays.id)).toBe('WAITLISTED');
    const { event: seen } = await t.graphql(
      `query($slug: String!) { event(slug: $slug) { pools { taken waiting } } }`,
      { slug: event.slug },
    );
    expect(seen.pools).toEqual([{ taken: 1, waiting: 1 }]);
  });

  it('promotes nobody once the event has begun', async () => {
    const event = await t.a.event(group, { capacityOnline: 1 });
    const seated = await t.a.registration(event, 'seated2@example.org');
    const waiting = await t.a.registration(event, 'waiting2@example.org');
    t.clock.moveTo('2026-03-17T16:00:00Z');
    await t.graphql(CANCEL, { input: { registrationId: seated.id } }, group.organizer.key);
    expect(await stateOf(waiting.id)).toBe('WAITLISTED');
  });

  it('fills the seats of a raised capacity in one go, and keeps newcomers from overtaking', async () => {
    const event = await t.a.event(group, { capacityOnline: 1 });
    const people = [];
    for (let index = 0; index < 5; index += 1) people.push(await t.a.registration(event, `raise-${index}@example.org`));
    const { updateEvent } = await t.graphql(
      UPDATE_EVENT,
      { input: { eventId: event.id, capacityOnline: 3 } },
      group.organizer.key,
    );
    expect(payload(updateEvent).event.pools).toEqual([{ pool: 'ONLINE', capacity: 3, taken: 3, waiting: 2 }]);
    expect(await Promise.all(people.map(({ id }) => stateOf(id)))).toEqual([
      'CONFIRMED',
      'CONFIRMED',
      'CONFIRMED',
      'WAITLISTED',
      'WAITLISTED',
    ]);
    expect(await t.a.registration(event, 'newcomer@example.org')).toMatchObject({
      state: 'WAITLISTED',
      waitlistPosition: 3,
    });
  });

  it('lets an organizer promote by hand only into a free seat, and keeps who and why', async () => {
    const event = await t.a.event(group, { capacityOnline: 2 });
    const seats = [await t.a.registration(event, 'h1@example.org'), await t.a.registration(event, 'h2@example.org')];
    await t.a.registration(event, 'h3@example.org');
    const chosen = await t.a.registration(event, 'h4@example.org');
    const promote = () =>
      t.graphql(PROMOTE, { input: { registrationId: chosen.id, reason: 'Speaks at the event' } }, group.organizer.key);
    expect((await promote()).promoteFromWaitlist.userErrors).toMatchObject([{ code: 'FULL' }]);
    await t.db.query(`UPDATE event SET capacity_online = 3 WHERE id = $1`, [event.id]); // a seat that nobody was promoted to yet
    expect(payload((await promote()).promoteFromWaitlist).registration.state).toBe('CONFIRMED');
    expect((await historyOf(chosen.id)).at(-1)).toMatchObject({
      act: 'registration.promoted',
      details: { byHand: true, reason: 'Speaks at the event' },
    });
    expect(await stateOf(seats[0]?.id ?? '')).toBe('CONFIRMED');
  });

  it('passes the seats of a blocked person on', async () => {
    const event = await t.a.event(group, { capacityOnline: 1 });
    const rude = await t.a.registration(event, 'rude@example.org');
    const kind = await t.a.registration(event, 'kind@example.org');
    payload(
      (
        await t.graphql(
          BLOCK,
          { input: { groupId: group.id, email: 'rude@example.org', reason: 'Shouted' } },
          group.organizer.key,
        )
      ).blockPerson,
    );
    expect([await stateOf(rude.id), await stateOf(kind.id)]).toEqual(['CANCELLED', 'CONFIRMED']);
  });
});

describe('the manage link', () => {
  const tokenFor = async (id: string) => {
    const { personalToken } = await import('#kernel');
    return personalToken('a secret for tests that is long enough', 'manage', id, 1);
  };

  it('shows its holder the ticket and the join link, and nobody else', async () => {
    const event = await t.a.event(group);
    const { id, ticketCode } = await t.a.registration(event, 'holder@example.org');
    const document = `query($token: String!) { registration(manageToken: $token) { name email ticketCode joinUrl event { joinUrl } } }`;
    const { registration } = await t.graphql(document, { token: await tokenFor(id) });
    expect(registration).toEqual({
      name: 'holder',
      email: 'holder@example.org',
      ticketCode,
      joinUrl: expect.stringMatching(/^http:\/\/goodturn\.test\/join\/[\w-]{43}$/),
      event: { joinUrl: null },
    });
  });

  it('cancels without an account, once', async () => {
    const event = await t.a.event(group);
    const { id } = await t.a.registration(event, 'goes@example.org');
    for (let time = 0; time < 2; time += 1) {
      const { cancelRegistration } = await t.graphql(CANCEL, { input: { manageToken: await tokenFor(id) } });
      expect(payload(cancelRegistration).registration.state).toBe('CANCELLED');
    }
    expect((await historyOf(id)).map(({ act }) => act)).toEqual(['registration.confirmed', 'registration.left']);
  });

  it('is worthless when one letter differs, for another purpose, or after it was rotated', async () => {
    const event = await t.a.event(group);
    const { id } = await t.a.registration(event, 'guess@example.org');
    const token = await tokenFor(id);
    const service = t.api.app.get(HoldersService);
    expect(await service.findByToken(token)).not.toBeNull();
    expect(await service.findByToken(`${token.slice(0, -1)}${token.endsWith('A') ? 'Q' : 'A'}`)).toBeNull();
    const { personalToken } = await import('#kernel');
    expect(
      await service.findByToken(personalToken('a secret for tests that is long enough', 'unsubscribe', id, 1)),
    ).toBeNull();
    await t.db.query('UPDATE registration SET manage_version = 2 WHERE id = $1', [id]);
    expect(await service.findByToken(token)).toBeNull();
    expect(await service.findByToken('nonsense')).toBeNull();
  });
});
