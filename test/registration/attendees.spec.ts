import { AttendeesCsvService } from '#registration';
import { EventsService } from '#events';
import { SYSTEM } from '#kernel';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { DataSource } from 'typeorm';
import { payload, type TestEvent, type TestGroup } from '../support/builders.ts';
import { CANCEL, CHECK_IN, UPDATE_EVENT } from '../support/documents.ts';
import { post, type Answer } from '../support/graphql.ts';
import { testSystem, type TestSystem } from '../support/system.ts';

let t: TestSystem;
let group: TestGroup;
/** Hybrid, with a form, three people of whom one brings a guest, and one who cancelled. */
let event: TestEvent;
let questions: { id: string; label: string }[];
const ids: Record<string, string> = {};

const QUESTIONS = [
  { kind: 'ONE_CHOICE', label: 'What do you eat?', options: ['Vegan', 'Anything'] },
  { kind: 'MANY_CHOICES', label: 'Which topics?', options: ['Maps', 'Food'] },
  { kind: 'SHORT_TEXT', label: '=cmd|What brings you?' },
  { kind: 'YES_NO', label: 'First time?' },
];

beforeAll(async () => {
  t = await testSystem();
  group = await t.a.group();
  event = await t.a.event(group, {
    format: 'HYBRID',
    venue: { name: 'The Old Mill', address: 'Mill Lane 3' },
    guestLimit: 2,
    questions: QUESTIONS,
  });
  const form = await t.graphql(`query($slug: String!) { event(slug: $slug) { questions { id label } } }`, {
    slug: event.slug,
  });
  questions = form.event.questions;
  const [diet, topics, why, first] = questions.map(({ id }) => id);
  await come('Müller, Zoë', 'zoe@example.org', 'IN_PERSON', {
    answers: [
      { questionId: diet, choices: ['Vegan'] },
      { questionId: topics, choices: ['Maps', 'Food'] },
      { questionId: why, text: '=HYPERLINK("https://evil.example")' },
      { questionId: first, yes: false },
    ],
    guests: [{ name: 'Gus Guest' }],
  });
  await come('ada Lovelace', 'countess@example.net', 'ONLINE', {
    answers: [
      { questionId: diet, choices: ['Anything'] },
      { questionId: first, yes: true },
    ],
  });
  await come('Bob', 'bob@example.org', 'ONLINE');
  await come('Cleo', 'cleo@example.org', 'ONLINE');
  payload((await t.graphql(CANCEL, { input: { registrationId: ids.Cleo } }, group.organizer.key)).cancelRegistration);
  // A guest asks in the same moment as whoever brings them; here they come in a known order.
  await t.db.query(`UPDATE registration SET registered_at = '2026-03-01T12:00:30Z' WHERE party_id IS NOT NULL`);
  for (const name of ['Bob', 'ada Lovelace']) {
    t.clock.moveTo(name === 'Bob' ? '2026-03-17T16:05:00Z' : '2026-03-17T16:10:00Z');
    const input = { eventId: event.id, registrationId: ids[name] };
    payload((await t.graphql(CHECK_IN, { input }, group.host.key)).checkIn);
  }
});
afterAll(() => t.stop());
beforeEach(() => t.clock.moveTo('2026-03-01T13:00:00Z'));

/** Registers somebody a minute after whoever came before. */
async function come(name: string, email: string, pool: string, more: Record<string, unknown> = {}): Promise<void> {
  t.clock.moveTo(`2026-03-01T12:0${Object.keys(ids).length}:00Z`);
  ids[name] = (await t.a.registration(event, email, { name, pool, ...more })).id;
}

const LIST = `query($slug: String!, $first: Int, $after: String, $filter: AttendeeFilter, $sort: AttendeeSort! = REGISTERED_AT) {
  event(slug: $slug) { attendees(first: $first, after: $after, filter: $filter, sort: $sort) {
    totalCount nodes { name } pageInfo { endCursor hasNextPage } } } }`;
const listed = async (variables: Record<string, unknown>, key = group.organizer.key, slug = event.slug) =>
  post(t.url, LIST, { slug, ...variables }, key);
const names = async (variables: Record<string, unknown>, key?: string): Promise<string[]> => {
  const { data, errors } = await listed(variables, key);
  if (errors) throw new Error(errors[0].extensions.code);
  const { nodes, totalCount } = data.event.attendees;
  expect(totalCount).toBe(nodes.length); // of a list that fits on a page
  return nodes.map(({ name }: { name: string }) => name);
};

describe('the list of attendees', () => {
  it('holds everybody in the order they asked', async () => {
    expect(await names({})).toEqual(['Müller, Zoë', 'Gus Guest', 'ada Lovelace', 'Bob', 'Cleo']);
  });

  it.each([
    ['by name', 'NAME', ['ada Lovelace', 'Bob', 'Cleo', 'Gus Guest', 'Müller, Zoë']],
    ['by who came last', 'CHECKED_IN_AT', ['ada Lovelace', 'Bob']],
    ['by who asked first', 'REGISTERED_AT', ['Müller, Zoë', 'Gus Guest', 'ada Lovelace', 'Bob', 'Cleo']],
  ])('is sorted %s, and turned page by page without losing anybody', async (_, sort, expected) => {
    expect(await names({ sort })).toEqual(expected);
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const page: Answer = (await listed({ sort, first: 1, after })).data.event.attendees;
      seen.push(...page.nodes.map(({ name }: { name: string }) => name));
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    } while (after);
    expect(seen).toEqual(expected);
  });

  it.each<[string, object, string[]]>([
    ['have a seat', { states: ['CONFIRMED'] }, ['Müller, Zoë', 'Gus Guest', 'ada Lovelace', 'Bob']],
    ['cancelled, or wait for approval', { states: ['CANCELLED', 'PENDING'] }, ['Cleo']],
    ['come in person', { pool: 'IN_PERSON' }, ['Müller, Zoë', 'Gus Guest']],
    ['were there', { attendance: 'ATTENDED' }, ['ada Lovelace', 'Bob']],
    ['are called so, whatever the case, accents and order', { text: 'ZOE mull' }, ['Müller, Zoë']],
    ['have that in their address', { text: 'EXAMPLE.net' }, ['ada Lovelace']],
    ['are online and not there yet', { pool: 'ONLINE', attendance: 'UNKNOWN' }, ['Cleo']],
    ['are called by nothing but marks', { text: '%' }, []],
  ])('is narrowed to those who %s', async (_, filter, expected) => {
    expect(await names({ filter })).toEqual(expected);
  });

  it('is narrowed by what was answered', async () => {
    const [diet, topics, why, first] = questions.map(({ id }) => id);
    expect(await names({ filter: { answer: { questionId: diet, choice: 'Anything' } } })).toEqual(['ada Lovelace']);
    expect(await names({ filter: { answer: { questionId: topics, choice: 'Maps' } } })).toEqual(['Müller, Zoë']);
    expect(await names({ filter: { answer: { questionId: topics, choice: 'Ma' } } })).toEqual([]);
    expect(await names({ filter: { answer: { questionId: why, text: 'hyperlink' } } })).toEqual(['Müller, Zoë']);
    expect(await names({ filter: { answer: { questionId: first, yes: true } } })).toEqual(['ada Lovelace']);
    expect(await names({ filter: { answer: { questionId: first, yes: false } } })).toEqual(['Müller, Zoë']);
    await expect(names({ filter: { answer: { questionId: first, yes: true, text: 'x' } } })).rejects.toThrow(
      'ONE_ANSWER',
    );
    await expect(names({ filter: { answer: { questionId: first } } })).rejects.toThrow('ONE_ANSWER');
  });

  it('still takes the arguments it had before', async () => {
    const { event: seen } = await t.graphql(
      `query($slug: String!) { event(slug: $slug) { 
        some: attendees(state: CONFIRMED, search: "bo") { nodes { name } }
        none: attendees(state: CANCELLED, filter: { states: [CONFIRMED] }) { nodes { name } } } }`,
      { slug: event.slug },
      group.host.key,
    );
    expect(seen).toEqual({ some: { nodes: [{ name: 'Bob' }] }, none: { nodes: [] } });
  });

  it('tells those who answered before the form asked something new', async () => {
    const other = await t.a.event(group, { guestLimit: 1, questions: QUESTIONS.slice(0, 1) });
    await t.a.registration(other, 'early@example.org', { guests: [{ name: 'Guest' }] });
    t.clock.moveTo('2026-03-01T14:00:00Z');
    const { event: asked } = await t.graphql(
      `query($slug: String!) { event(slug: $slug) { questions { id kind label required options } } }`,
      { slug: other.slug },
    );
    const more = { kind: 'SHORT_TEXT', label: 'Which pronouns?', required: true };
    const input = { eventId: other.id, questions: [...asked.questions, more] };
    payload((await t.graphql(UPDATE_EVENT, { input }, group.organizer.key)).updateEvent);
    const form = await t.graphql(`query($slug: String!) { event(slug: $slug) { questions { id } } }`, {
      slug: other.slug,
    });
    const answers = [{ questionId: form.event.questions[1].id, text: 'she' }];
    await t.a.registration(other, 'late@example.org', { answers });
    const missing = async (answersMissing: boolean) =>
      (await listed({ filter: { answersMissing } }, undefined, other.slug)).data.event.attendees.nodes;
    expect(await missing(true)).toEqual([{ name: 'early' }]);
    expect(await missing(false)).toEqual([{ name: 'late' }]);
    const { event: list } = await t.graphql(
      `query($slug: String!) { event(slug: $slug) { attendees { nodes { name missingAnswers { label } } } } }`,
      { slug: other.slug },
      group.organizer.key,
    );
    expect(list.attendees.nodes).toHaveLength(3);
    expect(list.attendees.nodes).toEqual(
      expect.arrayContaining([
        { name: 'early', missingAnswers: [{ label: 'Which pronouns?' }] },
        { name: 'Guest', missingAnswers: [] },
        { name: 'late', missingAnswers: [] },
      ]),
    );
  });

  it('does not count when nothing narrows it: the event knows', async () => {
    await t.db.query('UPDATE event SET registration_count = 1000 WHERE id = $1', [event.id]);
    const all = await listed({});
    const some = await listed({ filter: { pool: 'ONLINE' } });
    await t.db.query('UPDATE event SET registration_count = 5 WHERE id = $1', [event.id]);
    expect(all.data.event.attendees.totalCount).toBe(1000);
    expect(some.data.event.attendees.totalCount).toBe(3);
  });

  it('shows hosts names alone: no filter tells them of answers or addresses', async () => {
    const codeFor = async (filter: object) => (await listed({ filter }, group.host.key)).errors[0].extensions.code;
    expect(await codeFor({ answer: { questionId: questions[0]?.id, choice: 'Vegan' } })).toBe('FORBIDDEN');
    expect(await codeFor({ answersMissing: true })).toBe('FORBIDDEN');
    expect(await names({ filter: { text: 'example' } }, group.host.key)).toEqual([]);
    expect(await names({ filter: { text: 'zoe' } }, group.host.key)).toEqual(['Müller, Zoë']);
  });

  const cursor = (...parts: unknown[]) => Buffer.from(JSON.stringify(parts)).toString('base64url');
  const AN_ID = '019aa000-0000-7000-8000-000000000000';
  it.each([
    ['of another sort', 'NAME', cursor('REGISTERED_AT', '2026-03-01T12:00:00.000Z', AN_ID)],
    ['of another sort in order of time', 'CHECKED_IN_AT', cursor('REGISTERED_AT', '2026-03-01T12:00:00.000Z', AN_ID)],
    ['without a sort', 'REGISTERED_AT', cursor('2026-03-01T12:00:00.000Z', AN_ID)],
    ['with words for an instant', 'REGISTERED_AT', cursor('REGISTERED_AT', 'Bob', AN_ID)],
    ['with an id that is none', 'NAME', cursor('NAME', 'Bob', 'Bob')],
    ['with what PostgreSQL cannot read', 'NAME', cursor('NAME', 'Bo\0b', AN_ID)],
    ['that is too long', 'NAME', cursor('NAME', 'Bob', AN_ID, 1)],
    ['made of nothing', 'NAME', 'nonsense'],
  ])('refuses a page marker %s', async (_, sort, after) => {
    expect((await listed({ sort, after })).errors[0].extensions).toMatchObject({ code: 'CURSOR', field: 'after' });
  });
});

describe('what is told of an attendee', () => {
  const FIELDS = `name answers { questionId label text choices yes } missingAnswers { label }
    guests { name ticketCode } invitedBy { name email } history { act } attendanceRecord { attended }`;
  const seenBy = async (key: string) =>
    (
      await t.graphql(
        `query($slug: String!) { event(slug: $slug) { attendees(first: 2) { nodes { ${FIELDS} } } } }`,
        { slug: event.slug },
        key,
      )
    ).event.attendees.nodes;

  it('to organizers: answers, guests with tickets, and who brings whom', async () => {
    const [zoe, gus] = await seenBy(group.organizer.key);
    const none = { text: null, choices: null, yes: null };
    expect(zoe).toMatchObject({
      answers: [
        { ...none, questionId: questions[0]?.id, label: 'What do you eat?', choices: ['Vegan'] },
        { ...none, label: 'Which topics?', choices: ['Maps', 'Food'] },
        { ...none, label: '=cmd|What brings you?', text: '=HYPERLINK("https://evil.example")' },
        { ...none, label: 'First time?', yes: false },
      ],
      guests: [{ name: 'Gus Guest', ticketCode: expect.any(String) }],
      invitedBy: null,
    });
    expect(gus).toMatchObject({
      answers: [],
      guests: [],
      invitedBy: { name: 'Müller, Zoë', email: 'zoe@example.org' },
      attendanceRecord: null,
    });
  });

  it('to hosts: names, and who brings whom', async () => {
    const nothing = { answers: [], missingAnswers: [], history: [], attendanceRecord: null };
    expect(await seenBy(group.host.key)).toEqual([
      { name: 'Müller, Zoë', ...nothing, guests: [{ name: 'Gus Guest', ticketCode: null }], invitedBy: null },
      { name: 'Gus Guest', ...nothing, guests: [], invitedBy: { name: 'Müller, Zoë', email: null } },
    ]);
  });

  it('to its holder: their answers and their guests with tickets, but nothing of what organizers note', async () => {
    const other = await t.a.event(group, { guestLimit: 1, questions: QUESTIONS.slice(2, 3) });
    const form = await t.graphql(`query($slug: String!) { event(slug: $slug) { questions { id } } }`, {
      slug: other.slug,
    });
    const person = await t.a.person('Holder');
    const input = {
      eventId: other.id,
      guests: [{ name: 'Friend' }],
      answers: [{ questionId: form.event.questions[0].id, text: 'Curiosity' }],
    };
    const document = `mutation($input: RegisterForEventInput!) { registerForEvent(input: $input) { registration { ${FIELDS} } userErrors { code } } }`;
    const { registerForEvent } = await t.graphql(document, { input }, person.key);
    expect(payload(registerForEvent).registration).toMatchObject({
      answers: [{ text: 'Curiosity' }],
      guests: [{ name: 'Friend', ticketCode: expect.any(String) }],
      history: [],
      attendanceRecord: null,
    });
    const again = await t.graphql(document, { input: { ...input, email: person.email, name: 'A stranger' } });
    expect(payload(again.registerForEvent).registration).toMatchObject({ name: null, answers: [], guests: [] });
  });
});

describe('the file of attendees', () => {
  const get = (path: string, key?: string) =>
    fetch(`${t.url}${path}`, { headers: key ? { authorization: `Bearer ${key}` } : {} });
  const rowsOf = async (response: Response): Promise<string[][]> => parse(await response.text(), { bom: true });
  const address = (query = '') => `/events/${event.slug}/attendees.csv${query}`;

  it('holds everybody with address and answers, one to a line, and what would be a formula is none', async () => {
    const response = await get(address(), group.organizer.key);
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="${event.slug}-attendees.csv"`,
      'cache-control': 'no-store',
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    expect(bytes.subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]));
    const [heads, zoe, gus, ada, bob, cleo] = parse(bytes, { bom: true });
    const facts = 'Name|E-mail|State|Pool|Guest of|Registered at (UTC)|Attendance|Basis|Checked in at (UTC)|Minutes';
    const asked = ['What do you eat?', 'Which topics?', "'=cmd|What brings you?", 'First time?'];
    expect(heads).toEqual([...facts.split('|'), ...asked]);
    const at = '2026-03-01T12:00:00.000Z';
    const said = ['Vegan', 'Maps; Food', `'=HYPERLINK("https://evil.example")`, 'no'];
    expect(zoe).toEqual([
      ...['Müller, Zoë', 'zoe@example.org', 'CONFIRMED', 'IN_PERSON', '', at, 'UNKNOWN', '', '', ''],
      ...said,
    ]);
    expect(gus?.slice(0, 5)).toEqual(['Gus Guest', '', 'CONFIRMED', 'IN_PERSON', 'Müller, Zoë']);
    expect(ada?.slice(6, 9)).toEqual(['ATTENDED', 'named', '2026-03-17T16:10:00.000Z']);
    expect([bob?.[0], cleo?.[2]]).toEqual(['Bob', 'CANCELLED']);
  });

  it('takes the filters of the list from its address', async () => {
    const namesIn = async (query: string) =>
      (await rowsOf(await get(address(query), group.owner.key))).slice(1).map(([name]) => name);
    expect(await namesIn('?pool=ONLINE&state=CONFIRMED')).toEqual(['ada Lovelace', 'Bob']);
    expect(await namesIn('?state=CANCELLED&state=PENDING')).toEqual(['Cleo']);
    expect(await namesIn('?attendance=ATTENDED')).toEqual(['ada Lovelace', 'Bob']);
    const refused = await get(address('?pool=ROOF'), group.owner.key);
    expect([refused.status, await refused.json()]).toMatchObject([400, { code: 'FILTER' }]);
  });

  it('is written into the history of the event', async () => {
    const acts = () =>
      t.db.query<{ details: object }[]>(
        `SELECT actor_id, details FROM history_entry WHERE subject_id = $1 AND act = 'attendees.exported' ORDER BY id`,
        [event.id],
      );
    const before = (await acts()).length;
    await (await get(address('?pool=ONLINE'), group.organizer.key)).text();
    expect((await acts()).slice(before)).toEqual([{ actor_id: group.organizer.id, details: { pool: 'ONLINE' } }]);
  });

  it('is for organizers only', async () => {
    const statusFor = async (key?: string) => (await get(address(), key)).status;
    expect(await statusFor()).toBe(401);
    expect(await statusFor('gt_unknown')).toBe(401);
    expect(await statusFor(group.host.key)).toBe(403);
    expect(await statusFor((await t.a.group()).owner.key)).toBe(403);
    expect((await get('/events/no-such-event/attendees.csv', group.owner.key)).status).toBe(404);
    const draft = await t.a.event(group);
    await t.db.query(`UPDATE event SET state = 'DRAFT' WHERE id = $1`, [draft.id]);
    expect((await get(`/events/${draft.slug}/attendees.csv`)).status).toBe(404);
    expect((await get(`/events/${draft.slug}/attendees.csv`, group.owner.key)).status).toBe(200);
  });

  describe('of thousands', () => {
    let large: TestEvent;
    beforeAll(async () => {
      large = await t.a.event(group);
      // All in one moment, told apart by microseconds and ids only.
      await t.db.query(
        `INSERT INTO registration (id, event_id, group_id, name, language, pool, state, ticket_code, registered_at)
         SELECT gen_random_uuid(), $1, $2, 'Person ' || lpad(number::text, 4, '0'), 'en', 'ONLINE', 'CONFIRMED', 'large-' || number,
                timestamptz '2026-03-01T12:00Z' + (number % 7) * interval '1 microsecond'
           FROM generate_series(1, 5000) AS number`,
        [large.id, group.id],
      );
    });

    it('comes in pieces, with everybody once', async () => {
      const response = await get(`/events/${large.slug}/attendees.csv`, group.organizer.key);
      expect(response.headers.get('content-length')).toBeNull();
      expect(response.headers.get('transfer-encoding')).toBe('chunked');
      const rows = await rowsOf(response);
      expect(new Set(rows.slice(1).map(([name]) => name)).size).toBe(5000);
      expect(rows).toHaveLength(5001);
    });

    it('is read from the database only as fast as it is taken, and no more once it is put down', async () => {
      const { logger } = t.api.app.get(DataSource);
      const logQuery = logger.logQuery.bind(logger);
      let pages = 0;
      logger.logQuery = (query) => void (pages += Number(query.includes('LIMIT 1000')));
      try {
        const found = await t.api.app.get(EventsService).find(SYSTEM, large.slug);
        if (!found) throw new Error('The event was just made');
        const file = await t.api.app.get(AttendeesCsvService).export(SYSTEM, found, {});
        await new Promise((resolve) => file.once('readable', resolve));
        file.read(100);
        await new Promise((resolve) => setTimeout(resolve, 300));
        expect(pages).toBe(1);
        file.destroy();
        await new Promise((resolve) => setTimeout(resolve, 100));
        expect(pages).toBe(1);
      } finally {
        logger.logQuery = logQuery;
      }
    });
  });
});
