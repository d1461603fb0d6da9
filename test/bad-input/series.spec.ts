import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { payload, type TestGroup } from '../support/builders.ts';
import { CREATE_SERIES } from '../support/documents.ts';
import { post } from '../support/graphql.ts';
import { everythingStored } from '../support/stored.ts';
import { testSystem, type TestSystem } from '../support/system.ts';

let t: TestSystem;
let group: TestGroup;
let series: { id: string };
let occurrence: { id: string };
let event: { id: string };

beforeAll(async () => {
  t = await testSystem();
  group = await t.a.group('Europe/Berlin');
  event = await t.a.event(group);
  const { createSeries } = await t.graphql(CREATE_SERIES, { input: plan({}) }, group.organizer.key);
  ({ series } = payload(createSeries));
  [occurrence] = await t.db.query('SELECT id FROM event WHERE series_id = $1 ORDER BY starts_at', [series.id]);
});
afterAll(() => t.stop());

const plan = (more: Record<string, unknown>) => ({
  groupId: group.id,
  slug: 'planned',
  title: 'Planned',
  startsAtLocal: '2026-03-17T17:00',
  endsAtLocal: '2026-03-17T18:30',
  format: 'ONLINE',
  joinUrl: 'https://meet.example/room',
  rule: 'FREQ=WEEKLY;BYDAY=TU;COUNT=4',
  ...more,
});
const edit = (more: Record<string, unknown>) => ({ seriesId: series.id, ...more });
const following = (more: Record<string, unknown>) => edit({ scope: 'FOLLOWING', from: occurrence.id, ...more });
const task = (more: Record<string, unknown>) => ({
  eventId: event.id,
  title: 'Order pizza',
  dueOn: '2026-03-16',
  ...more,
});

/** [what is wrong, the mutation, its input, the code, the field that has to be corrected, words that help] */
type Case = [string, string, () => Record<string, unknown>, string, string | null, string];

const CASES: Case[] = [
  [
    'a rule that never matches',
    'createSeries',
    () => plan({ slug: 'plan-a', rule: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=3' }),
    'RULE_NEVER',
    'rule',
    'February has no 30th',
  ],
  [
    'ten years of every second',
    'createSeries',
    () => plan({ slug: 'plan-b', rule: 'FREQ=SECONDLY;UNTIL=20360101' }),
    'RULE_UNSUPPORTED',
    'rule',
    'cannot repeat SECONDLY. Please choose DAILY',
  ],
  [
    'ten years of every day',
    'createSeries',
    () => plan({ slug: 'plan-c', rule: 'FREQ=DAILY;UNTIL=20360101' }),
    'RULE_UNSUPPORTED',
    'rule',
    'Please end it sooner',
  ],
  [
    'a rule without an end',
    'createSeries',
    () => plan({ slug: 'plan-d', rule: 'FREQ=DAILY' }),
    'RULE_ENDLESS',
    'rule',
    'COUNT=12',
  ],
  [
    'a rule in plain words',
    'createSeries',
    () => plan({ slug: 'plan-e', rule: 'every tuesday' }),
    'RULE_SYNTAX',
    'rule',
    '"EVERY TUESDAY"',
  ],
  [
    'a zone nobody lives in',
    'createSeries',
    () => plan({ slug: 'plan-f', timeZone: 'Europe/Atlantis' }),
    'ZONE_UNKNOWN',
    'timeZone',
    'Europe/Atlantis',
  ],
  [
    'a start that the clock skips',
    'createSeries',
    () => plan({ slug: 'plan-g', startsAtLocal: '2026-03-29T02:30', endsAtLocal: '2026-03-29T04:30' }),
    'SKIPPED',
    'startsAtLocal',
    '2026-03-29 02:30 does not exist in Europe/Berlin',
  ],
  [
    'a start that is no date',
    'createSeries',
    () => plan({ slug: 'plan-h', startsAtLocal: '2026-02-30T17:00' }),
    'SYNTAX',
    'startsAtLocal',
    '2026-02-30T17:00',
  ],
  [
    'an agenda of 51 points',
    'createSeries',
    () => plan({ slug: 'plan-i', agenda: Array.from({ length: 51 }, () => ({ title: 'A' })) }),
    'INPUT',
    'agenda',
    '50 points',
  ],
  [
    'a point of minus five minutes',
    'createSeries',
    () => plan({ slug: 'plan-j', agenda: [{ title: 'A', minutes: -5 }] }),
    'INPUT',
    'agenda.0.minutes',
    '1 to 1,440',
  ],
  [
    'a resource that is a script',
    'createSeries',
    () => plan({ slug: 'plan-k', resources: [{ title: 'A', url: 'javascript:alert(1)' }] }),
    'INPUT',
    'resources.0.url',
    'https://',
  ],
  [
    'an edit to a rule that never matches',
    'updateSeries',
    () => edit({ rule: 'FREQ=MONTHLY;BYMONTH=4,6;BYMONTHDAY=31;COUNT=3' }),
    'RULE_NEVER',
    'rule',
    'check its days',
  ],
  [
    'an edit to a rule without an end',
    'updateSeries',
    () => following({ rule: 'FREQ=WEEKLY' }),
    'RULE_ENDLESS',
    'rule',
    'COUNT=12',
  ],
  [
    'an edit to a zone nobody lives in',
    'updateSeries',
    () => edit({ timeZone: 'Mars/Olympus' }),
    'ZONE_UNKNOWN',
    'timeZone',
    'Mars/Olympus',
  ],
  [
    'a first day that the calendar lacks',
    'updateSeries',
    () => edit({ startsOn: '2026-02-30' }),
    'SYNTAX',
    'startsOn',
    '2026-02-30',
  ],
  [
    'a first day that skips the time',
    'updateSeries',
    () => edit({ startsOn: '2026-03-29', startsAtTime: '02:30' }),
    'SKIPPED',
    'startsOn',
    'choose an earlier or a later time',
  ],
  [
    'a time of day of 25 hours',
    'updateSeries',
    () => edit({ startsAtTime: '25:00' }),
    'INPUT',
    'startsAtTime',
    '18:00',
  ],
  [
    'an occurrence of nothing',
    'updateSeries',
    () => edit({ scope: 'FOLLOWING', title: 'X' }),
    'FROM_NEEDED',
    'from',
    'from which occurrence',
  ],
  [
    'an occurrence of another series',
    'updateSeries',
    () => following({ from: event.id, title: 'X' }),
    'NOT_FOUND',
    'from',
    'occurrence',
  ],
  [
    'a day on which the series has no date',
    'skipDates',
    () => edit({ dates: ['2026-03-18'] }),
    'DATE_UNKNOWN',
    'dates',
    'Its next dates are 2026-03-17, 2026-03-24',
  ],
  ['a day in other words', 'skipDates', () => edit({ dates: ['next Tuesday'] }), 'INPUT', 'dates', '2026-12-22'],
  ['no day at all', 'skipDates', () => edit({ dates: [] }), 'INPUT', 'dates', 'at least one'],
  [
    'a task due on 31 April',
    'addRunbookTask',
    () => task({ dueOn: '2026-04-31' }),
    'NO_SUCH_DAY',
    'dueOn',
    '2026-04-31',
  ],
  ['a task of nothing', 'addRunbookTask', () => task({ title: ' ' }), 'INPUT', 'title', '1 to 200'],
  [
    'a task for somebody who does not help',
    'assignRunbookTask',
    () => ({ taskId: taskId(), email: group.member.email }),
    'NOT_A_HOST',
    'email',
    'give them a role',
  ],
];

let someTask: string | null = null;
const taskId = () => someTask ?? '';

it.each(CASES)('refuses %s, says what to do, and stores nothing', async (_, name, input, code, field, words) => {
  [{ id: someTask }] = await t.db.query(
    `INSERT INTO runbook_task (event_id, key, title, due_on) VALUES ($1, 'open', 'Choose', '2026-03-10')
     ON CONFLICT ON CONSTRAINT uq_runbook_task_event_key DO UPDATE SET title = excluded.title RETURNING id`,
    [event.id],
  );
  const stored = await everythingStored(t.db);
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  const document = `mutation($input: ${type}!) { ${name}(input: $input) { userErrors { code field message } } }`;
  const { userErrors } = (await t.graphql(document, { input: input() }, group.organizer.key))[name];
  expect(userErrors).toEqual([{ code, field, message: expect.stringContaining(words) }]);
  expect(await everythingStored(t.db)).toEqual(stored);
});

it.each([
  ['a rule that cannot be read', { rule: 'weekly' }, 'RULE_SYNTAX'],
  ['a rule that never matches', { rule: 'FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30;COUNT=1' }, 'RULE_NEVER'],
  ['a start that is no time', { startsAtLocal: 'noon' }, 'SYNTAX'],
  ['a zone nobody lives in', { timeZone: 'Europe/Atlantis' }, 'ZONE_UNKNOWN'],
  ['a thousand dates', { first: 1000 }, 'INPUT'],
])('shows no dates for %s', async (_, facts, code) => {
  const { errors } = await post(
    t.url,
    `query($rule: String!, $startsAtLocal: String!, $timeZone: String!, $first: Int) {
      previewRecurrence(rule: $rule, startsAtLocal: $startsAtLocal, timeZone: $timeZone, first: $first) { note } }`,
    { rule: 'FREQ=DAILY;COUNT=3', startsAtLocal: '2026-03-17T17:00', timeZone: 'Europe/Berlin', first: 3, ...facts },
    group.member.key,
  );
  expect(errors[0].extensions.code).toBe(code);
});

it('shows no dates to strangers', async () => {
  const { errors } = await post(
    t.url,
    '{ previewRecurrence(rule: "FREQ=DAILY;COUNT=3", startsAtLocal: "2026-03-17T17:00", timeZone: "UTC") { note } }',
  );
  expect(errors[0].extensions.code).toBe('SIGN_IN');
});
