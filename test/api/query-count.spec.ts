import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import type { TestEvent, TestGroup } from '../support/builders.ts';
import { testSystem, type TestSystem } from '../support/system.ts';

let t: TestSystem;
let group: TestGroup;
let event: TestEvent;
beforeAll(async () => {
  t = await testSystem();
  group = await t.a.group();
  for (let index = 0; index < 12; index += 1)
    event = await t.a.event(group, {
      format: 'HYBRID',
      venue: { name: `Hall ${index}`, address: 'Main Street 1' },
      capacityInPerson: 0, // so that each of them waits, and every page needs the same queries
      people: [{ name: 'Samira', email: 'samira@example.org', role: 'SPEAKER' }],
    });
  for (let index = 0; index < 12; index += 1)
    await t.a.registration(event, `person-${index}@example.org`, { pool: 'IN_PERSON' });
}, 60_000);
afterAll(() => t.stop());

/** How many statements the API sends to PostgreSQL for a document. */
async function statementsFor(document: string, variables: Record<string, unknown>): Promise<number> {
  const { logger } = t.api.app.get(DataSource);
  let statements = 0;
  const logQuery = logger.logQuery.bind(logger);
  logger.logQuery = () => void (statements += 1);
  try {
    await t.graphql(document, variables, group.organizer.key);
  } finally {
    logger.logQuery = logQuery;
  }
  return statements;
}

it.each([
  [
    'events',
    `query($first: Int!) { events(first: $first) { totalCount nodes { title joinUrl group { name } venue { name } people { name role } pools { taken } } } }`,
  ],
  [
    'attendees',
    `query($first: Int!, $slug: String!) { event(slug: $slug) { attendees(first: $first) { totalCount nodes { name email state waitlistPosition event { title } } } } }`,
  ],
])('asks the database as often for ten %s as for two', async (_, document) => {
  const variables = { slug: event.slug };
  const two = await statementsFor(document, { ...variables, first: 2 });
  expect(two).toBeGreaterThan(1);
  expect(await statementsFor(document, { ...variables, first: 10 })).toBe(two);
});

it('asks the database as often for fifty attendees with all there is to tell of them as for five', async () => {
  const crowded = await t.a.event(group, {
    capacityOnline: 2, // nearly all wait, so that each page needs their places in line
    guestLimit: 1,
    questions: [{ kind: 'SHORT_TEXT', label: 'What brings you?' }],
  });
  for (let index = 0; index < 26; index += 1)
    await t.a.registration(crowded, `guest-${index}@example.org`, {
      name: `Gu ${index}`,
      guests: [{ name: `Gu ${index} plus` }],
    });
  // Each guest right behind whoever brings them: a page of five has both kinds too.
  await t.db.query(
    `UPDATE registration SET registered_at = registered_at + coalesce(waitlist_number, 0) * interval '1 minute'
                                           + (party_id IS NOT NULL)::int * interval '1 second' WHERE event_id = $1`,
    [crowded.id],
  );
  const document = `query($first: Int!, $slug: String!, $sort: AttendeeSort!, $filter: AttendeeFilter) { event(slug: $slug) {
    attendees(first: $first, sort: $sort, filter: $filter) { totalCount nodes {
      name email state pool ticketCode joinUrl attendance waitlistPosition event { title }
      answers { label text } missingAnswers { label } guests { name ticketCode state } invitedBy { name email }
      history { at act by } attendanceRecord { attended rate } } } } }`;
  for (const variables of [
    { sort: 'REGISTERED_AT' },
    { sort: 'NAME', filter: { states: ['WAITLISTED'], text: 'gu' } },
  ]) {
    const five = await statementsFor(document, { ...variables, slug: crowded.slug, first: 5 });
    expect(await statementsFor(document, { ...variables, slug: crowded.slug, first: 50 })).toBe(five);
  }
});
