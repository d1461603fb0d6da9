import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { payload, type TestEvent, type TestGroup } from '../support/builders.ts';
import { CHECK_IN, FINISH_EVENT } from '../support/documents.ts';
import { testSystem, type TestSystem } from '../support/system.ts';

let t: TestSystem;
beforeAll(async () => {
  t = await testSystem();
});
afterAll(() => t.stop());
beforeEach(() => t.clock.moveTo('2026-01-02T12:00:00Z'));

/** A group whose people keep their keys for years. */
async function aGroup(): Promise<TestGroup> {
  const group = await t.a.group();
  await t.db.query(`UPDATE api_key SET expires_at = '2030-01-01'`);
  return group;
}

/** An event of that day that is over: those named first were there, the others were missed. */
async function held(group: TestGroup, day: string, there: string[], missed: string[]): Promise<void> {
  t.clock.moveTo(`${day}T08:00:00Z`);
  const event = await t.a.event(group, { startsAtLocal: `${day}T17:00`, endsAtLocal: `${day}T18:30` });
  for (const email of missed) await t.a.registration(event, email);
  for (const email of there) {
    const { ticketCode } = await t.a.registration(event, email);
    const input = { eventId: event.id, ticketCode };
    payload((await t.graphql(CHECK_IN, { input }, group.host.key)).checkIn);
  }
  t.clock.moveTo(`${day}T20:00:00Z`);
  payload((await t.graphql(FINISH_EVENT, { input: { eventId: event.id } }, group.organizer.key)).finishEvent);
}

const recordsAt = async (group: TestGroup, event: TestEvent, key = group.organizer.key) => {
  const { event: seen } = await t.graphql(
    `query($slug: String!) { event(slug: $slug) { attendees { nodes { name attendanceRecord { attended noShows rate since } } } } }`,
    { slug: event.slug },
    key,
  );
  return Object.fromEntries(
    seen.attendees.nodes.map((node: { name: string; attendanceRecord: object }) => [node.name, node.attendanceRecord]),
  );
};

it('tells how people kept their word to this group in the last 365 days', async () => {
  const [group, elsewhere] = [await aGroup(), await aGroup()];
  await held(group, '2026-01-10', ['ada@example.org', 'bob@example.org'], ['eve@example.org']); // too long ago
  await held(group, '2026-06-10', ['ada@example.org'], ['bob@example.org']);
  await held(elsewhere, '2026-06-11', ['bob@example.org'], ['ada@example.org']); // another group's business
  await held(group, '2026-09-10', ['ada@example.org'], ['bob@example.org']);
  await held(group, '2026-11-10', ['bob@example.org'], []);
  t.clock.moveTo('2027-02-01T12:00:00Z');
  const next = await t.a.event(group, {
    startsAtLocal: '2027-03-01T17:00',
    endsAtLocal: '2027-03-01T18:00',
    guestLimit: 1,
  });
  await t.a.registration(next, 'ada@example.org', { guests: [{ name: 'A guest' }] });
  for (const email of ['bob@example.org', 'eve@example.org']) await t.a.registration(next, email);
  const since = '2026-02-01T12:00:00.000Z';
  expect(await recordsAt(group, next)).toEqual({
    ada: { attended: 2, noShows: 0, rate: 1, since },
    'A guest': null,
    bob: { attended: 1, noShows: 2, rate: 1 / 3, since },
    eve: { attended: 0, noShows: 0, rate: null, since },
  });
  expect((await recordsAt(group, next, group.host.key)).ada).toBeNull();
});

it('counts an event from the moment it is finished, to the day', async () => {
  const group = await aGroup();
  await held(group, '2026-03-01', ['dan@example.org'], []);
  const later = { startsAtLocal: '2027-04-01T17:00', endsAtLocal: '2027-04-01T18:00' };
  const next = await t.a.event(group, later);
  await t.a.registration(next, 'dan@example.org');
  t.clock.moveTo('2027-03-01T20:00:00Z');
  expect((await recordsAt(group, next)).dan.attended).toBe(1);
  t.clock.moveTo('2027-03-01T20:00:01Z');
  expect((await recordsAt(group, next)).dan.attended).toBe(0);
});
