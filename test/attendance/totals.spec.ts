import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { payload, type TestGroup } from '../support/builders.ts';
import { ADD_WALK_IN, CHECK_IN } from '../support/documents.ts';
import { testSystem, type TestSystem } from '../support/system.ts';

const HYBRID = { format: 'HYBRID', venue: { name: 'Library', address: 'Main Street 1' } };
const TOTALS = `query($slug: String!) { event(slug: $slug) { attendance { pool basis people } } }`;

let t: TestSystem;
let group: TestGroup;
beforeAll(async () => {
  t = await testSystem();
  group = await t.a.group('Europe/Berlin');
});
afterAll(() => t.stop());
beforeEach(() => t.clock.moveTo('2026-03-01T12:00:00Z'));

const atDoor = async (document: string, name: string, input: Record<string, unknown>) =>
  payload((await t.graphql(document, { input }, group.host.key))[name]);
const totalsOf = async (slug: string, key?: string) => (await t.graphql(TOTALS, { slug }, key)).event.attendance;

it('says how many registered and how many came, by pool and by how it is known', async () => {
  const event = await t.a.event(group, { ...HYBRID, capacityInPerson: 3 });
  const people = [];
  for (const name of ['ada', 'bob', 'cleo', 'waits'])
    people.push(await t.a.registration(event, `${name}@example.org`, { pool: 'IN_PERSON' }));
  await t.a.registration(event, 'online@example.org', { pool: 'ONLINE' });
  const [ada, bob] = people;
  await atDoor(CHECK_IN, 'checkIn', { eventId: event.id, ticketCode: ada?.ticketCode });
  await atDoor(CHECK_IN, 'checkIn', { eventId: event.id, registrationId: bob?.id });
  for (const name of ['Walter', 'Wanda'])
    await atDoor(ADD_WALK_IN, 'addWalkIn', { eventId: event.id, name, beyondCapacity: true });
  const totals = [
    { pool: 'IN_PERSON', basis: 'registered', people: 5 },
    { pool: 'IN_PERSON', basis: 'scanned', people: 1 },
    { pool: 'IN_PERSON', basis: 'named', people: 1 },
    { pool: 'IN_PERSON', basis: 'walk_in', people: 2 },
    { pool: 'ONLINE', basis: 'registered', people: 1 },
  ];
  for (const { key } of [group.host, group.organizer, group.owner])
    expect(await totalsOf(event.slug, key)).toEqual(totals);
  for (const key of [undefined, group.member.key, (await t.a.group()).organizer.key])
    expect(await totalsOf(event.slug, key)).toBeNull();
});

it('is an empty list where nobody registered', async () => {
  expect(await totalsOf((await t.a.event(group)).slug, group.host.key)).toEqual([]);
});

it('asks the database as often for many events as for one', async () => {
  for (let index = 0; index < 4; index += 1)
    await t.a.registration(await t.a.event(group), `person-${index}@example.org`);
  const { logger } = t.api.app.get(DataSource);
  const logQuery = logger.logQuery.bind(logger);
  const asked = async (first: number) => {
    let statements = 0;
    logger.logQuery = () => void (statements += 1);
    const document = `query($first: Int!) { events(first: $first) { nodes { attendance { people } } } }`;
    await t.graphql(document, { first }, group.organizer.key);
    logger.logQuery = logQuery;
    return statements;
  };
  const one = await asked(1);
  expect(one).toBeGreaterThan(1);
  expect(await asked(5)).toBe(one);
});
