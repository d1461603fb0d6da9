import { newId } from '#kernel';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { payload, type TestEvent, type TestGroup } from '../support/builders.ts';
import { UPDATE_EVENT } from '../support/documents.ts';
import { everythingStored } from '../support/stored.ts';
import { testSystem, type TestSystem } from '../support/system.ts';

let t: TestSystem;
let group: TestGroup;
/** Hybrid, five seats in the room of which one is taken, nobody online, two guests each, and a question. */
let event: TestEvent;
let questionId: string;
let registrationId: string;

beforeAll(async () => {
  t = await testSystem();
  group = await t.a.group();
  const venue = { name: 'Library', address: 'Main Street 1' };
  event = await t.a.event(group, { format: 'HYBRID', venue, capacityInPerson: 5, capacityOnline: 1, guestLimit: 2 });
  ({ id: registrationId } = await t.a.registration(event, 'ada@example.org', { pool: 'IN_PERSON' }));
  const question = { kind: 'ONE_CHOICE', label: 'Which size?', options: ['S', 'M'], required: true };
  payload(
    (await t.graphql(UPDATE_EVENT, { input: { eventId: event.id, questions: [question] } }, group.organizer.key))
      .updateEvent,
  );
  [{ id: questionId }] = (
    await t.graphql('query($slug: String!) { event(slug: $slug) { questions { id } } }', { slug: event.slug })
  ).event.questions;
});
afterAll(() => t.stop());

const INPUT_TYPES: Record<string, string> = {
  confirmComing: 'RegistrationInput',
  rotateManageLink: 'RegistrationInput',
};
const asked = async (name: string, input: Record<string, unknown>) => {
  const type = INPUT_TYPES[name] ?? `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  const document = `mutation($input: ${type}!) { ${name}(input: $input) { userErrors { code field message } } }`;
  const key = name === 'updateGroup' ? group.owner.key : group.organizer.key;
  return (await t.graphql(document, { input }, name === 'registerForEvent' ? undefined : key))[name];
};

const ask = (more: Record<string, unknown>) => ({
  eventId: event.id,
  name: 'Cleo',
  email: 'cleo@example.org',
  pool: 'IN_PERSON',
  answers: [{ questionId, choices: ['M'] }],
  ...more,
});
const change = (more: Record<string, unknown>) => ({ eventId: event.id, ...more });
const question = (more: Record<string, unknown>) =>
  change({ questions: [{ kind: 'SHORT_TEXT', label: 'Why?', ...more }] });
const guests = (...names: string[]) => names.map((name) => ({ name }));

/** [what is wrong, the mutation, its input, the code, the field that has to be corrected] */
type Case = [string, string, () => Record<string, unknown>, string, string | null];

const CASES: Case[] = [
  ['no answer to a required question', 'registerForEvent', () => ask({ answers: [] }), 'ANSWER_NEEDED', 'answers.?'],
  [
    'an option that is not there',
    'registerForEvent',
    () => ask({ answers: [{ questionId, choices: ['XXL'] }] }),
    'CHOICE_UNKNOWN',
    'answers.?',
  ],
  [
    'an answer to a question nobody asked',
    'registerForEvent',
    () =>
      ask({
        answers: [
          { questionId, choices: ['M'] },
          { questionId: 'age', text: '30' },
        ],
      }),
    'QUESTION_UNKNOWN',
    'answers.age',
  ],
  [
    'an answer of 5,000 characters',
    'registerForEvent',
    () => ask({ answers: [{ questionId, text: 'x'.repeat(5000) }] }),
    'INPUT',
    'answers.0.text',
  ],
  [
    'three guests where two are welcome',
    'registerForEvent',
    () => ask({ guests: guests('A', 'B', 'C') }),
    'TOO_MANY_GUESTS',
    'guests',
  ],
  ['a guest without a name', 'registerForEvent', () => ask({ guests: guests('A', ' ') }), 'INPUT', 'guests.1.name'],
  [
    'a party larger than the room',
    'registerForEvent',
    () => ask({ pool: 'ONLINE', guests: guests('A', 'B') }),
    'PARTY_TOO_LARGE',
    'guests',
  ],
  ['a question without words', 'updateEvent', () => question({ label: '  ' }), 'INPUT', 'questions.0.label'],
  [
    'a choice between one thing',
    'updateEvent',
    () => question({ kind: 'ONE_CHOICE', options: ['Only'] }),
    'OPTIONS_NEEDED',
    'questions.0.options',
  ],
  [
    'an option that stands there twice',
    'updateEvent',
    () => question({ kind: 'MANY_CHOICES', options: ['Tea', 'Coffee', ' Tea'] }),
    'OPTION_TWICE',
    'questions.0.options',
  ],
  [
    '31 questions',
    'updateEvent',
    () => change({ questions: Array.from({ length: 31 }, () => ({ kind: 'YES_NO', label: 'Why?' })) }),
    'INPUT',
    'questions',
  ],
  ['21 guests for one person', 'updateEvent', () => change({ guestLimit: 21 }), 'INPUT', 'guestLimit'],
  [
    'an offer without time to answer',
    'updateGroup',
    () => ({ groupId: group.id, offerHours: 0 }),
    'INPUT',
    'offerHours',
  ],
  ['a full pool to switch to', 'switchPool', () => ({ registrationId, pool: 'ONLINE' }), 'POOL_FULL', 'pool'],
  ['accepting what was not offered', 'acceptOffer', () => ({ registrationId: newId() }), 'NOT_FOUND', 'registrationId'],
  [
    'saying yes with a link that is not ours',
    'confirmComing',
    () => ({ manageToken: 'x'.repeat(43) }),
    'NOT_FOUND',
    'manageToken',
  ],
  [
    'a new link for a registration that does not exist',
    'rotateManageLink',
    () => ({ registrationId: 'first' }),
    'NOT_FOUND',
    'registrationId',
  ],
  [
    'approving what does not exist',
    'approveRegistration',
    () => ({ registrationId: newId() }),
    'NOT_FOUND',
    'registrationId',
  ],
  ['refusing what was decided', 'refuseRegistration', () => ({ registrationId }), 'NOT_PENDING', null],
  [
    'a reason of 600 characters',
    'refuseRegistration',
    () => ({ registrationId, reason: 'x'.repeat(600) }),
    'INPUT',
    'reason',
  ],
];

describe('refuses, says what to do, and stores nothing:', () => {
  beforeAll(async () => {
    await t.a.registration(event, 'online@example.org', { pool: 'ONLINE', answers: [{ questionId, choices: ['S'] }] });
  });

  it.each(CASES)('%s (%s)', async (_, name, input, code, field) => {
    const before = await everythingStored(t.db);
    const { userErrors } = await asked(name, input());
    expect(userErrors).toContainEqual({
      code,
      field: field?.replace('?', questionId) ?? null,
      message: expect.stringMatching(/^\S.{15,}[.!]$/),
    });
    expect(await everythingStored(t.db)).toEqual(before);
  });

  it('tells everything that is wrong with a form at once', async () => {
    const { userErrors } = await asked(
      'updateEvent',
      change({
        questions: [
          { kind: 'ONE_CHOICE', label: 'Size?', options: ['S'] },
          { kind: 'MANY_CHOICES', label: 'Drinks?', options: ['Tea', 'Tea'] },
        ],
      }),
    );
    expect(userErrors.map(({ field }: { field: string }) => field)).toEqual([
      'questions.0.options',
      'questions.1.options',
    ]);
  });
});
