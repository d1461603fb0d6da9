import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { payload, type TestEvent, type TestGroup } from '../support/builders.ts';
import { CANCEL, CHECK_IN, PROMOTE } from '../support/documents.ts';
import { testSystem, type TestSystem } from '../support/system.ts';

let t: TestSystem;
let group: TestGroup;
beforeAll(async () => {
  t = await testSystem();
  group = await t.a.group();
});
afterAll(() => t.stop());
beforeEach(() => t.clock.moveTo('2026-03-01T12:00:00Z'));

/** What the history tells of the attendees of an event, by name. */
const historyOf = async (event: TestEvent, key = group.organizer.key) => {
  const { event: seen } = await t.graphql(
    `query($slug: String!) { event(slug: $slug) { attendees { nodes {
       name history { at act by byKind reason pool state method } } } } }`,
    { slug: event.slug },
    key,
  );
  return Object.fromEntries(
    seen.attendees.nodes.map(({ name, history }: { name: string; history: object[] }) => [name, history]),
  );
};

it('tells organizers who did what, when and why, newest first', async () => {
  const event = await t.a.event(group, { capacityOnline: 1 });
  const ada = await t.a.registration(event, 'ada@example.org');
  const bob = await t.a.registration(event, 'bob@example.org');
  await t.a.registration(event, 'cleo@example.org');
  payload((await t.graphql(CANCEL, { input: { registrationId: ada.id } }, group.organizer.key)).cancelRegistration);
  t.clock.moveTo('2026-03-17T16:05:00Z');
  const input = { eventId: event.id, ticketCode: bob.ticketCode };
  payload((await t.graphql(CHECK_IN, { input }, group.host.key)).checkIn);
  const none = { by: null, reason: null, pool: 'ONLINE', state: null, method: null };
  const people = await historyOf(event);
  expect(people.ada).toMatchObject([
    { ...none, act: 'registration.removed', by: 'Organizer', byKind: 'PERSON' },
    { ...none, act: 'registration.confirmed', byKind: 'STRANGER' },
  ]);
  expect(people.bob).toMatchObject([
    {
      act: 'checkIn.made',
      by: 'Host',
      byKind: 'PERSON',
      method: 'scanned',
      pool: null,
      at: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T/),
    },
    { act: 'registration.promoted', pool: 'ONLINE' },
    { ...none, act: 'registration.waitlisted', byKind: 'STRANGER' },
  ]);
  expect(people.cleo).toHaveLength(1);
});

it('keeps the reason for letting somebody in out of turn', async () => {
  const event = await t.a.event(group, { capacityOnline: 1 });
  await t.a.registration(event, 'ada@example.org');
  const waiting = await t.a.registration(event, 'speaker@example.org');
  await t.db.query('UPDATE event SET capacity_online = 2 WHERE id = $1', [event.id]);
  const input = { registrationId: waiting.id, reason: 'Speaks tonight' };
  payload((await t.graphql(PROMOTE, { input }, group.owner.key)).promoteFromWaitlist);
  expect((await historyOf(event)).speaker[0]).toMatchObject({ by: 'Owner', reason: 'Speaks tonight' });
});

it('tells the last 100 acts of each', async () => {
  const event = await t.a.event(group);
  const { id } = await t.a.registration(event, 'restless@example.org');
  await t.a.registration(event, 'calm@example.org');
  await t.db.query(
    `INSERT INTO history_entry (at, actor_kind, act, subject_id, group_id, details)
     SELECT now(), 'system', 'registration.answered', $1, $2, jsonb_build_object('reason', number::text)
       FROM generate_series(1, 150) AS number`,
    [id, group.id],
  );
  const { restless, calm } = await historyOf(event);
  expect(restless.map(({ reason }: { reason: string }) => reason)).toEqual(
    Array.from({ length: 100 }, (_, index) => String(150 - index)),
  );
  expect(calm).toHaveLength(1);
});

it('stays between organizers', async () => {
  const event = await t.a.event(group);
  await t.a.registration(event, 'ada@example.org');
  expect((await historyOf(event, group.host.key)).ada).toEqual([]);
});
