import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { payload, type TestEvent, type TestGroup } from '../support/builders.ts';
import { CANCEL_EVENT, CREATE_SERIES } from '../support/documents.ts';
import { testSystem, type TestSystem } from '../support/system.ts';

let t: TestSystem;
let group: TestGroup;
beforeAll(async () => {
  t = await testSystem();
  group = await t.a.group();
});
afterAll(() => t.stop());
beforeEach(() => t.clock.moveTo('2026-03-01T12:00:00Z'));

const COPY = `mutation($input: CopyEventInput!) { copyEvent(input: $input) { event { id slug } userErrors { code field message } } }`;
const copy = async (event: { id: string }, facts: Record<string, unknown> = {}, key = group.organizer.key) => {
  const input = { eventId: event.id, startsAtLocal: '2026-06-16T17:00', ...facts };
  return (await t.graphql(COPY, { input }, key)).copyEvent;
};
const row = async ({ id }: { id: string }) => (await t.db.query('SELECT * FROM event WHERE id = $1', [id]))[0];
const people = ({ id }: { id: string }) =>
  t.db.query(
    `SELECT role, person.name, topic FROM event_person JOIN person ON person.id = person_id WHERE event_id = $1 ORDER BY role, name`,
    [id],
  );

/** An event about which everything was decided. */
const aRichEvent = (): Promise<TestEvent> =>
  t.a.event(group, {
    title: 'Maps for the food bank',
    description: 'An **evening**',
    format: 'HYBRID',
    language: 'de',
    timeZone: 'Europe/Lisbon',
    venue: { name: 'The Old Mill', address: 'Mill Lane 3' },
    capacityInPerson: 40,
    capacityOnline: 100,
    tags: ['maps'],
    accessibility: { stepFree: true, notes: 'Ring twice' },
    guestLimit: 2,
    askStillComing: true,
    approvalRequired: true,
    registrationOpensAt: '2026-02-01T08:00:00Z',
    registrationClosesAt: '2026-03-17T08:00:00Z',
    questions: [{ kind: 'SHORT_TEXT', label: 'What brings you?', required: true }],
    people: [
      { name: 'Hanna', email: 'hanna@example.org', role: 'HOST', topic: 'Doors' },
      { name: 'Samira', email: 'samira@example.org', role: 'SPEAKER', topic: 'Maps' },
    ],
  });

it('keeps what was decided and drops what belonged to that day', async () => {
  const event = await aRichEvent();
  await t.db.query(
    `UPDATE event SET recording_url = 'https://video.example', sequence = 3, taken_online = 5, registration_count = 9,
                      attended_online = 4, form_version = 7 WHERE id = $1`,
    [event.id],
  );
  const before = await row(event);
  const after = await row(payload(await copy(event)).event);
  const kept = ({ title, description, time_zone, language, format, venue_id, ...facts }: Record<string, unknown>) => ({
    ...{ title, description, time_zone, language, format, venue_id },
    ...{ inPerson: facts.capacity_in_person, online: facts.capacity_online, tags: facts.tags },
    ...{ accessibility: facts.accessibility, guests: facts.guest_limit, approval: facts.approval_required },
    still: facts.ask_still_coming,
  });
  expect(kept(after)).toEqual(kept(before));
  expect(after).toMatchObject({
    state: 'DRAFT',
    starts_at_local: '2026-06-16T17:00',
    ends_at_local: '2026-06-16T18:30',
    starts_at: new Date('2026-06-16T16:00:00Z'),
    slug: 'maps-for-the-food-bank-2026-06-16',
    join_url: null,
    registration_opens_at: null,
    registration_closes_at: null,
    recording_url: null,
    series_id: null,
    sequence: 0,
    taken_online: 0,
    registration_count: 0,
    attended_online: 0,
    last_waitlist_number: 0,
  });
  expect(await row(event)).toEqual(before);
});

it('asks the same questions under new ids, so that no answers come along', async () => {
  const event = await aRichEvent();
  const [before] = (await row(event)).questions;
  const [after] = (await row(payload(await copy(event)).event)).questions;
  expect(after).toEqual({ ...before, id: expect.any(String) });
  expect(after.id).not.toBe(before.id);
});

it('keeps hosts, and leaves speakers with their topics behind', async () => {
  const event = await aRichEvent();
  expect(await people(payload(await copy(event, {}, group.owner.key)).event)).toEqual([
    { role: 'HOST', name: 'Hanna', topic: null },
    { role: 'ORGANIZER', name: 'Owner', topic: null },
  ]);
});

it('takes another end and address when they are given', async () => {
  const event = await aRichEvent();
  const slug = 'summer-maps';
  const made = payload(await copy(event, { endsAtLocal: '2026-06-16T21:00', slug })).event;
  expect(await row(made)).toMatchObject({ slug, ends_at_local: '2026-06-16T21:00' });
  expect((await copy(event, { slug })).userErrors).toMatchObject([{ code: 'SLUG_TAKEN', field: 'slug' }]);
});

it('can be done twice for the same day', async () => {
  const event = await t.a.event(group, { title: 'Twice' });
  const slugs = [payload(await copy(event)).event.slug, payload(await copy(event)).event.slug];
  expect(slugs).toEqual(['twice-2026-06-16', expect.stringMatching(/^twice-2026-06-16-\w{8}$/)]);
});

it('frees an occurrence from its series, and holds a cancelled event again', async () => {
  const input = {
    ...{ groupId: group.id, slug: 'weekly', title: 'Weekly', rule: 'FREQ=WEEKLY;COUNT=1', format: 'ONLINE' },
    ...{ startsAtLocal: '2026-03-17T17:00', endsAtLocal: '2026-03-17T18:30', joinUrl: 'https://meet.example/room' },
  };
  await t.graphql(CREATE_SERIES, { input }, group.organizer.key);
  const [occurrence] = await t.db.query(`SELECT id FROM event WHERE title = 'Weekly'`);
  payload((await t.graphql(CANCEL_EVENT, { input: { eventId: occurrence.id } }, group.organizer.key)).cancelEvent);
  const copied = payload(await copy(occurrence)).event;
  expect(await row(copied)).toMatchObject({ state: 'DRAFT', series_id: null, occurrence_key: null });
});

it('refuses a time that no clock shows', async () => {
  const event = await t.a.event(group);
  const codes = async (facts: object) =>
    (await copy(event, { ...facts })).userErrors.map(({ code, field }: Record<string, string>) => [code, field]);
  expect(await codes({ startsAtLocal: '2026-03-29T02:30' })).toEqual([['SKIPPED', 'startsAtLocal']]);
  expect(await codes({ startsAtLocal: '2026-02-31T17:00' })).toEqual([['SYNTAX', 'startsAtLocal']]);
  expect(await codes({ startsAtLocal: '2026-99-99T17:00' })).toEqual([['SYNTAX', 'startsAtLocal']]);
  expect(await codes({ endsAtLocal: '2026-06-16T16:00' })).toEqual([['ENDS_BEFORE_START', 'endsAtLocal']]);
  expect(await codes({ startsAtLocal: 'tomorrow' })).toEqual([['INPUT', 'startsAtLocal']]);
});

it('is for those who organize the group of the event', async () => {
  const event = await t.a.event(group);
  const codeFor = async (key: string, eventId = event.id) => (await copy({ id: eventId }, {}, key)).userErrors[0]?.code;
  expect(await codeFor(group.host.key)).toBe('FORBIDDEN');
  expect(await codeFor((await t.a.group()).owner.key)).toBe('FORBIDDEN');
  expect(await codeFor(group.owner.key, 'no-id')).toBe('NOT_FOUND');
  const made = payload(await copy(event, {}, group.owner.key)).event;
  const acts = await t.db.query('SELECT act, details FROM history_entry WHERE subject_id = $1 ORDER BY id', [made.id]);
  expect(acts).toEqual([
    { act: 'event.created', details: {} },
    { act: 'event.copied', details: { from: event.id } },
  ]);
});
