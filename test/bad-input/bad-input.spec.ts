import { newId } from '#kernel';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TestEvent, TestGroup } from '../support/builders.ts';
import { post } from '../support/graphql.ts';
import { everythingStored } from '../support/stored.ts';
import { testSystem, type TestSystem } from '../support/system.ts';

let t: TestSystem;
let group: TestGroup;
/** Hybrid, with one person in the room and nobody online. */
let event: TestEvent;
/** A draft without venue and join link. */
let draft: TestEvent;
let seriesId: string;
let registrationId: string;
let administrator: string;

beforeAll(async () => {
  t = await testSystem();
  group = await t.a.group();
  administrator = (await t.a.administrator()).key;
  const venue = { name: 'Library', address: 'Main Street 1' };
  event = await t.a.event(group, { format: 'HYBRID', venue, capacityInPerson: 2 });
  ({ id: registrationId } = await t.a.registration(event, 'ada@example.org', {
    pool: 'IN_PERSON',
    idempotencyKey: 'ada-asks-once',
  }));
  await t.a.registration(event, 'bob@example.org', { pool: 'IN_PERSON' });
  draft = await t.a.event(group, { slug: 'not-ready' });
  await t.db.query(`UPDATE event SET state = 'DRAFT', format = 'HYBRID', join_url = NULL WHERE id = $1`, [draft.id]);
  seriesId = (await asked('createSeries', series())).series.id;
});
afterAll(() => t.stop());

const INPUT_TYPES: Record<string, string> = { publishEvent: 'EventIdInput', finishEvent: 'EventIdInput' };
const inputType = (name: string) => INPUT_TYPES[name] ?? `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
const asked = async (name: string, input: Record<string, unknown>) => {
  const more = name === 'createSeries' ? 'series { id }' : '';
  const document = `mutation($input: ${inputType(name)}!) { ${name}(input: $input) { ${more} userErrors { code field message } } }`;
  const key =
    name === 'createGroup'
      ? administrator
      : ['updateGroup', 'setRole'].includes(name)
        ? group.owner.key
        : group.organizer.key;
  return (await t.graphql(document, { input }, key))[name];
};

const facts = (more: Record<string, unknown> = {}) => ({
  groupId: group.id,
  title: 'An event',
  startsAtLocal: '2026-03-17T17:00',
  endsAtLocal: '2026-03-17T18:30',
  format: 'ONLINE',
  joinUrl: 'https://meet.example/room',
  ...more,
});
const series = (more: Record<string, unknown> = {}) => facts({ slug: 'weekly', rule: 'FREQ=WEEKLY;COUNT=3', ...more });
const change = (more: Record<string, unknown>) => ({ eventId: event.id, ...more });
const person = (more: Record<string, unknown>) => ({
  eventId: event.id,
  pool: 'ONLINE',
  name: 'Cleo',
  email: 'cleo@example.org',
  ...more,
});
const venue = { name: 'Library', address: 'Main Street 1' };
const longAddress = `${'a'.repeat(64)}@${'long.'.repeat(38)}example.org`; // fits every rule of the form, but not 254 characters

/** [what is wrong, the mutation, its input, the code, the field that has to be corrected] */
type Case = [string, string, () => Record<string, unknown>, string, string | null];

const CASES: Case[] = [
  ['a group that does not exist', 'createEvent', () => facts({ groupId: newId() }), 'NOT_FOUND', 'groupId'],
  ['a group id that is none', 'updateGroup', () => ({ groupId: 'lisbon', city: 'Lisbon' }), 'NOT_FOUND', 'groupId'],
  ['an event that does not exist', 'publishEvent', () => ({ eventId: newId() }), 'NOT_FOUND', 'eventId'],
  ['an event id that is none', 'cancelEvent', () => ({ eventId: "' OR true --" }), 'NOT_FOUND', 'eventId'],
  [
    'a series that does not exist',
    'updateSeries',
    () => ({ seriesId: newId(), title: 'New' }),
    'NOT_FOUND',
    'seriesId',
  ],
  [
    'a registration that does not exist',
    'cancelRegistration',
    () => ({ registrationId: 'first' }),
    'NOT_FOUND',
    'registrationId',
  ],
  [
    'a manage link that is not ours',
    'cancelRegistration',
    () => ({ manageToken: 'x'.repeat(43) }),
    'NOT_FOUND',
    'manageToken',
  ],
  ['no registration named at all', 'cancelRegistration', () => ({}), 'NOT_FOUND', 'registrationId'],
  ['a task that does not exist', 'completeRunbookTask', () => ({ taskId: newId(), done: true }), 'NOT_FOUND', 'taskId'],
  [
    'a contribution that does not exist',
    'updateContribution',
    () => ({ contributionId: newId() }),
    'NOT_FOUND',
    'contributionId',
  ],

  [
    'an end before the start',
    'createEvent',
    () => facts({ endsAtLocal: '2026-03-17T16:00' }),
    'ENDS_BEFORE_START',
    'endsAtLocal',
  ],
  [
    'an event that is moved past its end',
    'updateEvent',
    () => change({ startsAtLocal: '2026-03-17T19:00' }),
    'ENDS_BEFORE_START',
    'endsAtLocal',
  ],
  [
    'an event of two months',
    'createEvent',
    () => facts({ endsAtLocal: '2026-05-17T16:00' }),
    'TOO_LONG',
    'endsAtLocal',
  ],
  ['a zone nobody lives in', 'createEvent', () => facts({ timeZone: 'Europe/Atlantis' }), 'ZONE_UNKNOWN', 'timeZone'],
  [
    'a zone in small letters',
    'createSeries',
    () => series({ slug: 'zone', timeZone: 'europe/berlin' }),
    'ZONE_UNKNOWN',
    'timeZone',
  ],
  ['a group in no zone', 'updateGroup', () => ({ groupId: group.id, timeZone: 'Berlin' }), 'ZONE_UNKNOWN', 'timeZone'],
  [
    'a time that the clocks skip',
    'createEvent',
    () => facts({ startsAtLocal: '2026-03-29T02:30', endsAtLocal: '2026-03-29T04:00', timeZone: 'Europe/Berlin' }),
    'SKIPPED',
    'startsAtLocal',
  ],
  [
    'the 30th of February',
    'createEvent',
    () => facts({ startsAtLocal: '2026-02-30T17:00' }),
    'SYNTAX',
    'startsAtLocal',
  ],
  ['a time in words', 'createEvent', () => facts({ startsAtLocal: 'next Tuesday' }), 'INPUT', 'startsAtLocal'],
  [
    'an opening that is no instant',
    'createEvent',
    () => facts({ registrationOpensAt: 'soon' }),
    'INPUT',
    'registrationOpensAt',
  ],
  [
    'registration that closes before it opens',
    'updateEvent',
    () => change({ registrationOpensAt: '2026-03-10T00:00:00Z', registrationClosesAt: '2026-03-09T00:00:00Z' }),
    'CLOSES_BEFORE_OPENING',
    'registrationClosesAt',
  ],

  ['a capacity below nothing', 'createEvent', () => facts({ capacityOnline: -1 }), 'INPUT', 'capacityOnline'],
  ['more seats than people', 'createEvent', () => facts({ capacityOnline: 2_000_000_000 }), 'INPUT', 'capacityOnline'],
  [
    'a capacity below those confirmed',
    'updateEvent',
    () => change({ capacityInPerson: 1 }),
    'CAPACITY_BELOW_CONFIRMED',
    'capacityInPerson',
  ],
  [
    'a format without the room where people have seats',
    'updateEvent',
    () => change({ format: 'ONLINE' }),
    'POOL_IN_USE',
    'format',
  ],
  ['a public event that loses its venue', 'updateEvent', () => change({ venue: null }), 'VENUE_MISSING', 'venue'],
  [
    'a public event that loses its join link',
    'updateEvent',
    () => change({ joinUrl: null }),
    'JOIN_URL_MISSING',
    'joinUrl',
  ],
  ['a meeting without a venue made public', 'publishEvent', () => ({ eventId: draft.id }), 'VENUE_MISSING', 'venue'],

  ['an event without a name', 'createEvent', () => facts({ title: '' }), 'INPUT', 'title'],
  ['an event named with spaces', 'createEvent', () => facts({ title: '   ' }), 'INPUT', 'title'],
  ['a title of 10,000 characters', 'createEvent', () => facts({ title: 'x'.repeat(10_000) }), 'INPUT', 'title'],
  ['a group that loses its name', 'updateGroup', () => ({ groupId: group.id, name: '' }), 'INPUT', 'name'],
  ['a group named with spaces', 'updateGroup', () => ({ groupId: group.id, name: '  ' }), 'INPUT', 'name'],
  ['a venue without a name', 'createEvent', () => facts({ venue: { ...venue, name: '' } }), 'INPUT', 'venue.name'],
  ['a venue named with spaces', 'createEvent', () => facts({ venue: { ...venue, name: ' ' } }), 'INPUT', 'venue.name'],
  [
    'a venue off the globe',
    'createEvent',
    () => facts({ venue: { ...venue, latitude: 91 } }),
    'INPUT',
    'venue.latitude',
  ],
  ['a tag of 1,000 letters', 'createEvent', () => facts({ tags: ['x'.repeat(1000)] }), 'INPUT', 'tags'],
  [
    'a thousand tags',
    'createEvent',
    () => facts({ tags: Array.from({ length: 1000 }, (_, index) => `tag-${index}`) }),
    'INPUT',
    'tags',
  ],
  ['a tag with a space', 'createEvent', () => facts({ tags: ['machine learning'] }), 'INPUT', 'tags'],
  [
    'an address that a browser would run',
    'createEvent',
    () => facts({ joinUrl: 'javascript:alert(1)' }),
    'INPUT',
    'joinUrl',
  ],
  ['an address of another event', 'createEvent', () => facts({ slug: 'not-ready' }), 'SLUG_TAKEN', 'slug'],
  ['an address with spaces', 'createEvent', () => facts({ slug: 'My Event' }), 'INPUT', 'slug'],
  ['a NUL in a title', 'createEvent', () => facts({ title: 'An\0event' }), 'TEXT', 'title'],
  [
    'half a character deep inside',
    'createEvent',
    () => facts({ venue: { ...venue, address: '\ud800' } }),
    'TEXT',
    'venue.address',
  ],
  ['a language that is none', 'createEvent', () => facts({ language: 'Portuguese' }), 'INPUT', 'language'],
  [
    'a speaker without @',
    'updateEvent',
    () => change({ people: [{ name: 'Ada', email: 'ada' }] }),
    'INPUT',
    'people.0.email',
  ],
  [
    'a speaker’s address that is too long',
    'updateEvent',
    () => change({ people: [{ name: 'Ada', email: longAddress }] }),
    'INPUT',
    'people.0.email',
  ],

  ['no name', 'registerForEvent', () => person({ name: '' }), 'INPUT', 'name'],
  ['a name of spaces', 'registerForEvent', () => person({ name: '  ' }), 'NAME_NEEDED', 'name'],
  ['a name of 10,000 characters', 'registerForEvent', () => person({ name: 'x'.repeat(10_000) }), 'INPUT', 'name'],
  ['an e-mail address without @', 'registerForEvent', () => person({ email: 'cleo.example.org' }), 'INPUT', 'email'],
  ['an e-mail address that is too long', 'registerForEvent', () => person({ email: longAddress }), 'INPUT', 'email'],
  [
    'a language that mail cannot be written in',
    'registerForEvent',
    () => person({ language: 'en-ab-cd' }),
    'INPUT',
    'language',
  ],
  ['a NUL in a name', 'registerForEvent', () => person({ name: 'Cleo\0' }), 'TEXT', 'name'],
  ['no pool at a hybrid event', 'registerForEvent', () => person({ pool: null }), 'POOL_NEEDED', 'pool'],
  [
    'an idempotency key of somebody else',
    'registerForEvent',
    () => person({ idempotencyKey: 'ada-asks-once' }),
    'IDEMPOTENCY_KEY_REUSED',
    'idempotencyKey',
  ],
  ['an owner without @', 'setRole', () => ({ groupId: group.id, email: 'ada', role: 'OWNER' }), 'INPUT', 'email'],
  [
    'a member whose address is too long',
    'setRole',
    () => ({ groupId: group.id, email: longAddress, role: 'MEMBER' }),
    'INPUT',
    'email',
  ],
  [
    'a blocked address that is too long',
    'blockPerson',
    () => ({ groupId: group.id, email: longAddress }),
    'INPUT',
    'email',
  ],
  [
    'the last owner stepping down',
    'setRole',
    () => ({ groupId: group.id, email: group.owner.email, role: 'MEMBER' }),
    'LAST_OWNER',
    'email',
  ],
  [
    'a new group at the address of another',
    'createGroup',
    () => ({ slug: group.slug, name: 'New', timeZone: 'Europe/Berlin', ownerEmail: 'owner@example.org' }),
    'SLUG_TAKEN',
    'slug',
  ],
  ['a promotion without a reason', 'promoteFromWaitlist', () => ({ registrationId, reason: '' }), 'INPUT', 'reason'],
  ['nobody at the door', 'checkIn', () => ({ eventId: event.id }), 'WHO', 'ticketCode'],
  ['finishing what has not begun', 'finishEvent', () => ({ eventId: event.id }), 'NOT_OVER', 'eventId'],

  ['a rule without an end', 'createSeries', () => series({ slug: 'bad', rule: 'FREQ=WEEKLY' }), 'RULE_ENDLESS', 'rule'],
  [
    'a rule that no date fits',
    'createSeries',
    () => series({ slug: 'bad', rule: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=3' }),
    'RULE_NEVER',
    'rule',
  ],
  [
    'a rule by the minute',
    'createSeries',
    () => series({ slug: 'bad', rule: 'FREQ=MINUTELY;COUNT=3' }),
    'RULE_UNSUPPORTED',
    'rule',
  ],
  [
    'a rule that is none',
    'createSeries',
    () => series({ slug: 'bad', rule: 'every second Tuesday' }),
    'RULE_SYNTAX',
    'rule',
  ],
  [
    'a rule of 10,000 characters',
    'createSeries',
    () => series({ slug: 'bad', rule: 'F'.repeat(10_000) }),
    'INPUT',
    'rule',
  ],
  ['a series at the address of another', 'createSeries', () => series(), 'SLUG_TAKEN', 'slug'],
  [
    'a time of day that no clock shows',
    'updateSeries',
    () => ({ seriesId, startsAtTime: '25:00' }),
    'INPUT',
    'startsAtTime',
  ],
  ['a series named with spaces', 'updateSeries', () => ({ seriesId, title: ' ' }), 'INPUT', 'title'],
];

describe('refuses, says what to do, and stores nothing:', () => {
  it.each(CASES)('%s (%s)', async (_, name, input, code, field) => {
    const before = await everythingStored(t.db);
    const { userErrors } = await asked(name, input());
    expect(userErrors).toContainEqual({ code, field, message: expect.stringMatching(/^\S.{15,}[.!]$/) });
    expect(await everythingStored(t.db)).toEqual(before);
  });

  it('tells the number of confirmed people when a capacity is too low', async () => {
    const { userErrors } = await asked('updateEvent', change({ capacityInPerson: 0 }));
    expect(userErrors[0].message).toContain('2 people are confirmed');
  });

  it('tells everything that is wrong at once', async () => {
    const { userErrors } = await asked('createEvent', facts({ title: '', capacityOnline: -1, slug: 'My Event' }));
    expect(userErrors.map(({ field }: { field: string }) => field).sort()).toEqual(['capacityOnline', 'slug', 'title']);
    const publishing = await asked('publishEvent', { eventId: draft.id });
    expect(publishing.userErrors.map(({ field }: { field: string }) => field)).toEqual(['venue', 'joinUrl']);
  });
});

describe('null', () => {
  it.each([
    [
      'updateGroup',
      () => ({
        groupId: group.id,
        name: null,
        description: null,
        timeZone: null,
        language: null,
        links: null,
        city: null,
      }),
    ],
    [
      'updateEvent',
      () =>
        change({
          title: null,
          description: null,
          startsAtLocal: null,
          timeZone: null,
          format: null,
          tags: null,
          accessibility: null,
        }),
    ],
    [
      'updateSeries',
      () => ({
        seriesId,
        title: null,
        description: null,
        format: null,
        tags: null,
        accessibility: null,
        durationMinutes: null,
      }),
    ],
    ['updateViewer', () => ({ name: null, language: null, timeZone: null })],
    ['updateContribution', () => ({ contributionId: newId(), title: null, state: null })],
  ] as const)('is no accident in %s', async (name, input) => {
    const { userErrors } = await asked(name, input());
    expect(userErrors).toEqual(name === 'updateContribution' ? [expect.objectContaining({ code: 'NOT_FOUND' })] : []);
  });
});

describe('a list refuses', () => {
  const refusal = async (query: string, variables: Record<string, unknown> = {}) => {
    const { errors } = await post(t.url, query, variables, group.organizer.key);
    return errors[0].extensions;
  };
  const EVENTS =
    'query($first: Int, $after: String, $filter: EventFilter) { events(first: $first, after: $after, filter: $filter) { nodes { id } } }';
  const marker = (...parts: unknown[]) => Buffer.from(JSON.stringify(parts)).toString('base64url');

  it.each([0, -1, 101])('a page of %d', async (first) => {
    expect(await refusal(EVENTS, { first })).toEqual({ code: 'PAGE_SIZE', field: 'first' });
  });

  it.each([
    ['nonsense', 'nonsense'],
    ['of another list', marker('2026-03-17')],
    ['without a date', marker('tomorrow', newId())],
    ['without an id', marker('2026-03-17T16:00:00.000Z', "' OR true")],
    ['with NUL', marker('2026-03-17T16:00:00.000Z', '\0')],
    ['far in the future', marker('+275760-09-13T00:00:00.000Z', newId())],
    ['before all time', marker('0000-01-01T00:00:00.000Z', newId())],
  ])('a page marker %s', async (_, after) => {
    expect(await refusal(EVENTS, { after })).toEqual({ code: 'CURSOR', field: 'after' });
    const attendees =
      'query($slug: String!, $after: String) { event(slug: $slug) { attendees(after: $after) { nodes { id } } } }';
    expect(await refusal(attendees, { slug: event.slug, after })).toEqual({ code: 'CURSOR', field: 'after' });
    const record = 'query($after: String) { contributions(after: $after) { nodes { id } } }';
    expect(await refusal(record, { after })).toEqual({ code: 'CURSOR', field: 'after' });
  });

  it('a date that is none', async () => {
    expect(await refusal(EVENTS, { filter: { from: 'yesterday' } })).toEqual({ code: 'INPUT', field: 'from' });
  });

  it.each(['+275760-09-13T00:00:00Z', '0000-01-01T00:00:00Z'])('the far date %s', async (from) => {
    expect(await refusal(EVENTS, { filter: { from } })).toEqual({ code: 'TEXT', field: 'from' });
  });

  it('a NUL in what it searches for', async () => {
    expect(await refusal('query($slug: String!) { group(slug: $slug) { id } }', { slug: '\0' })).toMatchObject({
      code: 'TEXT',
    });
  });
});

it('has nothing at an address nobody gave', async () => {
  expect(
    await t.graphql('{ event(slug: "nowhere") { id } group(slug: "nowhere") { id } series(slug: "nowhere") { id } }'),
  ).toEqual({
    event: null,
    group: null,
    series: null,
  });
});

it('tells nothing about the inside when something breaks', async () => {
  await t.db.query('DROP TABLE measure, contribution');
  const input = { contributionId: newId(), note: 'x' };
  const query = await post(t.url, '{ contributions { nodes { title } } }', {}, group.organizer.key);
  const document =
    'mutation($input: UpdateContributionInput!) { updateContribution(input: $input) { userErrors { code } } }';
  const mutation = await post(t.url, document, { input }, group.organizer.key);
  for (const { errors } of [query, mutation]) {
    expect(errors).toEqual([
      {
        message: 'Something went wrong on our side. It was noted; please try again in a moment.',
        path: expect.any(Array),
        extensions: { code: 'INTERNAL_SERVER_ERROR' },
      },
    ]);
  }
});
