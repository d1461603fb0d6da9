import { personalToken } from '#kernel';
import { JoinService } from '#attendance';
import { LedgerSweep } from '#impact';
import { JOIN } from '#registration';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { payload, type TestEvent, type TestGroup, type TestPerson } from '../support/builders.ts';
import { testConfig } from '../support/config.ts';
import { ADD_WALK_IN, CHECK_IN, FINISH_EVENT, UNDO_CHECK_IN, UPDATE_EVENT } from '../support/documents.ts';
import { testSystem, type TestSystem } from '../support/system.ts';

let t: TestSystem;
let group: TestGroup;
beforeAll(async () => {
  t = await testSystem();
});
afterAll(() => t.stop());
beforeEach(async () => {
  t.clock.moveTo('2026-03-01T12:00:00Z');
  group = await t.a.group('Europe/Berlin');
});

interface Entry {
  id: string;
  title: string;
  role: string;
  note: string;
  state: string;
  happenedOn: string;
  event: { slug: string };
  measures: { name: string; value: number; basis: string; source: string }[];
}

const asked = async (document: string, name: string, input: Record<string, unknown>, key = group.organizer.key) =>
  payload((await t.graphql(document, { input }, key))[name]);
const checkIn = (event: TestEvent, ticketCode: string) => asked(CHECK_IN, 'checkIn', { eventId: event.id, ticketCode });
const writeDown = () => t.doTask(LedgerSweep);
/** Ends the event an hour after its end and writes it down. */
const finish = async (event: TestEvent) => {
  const [{ ends_at }] = await t.db.query('SELECT ends_at FROM event WHERE id = $1', [event.id]);
  t.clock.moveTo(new Date(ends_at.getTime() + 3_600_000));
  await asked(FINISH_EVENT, 'finishEvent', { eventId: event.id });
  await writeDown();
};
const recordOf = async (person: TestPerson): Promise<Entry[]> => {
  const document = `{ contributions { nodes { id title role note state happenedOn event { slug } measures { name value basis source } } } }`;
  return (await t.graphql(document, {}, person.key)).contributions.nodes;
};
const numbersIn = (entry: Entry | undefined) =>
  Object.fromEntries(entry?.measures.map(({ name, value }) => [name, value]) ?? []);
const numbersOf = async (event: TestEvent) =>
  numbersIn((await recordOf(group.organizer)).find((entry) => entry.event.slug === event.slug));
const everythingWritten = async () => [
  await t.db.query('SELECT * FROM contribution ORDER BY id'),
  await t.db.query('SELECT * FROM measure ORDER BY id'),
];

const UPDATE = `mutation($input: UpdateContributionInput!) { updateContribution(input: $input) { contribution { id } userErrors { code field message } } }`;

describe('a finished event', () => {
  it('drafts an entry for its organizer, host and speaker, each in their own record', async () => {
    const [host, speaker] = [await t.a.person('Hana'), await t.a.person('Sam')];
    const event = await t.a.event(group, {
      title: 'March meetup',
      people: [
        { name: 'Hana', email: host.email, role: 'HOST' },
        { name: 'Sam', email: speaker.email, role: 'SPEAKER', topic: 'Calendars that move' },
      ],
    });
    await finish(event);
    const entries = await Promise.all([group.organizer, host, speaker, group.owner].map(recordOf));
    expect(
      entries.map((list) => list.map(({ role, title, state, happenedOn }) => [role, title, state, happenedOn])),
    ).toEqual([
      [['ORGANIZER', 'March meetup', 'DRAFT', '2026-03-17']],
      [['HOST', 'March meetup', 'DRAFT', '2026-03-17']],
      [['SPEAKER', 'Calendars that move', 'DRAFT', '2026-03-17']],
      [],
    ]);
  });

  it('says each number with how it is known and where it was read', async () => {
    const venue = { name: 'Library', address: 'Main Street 1' };
    const event = await t.a.event(group, { format: 'HYBRID', venue });
    const there = await t.a.registration(event, 'there@example.org', { pool: 'IN_PERSON' });
    await t.a.registration(event, 'missed@example.org', { pool: 'IN_PERSON' });
    await t.a.registration(event, 'online@example.org', { pool: 'ONLINE' });
    await checkIn(event, there.ticketCode);
    await finish(event);
    const [entry] = await recordOf(group.organizer);
    const source = `event:${event.id}`;
    expect(entry?.measures).toEqual([
      { name: 'first_timers', value: 1, basis: 'checked_in', source },
      { name: 'live_in_person', value: 1, basis: 'checked_in', source },
      { name: 'no_shows', value: 1, basis: 'checked_in', source },
      { name: 'registered', value: 3, basis: 'registered', source },
      { name: 'sessions', value: 1, basis: 'event', source },
      { name: 'unique_people', value: 1, basis: 'checked_in', source },
    ]); // nothing of live_online: nobody took attendance there
  });

  it('says of each number all the ways in which it is known', async () => {
    const venue = { name: 'Library', address: 'Main Street 1' };
    const event = await t.a.event(group, { format: 'HYBRID', venue });
    const scanned = await t.a.registration(event, 'scanned@example.org', { pool: 'IN_PERSON' });
    await checkIn(event, scanned.ticketCode);
    const online = await t.a.registration(event, 'online@example.org', { pool: 'ONLINE' });
    const token = personalToken(testConfig(t.databaseUrl).secret, JOIN, online.id, 1);
    t.clock.moveTo('2026-03-17T16:00:00Z');
    await t.api.app.get(JoinService).join(token);
    await finish(event);
    const [entry] = await recordOf(group.organizer);
    expect(Object.fromEntries(entry?.measures.map(({ name, basis }) => [name, basis]) ?? [])).toEqual({
      sessions: 'event',
      registered: 'registered',
      live_in_person: 'checked_in',
      live_online: 'joined',
      unique_people: 'checked_in+joined',
      first_timers: 'checked_in+joined',
      no_shows: 'checked_in+joined',
    });
  });

  it('counts guests and walk-ins without an address as people, but nobody knows if it was their first time', async () => {
    const event = await t.a.event(group, { guestLimit: 1 });
    const { ticketCode } = await t.a.registration(event, 'lead@example.org', { guests: [{ name: 'Guest' }] });
    await checkIn(event, ticketCode);
    await asked(CHECK_IN, 'checkIn', { eventId: event.id, name: 'Guest' });
    await asked(ADD_WALK_IN, 'addWalkIn', { eventId: event.id, name: 'Walter' });
    await finish(event);
    expect(await numbersOf(event)).toEqual({
      sessions: 1,
      registered: 3,
      live_online: 3,
      unique_people: 3,
      first_timers: 1,
      no_shows: 0,
    });
  });

  it('claims nobody’s attendance where it was not taken', async () => {
    const event = await t.a.event(group);
    await t.a.registration(event, 'perhaps@example.org');
    await finish(event);
    expect(await numbersOf(event)).toEqual({ sessions: 1, registered: 1 });
  });

  it('is written down once, however often the sweep runs', async () => {
    const event = await t.a.event(group);
    await checkIn(event, (await t.a.registration(event, 'once@example.org')).ticketCode);
    await finish(event);
    const written = await everythingWritten();
    t.clock.moveTo('2026-03-20T12:00:00Z');
    await writeDown();
    expect(await everythingWritten()).toEqual(written);
  });

  it('is also written for a speaker who is named afterwards', async () => {
    const event = await t.a.event(group);
    await finish(event);
    const speaker = await t.a.person('Late');
    await asked(UPDATE_EVENT, 'updateEvent', { eventId: event.id, people: [{ name: 'Late', email: speaker.email }] });
    await writeDown();
    expect(await recordOf(speaker)).toMatchObject([{ role: 'SPEAKER', event: { slug: event.slug } }]);
    expect(await recordOf(group.organizer)).toHaveLength(1);
  });

  it('that was called off or is not settled is nobody’s merit yet', async () => {
    const event = await t.a.event(group);
    t.clock.moveTo('2026-03-17T18:00:00Z');
    await writeDown();
    expect(await recordOf(group.organizer)).toEqual([]);
    expect(event.slug).toBeTruthy();
  });
});

describe('first-timers', () => {
  const april = { startsAtLocal: '2026-04-21T17:00', endsAtLocal: '2026-04-21T18:00' };

  it('are those never seen at an earlier event of the group', async () => {
    const [first, second] = [await t.a.event(group), await t.a.event(group, april)];
    const elsewhere = await t.a.group();
    const theirs = await t.a.event(elsewhere);
    for (const [event, email] of [
      [first, 'ada'],
      [first, 'bob'],
      [second, 'ada'],
      [second, 'cleo'],
      [second, 'dan'],
    ] as const)
      await checkIn(event, (await t.a.registration(event, `${email}@example.org`)).ticketCode);
    await t.a.registration(first, 'dan@example.org'); // registered, but was not there
    const cleo = await t.a.registration(theirs, 'cleo@example.org');
    await asked(CHECK_IN, 'checkIn', { eventId: theirs.id, ticketCode: cleo.ticketCode }, elsewhere.organizer.key);
    await finish(first);
    await finish(second);
    expect(await numbersOf(first)).toMatchObject({ unique_people: 2, first_timers: 2 });
    expect(await numbersOf(second)).toMatchObject({ unique_people: 3, first_timers: 2 });
  });

  it('of a later event are counted anew when an earlier one is corrected', async () => {
    const [first, second] = [await t.a.event(group), await t.a.event(group, april)];
    for (const event of [first, second])
      await checkIn(event, (await t.a.registration(event, 'regular@example.org')).ticketCode);
    const overlooked = await t.a.registration(first, 'overlooked@example.org');
    await checkIn(second, (await t.a.registration(second, 'overlooked@example.org')).ticketCode);
    await finish(first);
    await finish(second);
    expect(await numbersOf(second)).toMatchObject({ first_timers: 1 });
    await checkIn(first, overlooked.ticketCode);
    await writeDown();
    expect(await numbersOf(second)).toMatchObject({ first_timers: 0 });
    await asked(UNDO_CHECK_IN, 'undoCheckIn', { registrationId: overlooked.id });
    await writeDown();
    expect(await numbersOf(second)).toMatchObject({ first_timers: 1 });
  });
});

describe('a record', () => {
  it('keeps its owner’s words when the numbers are corrected, and the old numbers beside the new', async () => {
    const event = await t.a.event(group);
    const seen = await t.a.registration(event, 'seen@example.org');
    const missed = await t.a.registration(event, 'was-there@example.org');
    await checkIn(event, seen.ticketCode);
    await finish(event);
    const [{ id } = { id: '' }] = await recordOf(group.organizer);
    const words = { title: 'Our best evening', note: 'The list at the door was lost for an hour.', state: 'CONFIRMED' };
    await asked(UPDATE, 'updateContribution', { contributionId: id, ...words });
    await checkIn(event, missed.ticketCode);
    await writeDown();
    const [entry] = await recordOf(group.organizer);
    expect(entry).toMatchObject(words);
    expect(numbersIn(entry)).toMatchObject({ live_online: 2, no_shows: 0 });
    const lines = await t.db.query(
      `SELECT name, value FROM measure WHERE contribution_id = $1 AND name IN ('live_online', 'no_shows', 'registered') ORDER BY id`,
      [id],
    );
    expect(lines.slice(0, 3)).toEqual(
      expect.arrayContaining([
        { name: 'live_online', value: 1 },
        { name: 'no_shows', value: 1 },
        { name: 'registered', value: 2 },
      ]),
    );
    expect(lines.slice(3)).toEqual(
      expect.arrayContaining([
        { name: 'live_online', value: 2 },
        { name: 'no_shows', value: 0 },
      ]),
    );
    expect(lines).toHaveLength(5); // what did not change has no new line
  });

  it('is seen and changed by its owner alone', async () => {
    await finish(await t.a.event(group));
    const [{ id } = { id: '' }] = await recordOf(group.organizer);
    expect(await recordOf(group.owner)).toEqual([]);
    const { updateContribution } = await t.graphql(
      UPDATE,
      { input: { contributionId: id, note: 'Mine' } },
      group.owner.key,
    );
    expect(updateContribution.userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
    expect((await recordOf(group.organizer))[0]?.note).toBe('');
  });

  it('is read page by page, newest first', async () => {
    for (const day of ['10', '11', '12'])
      await finish(
        await t.a.event(group, { startsAtLocal: `2026-03-${day}T17:00`, endsAtLocal: `2026-03-${day}T18:00` }),
      );
    const document = `query($after: String) { contributions(first: 2, after: $after) { totalCount nodes { happenedOn } pageInfo { hasNextPage endCursor } } }`;
    const { contributions: page } = await t.graphql(document, {}, group.organizer.key);
    expect(page).toMatchObject({
      totalCount: 3,
      nodes: [{ happenedOn: '2026-03-12' }, { happenedOn: '2026-03-11' }],
      pageInfo: { hasNextPage: true },
    });
    const { contributions: rest } = await t.graphql(document, { after: page.pageInfo.endCursor }, group.organizer.key);
    expect(rest).toMatchObject({ nodes: [{ happenedOn: '2026-03-10' }], pageInfo: { hasNextPage: false } });
  });
});
