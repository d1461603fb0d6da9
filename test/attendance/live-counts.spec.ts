import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createClient, type Client } from 'graphql-ws';
import { WebSocket } from 'ws';
import { startApi, type RunningApi } from '../../apps/api/src/api.ts';
import { type TestEvent, type TestGroup } from '../support/builders.ts';
import { testConfig } from '../support/config.ts';
import { CANCEL, CHECK_IN, UPDATE_EVENT } from '../support/documents.ts';
import { testSystem, type TestSystem } from '../support/system.ts';

const COUNTS = `subscription($eventId: ID!) { eventCounts(eventId: $eventId) { pools { pool capacity taken waiting attended } } }`;

let t: TestSystem;
let other: RunningApi;
let group: TestGroup;
let stranger: TestGroup;
const clients: Client[] = [];
beforeAll(async () => {
  t = await testSystem();
  other = await startApi({ config: testConfig(t.databaseUrl, t.smtp.url), clock: t.clock });
  [group, stranger] = [await t.a.group(), await t.a.group()];
}, 60_000);
afterAll(async () => {
  for (const client of clients) await client.dispose();
  await other.stop();
  await t.stop();
});

/** Somebody's open line to the other process than the one through which things happen. */
function lineOf(key: string | undefined, url = other.url): Client {
  const client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams: key ? { authorization: `Bearer ${key}` } : {},
  });
  clients.push(client);
  return client;
}

type Told = { pools: { pool: string; capacity: number | null; taken: number; waiting: number; attended: number }[] };

const watch = (event: TestEvent, key: string | undefined) =>
  lineOf(key).iterate<{ eventCounts: Told }>({ query: COUNTS, variables: { eventId: event.id } });

/** What is told next, of the only pool there is. */
const next = async (told: ReturnType<typeof watch>) => {
  const { value } = await told.next();
  if (value.errors) throw new Error(value.errors.map(({ message }: { message: string }) => message).join());
  const [{ taken, waiting, attended, capacity }] = value.data.eventCounts.pools;
  return { capacity, taken, waiting, attended };
};

describe('the numbers at the door', () => {
  it('are told at once, and again when something changes through another process', async () => {
    const event = await t.a.event(group, { capacityOnline: 1 });
    const told = watch(event, group.host.key);
    expect(await next(told)).toEqual({ capacity: 1, taken: 0, waiting: 0, attended: 0 });
    const ada = await t.a.registration(event, 'ada@example.org');
    expect(await next(told)).toEqual({ capacity: 1, taken: 1, waiting: 0, attended: 0 });
    await t.a.registration(event, 'bob@example.org');
    expect(await next(told)).toEqual({ capacity: 1, taken: 1, waiting: 1, attended: 0 });
    await t.graphql(UPDATE_EVENT, { input: { eventId: event.id, capacityOnline: 2 } }, group.organizer.key);
    expect(await next(told)).toEqual({ capacity: 2, taken: 2, waiting: 0, attended: 0 });
    t.clock.moveTo('2026-03-17T15:55:00Z');
    await t.graphql(CHECK_IN, { input: { eventId: event.id, registrationId: ada.id } }, group.host.key);
    expect(await next(told)).toEqual({ capacity: 2, taken: 2, waiting: 0, attended: 1 });
    t.clock.moveTo('2026-03-01T12:00:00Z');
    await told.return?.();
  });

  it('come to several watchers of one event, and tell nobody about another', async () => {
    const [event, elsewhere] = [await t.a.event(group), await t.a.event(group)];
    const [one, two, quiet] = [event, event, elsewhere].map((each) => watch(each, group.organizer.key));
    if (!one || !two || !quiet) throw new Error('There are three');
    for (const told of [one, two, quiet]) expect((await next(told)).taken).toBe(0);
    const { id } = await t.a.registration(event, 'cleo@example.org');
    expect([(await next(one)).taken, (await next(two)).taken]).toEqual([1, 1]);
    const heard = next(quiet);
    await t.graphql(CANCEL, { input: { registrationId: id } }, group.organizer.key);
    expect([(await next(one)).taken, (await next(two)).taken]).toEqual([0, 0]);
    expect(
      await Promise.race([heard.then(() => 'heard'), new Promise((resolve) => setTimeout(resolve, 300, 'nothing'))]),
    ).toBe('nothing');
    for (const told of [one, two, quiet]) void told.return?.();
  });

  it.each([
    ['a stranger', () => undefined],
    ['a member', () => group.member.key],
    ['an organizer of another group', () => stranger.organizer.key],
  ])('are not for %s', async (_, key) => {
    const event = await t.a.event(group);
    await expect(next(watch(event, key()))).rejects.toThrow(/sign in|Only organizers/);
  });

  it('end for a host who is no longer one', async () => {
    const event = await t.a.event(group);
    const told = watch(event, group.host.key);
    await next(told);
    await t.db.query(`UPDATE membership SET role = 'MEMBER' WHERE person_id = $1`, [group.host.id]);
    await t.a.registration(event, 'dan@example.org');
    expect(await told.next()).toMatchObject({ done: true });
    await t.db.query(`UPDATE membership SET role = 'HOST' WHERE person_id = $1`, [group.host.id]);
  });
});

describe('an open line', () => {
  const refusal = async (client: Client, query: string): Promise<string> => {
    const told = client.iterate({ query });
    return told.next().then(
      () => 'taken',
      (errors: { message: string }[]) => errors.map(({ message }) => message).join(),
    );
  };

  it('takes subscriptions only', async () => {
    expect(await refusal(lineOf(undefined), '{ viewer { id } }')).toMatch(/Only subscriptions/);
  });

  it('keeps the limits of the API', async () => {
    const nested = `subscription { eventCounts(eventId: "x") ${'{ pools '.repeat(1)}{ ${Array.from({ length: 31 }, (_, index) => `a${index}: taken`).join(' ')} } } }`;
    expect(await refusal(lineOf(undefined), nested)).toMatch(/[Aa]liases/);
  });

  it('is closed to a key that does not work, to messages that are too large, and on other paths', async () => {
    await expect(next(watch(await t.a.event(group), 'gt_not-a-key'))).rejects.toMatchObject({ code: 4403 });
    const closed = (path: string, message: string | null): Promise<number> =>
      new Promise((resolve) => {
        const socket = new WebSocket(`${other.url.replace('http', 'ws')}${path}`, 'graphql-transport-ws');
        socket.on('open', () => message && socket.send(message));
        socket.on('error', () => undefined);
        socket.on('close', (code) => resolve(code));
      });
    expect(await closed('/graphql', 'x'.repeat(20_000))).toBe(1009);
    expect(await closed('/elsewhere', null)).toBe(1006);
  });

  it('does not keep a process from stopping', async () => {
    const third = await startApi({ config: testConfig(t.databaseUrl, t.smtp.url), clock: t.clock });
    const event = await t.a.event(group);
    const line = lineOf(group.host.key, third.url);
    const closed = new Promise((resolve) => line.on('closed', resolve));
    await line.iterate({ query: COUNTS, variables: { eventId: event.id } }).next();
    await third.stop();
    expect(await closed).toMatchObject({ code: 1001 });
  });
});
