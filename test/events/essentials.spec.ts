import { FillSeriesTask } from '#events';
import { RunbookSweep } from '#followups';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { payload, type TestEvent, type TestGroup } from '../support/builders.ts';
import { CREATE_SERIES, FINISH_EVENT, PUBLISH_EVENT, UPDATE_EVENT } from '../support/documents.ts';
import { linkIn } from '../support/smtp.ts';
import { testSystem, type TestSystem } from '../support/system.ts';

const ERRORS = 'userErrors { code field message }';
const QUESTION = `question { id phase text votes answer hiddenAt } ${ERRORS}`;
const ASK = `mutation($input: AskQuestionInput!) { askQuestion(input: $input) { ${QUESTION} } }`;
const VOTE = `mutation($input: VoteForQuestionInput!) { voteForQuestion(input: $input) { ${QUESTION} } }`;
const ANSWER = `mutation($input: AnswerQuestionInput!) { answerQuestion(input: $input) { ${QUESTION} } }`;
const HIDE = `mutation($input: HideQuestionInput!) { hideQuestion(input: $input) { ${QUESTION} } }`;
const TASK = `task { id title dueOn owner doneAt event { slug } } ${ERRORS}`;
const ASSIGN = `mutation($input: AssignRunbookTaskInput!) { assignRunbookTask(input: $input) { ${TASK} } }`;
const ADD = `mutation($input: AddRunbookTaskInput!) { addRunbookTask(input: $input) { ${TASK} } }`;
const CHANGE = `mutation($input: UpdateRunbookTaskInput!) { updateRunbookTask(input: $input) { ${TASK} } }`;
const COMPLETE = `mutation($input: CompleteRunbookTaskInput!) { completeRunbookTask(input: $input) { ${TASK} } }`;
const RESOURCES = [
  { title: 'Read this first', url: 'https://example.org/read', kind: 'BEFORE' },
  { title: 'Slides', url: 'https://example.org/slides', kind: 'AFTER' },
];

let t: TestSystem;
let group: TestGroup;
let count = 0;
beforeAll(async () => {
  t = await testSystem();
});
afterAll(() => t.stop());
beforeEach(async () => {
  t.clock.moveTo('2026-03-01T12:00:00Z');
  group = await t.a.group('Europe/Berlin');
});

const ask = async (document: string, name: string, input: Record<string, unknown>, key?: string) =>
  (await t.graphql(document, { input }, key))[name];
const asOrganizer = (document: string, name: string, input: Record<string, unknown>) =>
  ask(document, name, input, group.organizer.key);
const anEssentials = async (facts: Record<string, unknown> = {}): Promise<{ id: string; slug: string }> =>
  payload(
    await asOrganizer(CREATE_SERIES, 'createSeries', {
      groupId: group.id,
      kind: 'ESSENTIALS',
      slug: `essentials-${++count}`,
      title: 'Essentials',
      startsAtLocal: '2026-04-15T17:00',
      endsAtLocal: '2026-04-15T18:00',
      format: 'ONLINE',
      rule: 'FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=15;COUNT=8',
      ...facts,
    }),
  ).series;
const sessionOf = async ({ id }: { id: string }): Promise<TestEvent> => {
  const [event] = await t.db.query('SELECT id, slug FROM event WHERE series_id = $1 ORDER BY starts_at', [id]);
  return event;
};
const tasksOf = async (event: TestEvent, key = group.organizer.key) =>
  (
    await t.graphql(
      'query($slug: String!) { event(slug: $slug) { runbook { id title dueOn owner doneAt } } }',
      { slug: event.slug },
      key,
    )
  ).event.runbook;
/** A published session, somebody registered for it, and the token of their manage link. */
const aSession = async (): Promise<{ event: TestEvent; token: string; registrationId: string }> => {
  const event = await t.a.event(group);
  return { event, ...(await someoneRegistered(event)) };
};
const someoneRegistered = async (event: TestEvent) => {
  const email = `curious-${++count}@example.org`;
  const { id } = await t.a.registration(event, email);
  await t.sendMail();
  const [mail] = await t.smtp.until(({ recipient }) => recipient === email);
  if (!mail) throw new Error('A mail was waited for');
  return { token: new URL(linkIn(mail, '/manage/')).pathname.split('/')[2] ?? '', registrationId: id };
};
const listed = async (event: TestEvent, args = '(first: 100)', key?: string) =>
  (
    await t.graphql(
      `query($slug: String!) { event(slug: $slug) { sessionQuestions${args} {
        totalCount nodes { id text votes phase answer } pageInfo { hasNextPage endCursor } } } }`,
      { slug: event.slug },
      key,
    )
  ).event.sessionQuestions;

describe('a session', () => {
  it('starts with the agenda and resources of its series, and edits its own copy', async () => {
    const agenda = [{ title: 'Welcome', minutes: 5, description: null }];
    const series = await anEssentials({ agenda, resources: RESOURCES });
    const session = await sessionOf(series);
    const longer = [...agenda, { title: 'Your questions', minutes: null, description: 'All of them' }];
    payload(await asOrganizer(UPDATE_EVENT, 'updateEvent', { eventId: session.id, agenda: longer }));
    const answer = await t.graphql(
      `query($slug: String!, $series: String!) {
        event(slug: $slug) { agenda { title minutes description } resources { title url kind } } series(slug: $series) { agenda { title minutes description } } }`,
      { slug: session.slug, series: series.slug },
      group.host.key,
    );
    expect(answer).toEqual({ event: { agenda: longer, resources: RESOURCES }, series: { agenda } });
  });

  it('moves what is left to do along when it moves, and leaves what is done', async () => {
    const session = await sessionOf(await anEssentials());
    const [first] = await tasksOf(session);
    payload(await asOrganizer(COMPLETE, 'completeRunbookTask', { taskId: first.id, done: true }));
    const times = { startsAtLocal: '2026-04-22T17:00', endsAtLocal: '2026-04-22T18:00' };
    payload(await asOrganizer(UPDATE_EVENT, 'updateEvent', { eventId: session.id, ...times }));
    expect((await tasksOf(session)).map(({ dueOn }: { dueOn: string }) => dueOn)).toEqual([
      '2026-02-04',
      '2026-02-25',
      '2026-04-08',
      '2026-04-15',
      '2026-04-22',
      '2026-04-23',
    ]);
  });
});

describe('the runbook', () => {
  it('gives a task to a host, who ticks it off; another host does not', async () => {
    const [task] = await tasksOf(await sessionOf(await anEssentials()));
    const input = { taskId: task.id, email: group.host.email };
    expect(payload(await asOrganizer(ASSIGN, 'assignRunbookTask', input)).task.owner).toBe('Host');
    const done = { taskId: task.id, done: true };
    const other = await t.a.person('Other host');
    await t.db.query(`INSERT INTO membership (group_id, person_id, role) VALUES ($1, $2, 'HOST')`, [
      group.id,
      other.id,
    ]);
    expect((await ask(COMPLETE, 'completeRunbookTask', done, other.key)).userErrors).toMatchObject([
      { code: 'FORBIDDEN' },
    ]);
    expect(payload(await ask(COMPLETE, 'completeRunbookTask', done, group.host.key)).task.doneAt).toBe(
      '2026-03-01T12:00:00.000Z',
    );
    expect(
      payload(await asOrganizer(ASSIGN, 'assignRunbookTask', { taskId: task.id, email: null })).task.owner,
    ).toBeNull();
  });

  it('takes tasks of one’s own, in other words and on another day', async () => {
    const session = await sessionOf(await anEssentials());
    const { task } = payload(
      await asOrganizer(ADD, 'addRunbookTask', { eventId: session.id, title: 'Order captions', dueOn: '2026-04-01' }),
    );
    expect(task).toMatchObject({ title: 'Order captions', dueOn: '2026-04-01', event: { slug: session.slug } });
    const input = { taskId: task.id, dueOn: '2026-04-03' };
    expect(payload(await asOrganizer(CHANGE, 'updateRunbookTask', input)).task).toMatchObject({
      title: 'Order captions',
      dueOn: '2026-04-03',
    });
    expect(await tasksOf(session)).toHaveLength(7);
  });

  it('is told of on the morning a task is due: its owner, or else the organizers, once', async () => {
    const session = await sessionOf(await anEssentials());
    const tasks = await tasksOf(session);
    payload(await asOrganizer(ASSIGN, 'assignRunbookTask', { taskId: tasks[2].id, email: group.host.email }));
    payload(
      await asOrganizer(ADD, 'addRunbookTask', { eventId: session.id, title: 'Order captions', dueOn: '2026-04-01' }),
    );
    const told = async () => {
      await t.doTask(RunbookSweep);
      return t.db.query(
        `SELECT to_address, facts ->> 'taskId' AS task FROM message WHERE kind = 'task' AND event_id = $1 ORDER BY to_address`,
        [session.id],
      );
    };
    t.clock.moveTo('2026-04-01T06:59:00Z');
    expect(await told()).toEqual([]);
    t.clock.moveTo('2026-04-01T07:00:00Z'); // 09:00 in Berlin
    for (let time = 0; time < 2; time += 1)
      expect(await told()).toEqual([
        { to_address: group.host.email, task: tasks[2].id },
        { to_address: group.organizer.email, task: expect.any(String) },
      ]);
    await t.sendMail();
    const [mail] = await t.smtp.until(({ recipient }) => recipient === group.host.email);
    expect(mail?.subject).toBe('Due Wednesday, 1 April 2026: Publish the resources to read beforehand');
    expect(mail?.text).toContain('You get this mail because you help to prepare Essentials.');
  });

  it('is silent about what is done, called off, or fell due long ago', async () => {
    const session = await sessionOf(await anEssentials());
    const [, , resources, rehearse] = await tasksOf(session);
    payload(await asOrganizer(COMPLETE, 'completeRunbookTask', { taskId: resources.id, done: true }));
    await t.db.query(`UPDATE event SET state = 'CANCELLED' WHERE id = $1`, [session.id]);
    for (const day of ['2026-03-02', '2026-04-01', rehearse.dueOn]) {
      t.clock.moveTo(`${day}T08:00:00Z`);
      await t.doTask(RunbookSweep);
    }
    const rows = await t.db.query(`SELECT FROM message WHERE kind = 'task' AND event_id = $1`, [session.id]);
    expect(rows).toHaveLength(0);
  });
});

describe('questions to a session', () => {
  it('are asked by people who registered, before it and after, without a name', async () => {
    const { event, token } = await aSession();
    const before = payload(
      await ask(ASK, 'askQuestion', { eventId: event.id, text: ' How long does it take? ', manageToken: token }),
    );
    expect(before.question).toMatchObject({ phase: 'BEFORE', text: 'How long does it take?', votes: 0 });
    t.clock.moveTo('2026-03-18T12:00:00Z');
    const later = payload(await ask(ASK, 'askQuestion', { eventId: event.id, text: 'And then?', manageToken: token }));
    expect(later.question.phase).toBe('AFTER');
    await t.graphql(
      `mutation($input: RegisterForEventInput!) { registerForEvent(input: $input) { userErrors { code } } }`,
      { input: { eventId: (await t.a.event(group)).id } },
      group.member.key,
    );
    expect((await listed(event)).nodes.map(({ text }: { text: string }) => text).sort()).toEqual([
      'And then?',
      'How long does it take?',
    ]);
  });

  it('are asked by somebody signed in who registered, and by nobody who did not or gave up', async () => {
    const event = await t.a.event(group);
    const input = { eventId: event.id, text: 'Why?' };
    expect((await ask(ASK, 'askQuestion', input, group.member.key)).userErrors).toMatchObject([
      { code: 'NOT_REGISTERED' },
    ]);
    const { id } = await t.a.registration(event, group.member.email);
    payload(await ask(ASK, 'askQuestion', input, group.member.key));
    const { token } = await aSession();
    expect((await ask(ASK, 'askQuestion', { ...input, manageToken: token })).userErrors).toMatchObject([
      { code: 'NOT_REGISTERED' },
    ]);
    await t.db.query(`UPDATE registration SET state = 'CANCELLED', waitlist_number = NULL WHERE id = $1`, [id]);
    expect((await ask(ASK, 'askQuestion', input, group.member.key)).userErrors).toMatchObject([
      { code: 'NOT_REGISTERED' },
    ]);
  });

  it('are ordered by votes, of which everybody who registered has one each', async () => {
    const { event, token } = await aSession();
    const others = [await someoneRegistered(event), await someoneRegistered(event)];
    const ids: string[] = [];
    for (const text of ['one', 'two', 'three'])
      ids.push(payload(await ask(ASK, 'askQuestion', { eventId: event.id, text, manageToken: token })).question.id);
    const vote = async (questionId: string | undefined, manageToken: string) =>
      payload(await ask(VOTE, 'voteForQuestion', { questionId, manageToken })).question.votes;
    expect(await vote(ids[2], others[0]?.token ?? '')).toBe(1);
    expect(await Promise.all(Array.from({ length: 5 }, () => vote(ids[2], others[0]?.token ?? '')))).toEqual([
      1, 1, 1, 1, 1,
    ]);
    expect(await vote(ids[2], others[1]?.token ?? '')).toBe(2);
    expect(await vote(ids[1], token)).toBe(1);
    const first = await listed(event, '(first: 2)');
    expect(first).toMatchObject({
      totalCount: 3,
      nodes: [
        { text: 'three', votes: 2 },
        { text: 'two', votes: 1 },
      ],
    });
    const rest = await listed(event, `(first: 2, after: "${first.pageInfo.endCursor}")`);
    expect(rest).toMatchObject({ nodes: [{ text: 'one', votes: 0 }], pageInfo: { hasNextPage: false } });
  });

  it('are answered and hidden by hosts; what is hidden they alone see', async () => {
    const { event, token } = await aSession();
    const { question } = payload(
      await ask(ASK, 'askQuestion', { eventId: event.id, text: 'Buy my book?', manageToken: token }),
    );
    const answered = { questionId: question.id, answer: 'No, thank you.' };
    expect(payload(await ask(ANSWER, 'answerQuestion', answered, group.host.key)).question.answer).toBe(
      'No, thank you.',
    );
    payload(await ask(HIDE, 'hideQuestion', { questionId: question.id }, group.host.key));
    expect((await listed(event)).nodes).toEqual([]);
    expect((await listed(event, '(hidden: true)', group.host.key)).nodes).toHaveLength(1);
    await expect(listed(event, '(hidden: true)')).rejects.toThrow();
    expect(
      (await ask(VOTE, 'voteForQuestion', { questionId: question.id, manageToken: token })).userErrors,
    ).toMatchObject([{ code: 'NOT_FOUND' }]);
    payload(await ask(HIDE, 'hideQuestion', { questionId: question.id, hidden: false }, group.host.key));
    expect((await listed(event)).nodes).toHaveLength(1);
  });
});

describe('the overview', () => {
  const OVERVIEW = `query($group: String) { essentials(group: $group) {
    series { slug } next { slug } nextToPrepare { slug } openTasks { title dueOn owner event { slug } } past { slug recordingUrl } } }`;
  const overview = async (key?: string) => (await t.graphql(OVERVIEW, { group: group.slug }, key)).essentials;

  it('tells everybody when the next session is and what was recorded, and hosts what is left to do', async () => {
    const series = await anEssentials();
    const session = await sessionOf(series);
    expect(await overview()).toEqual({
      series: [{ slug: series.slug }],
      next: null,
      nextToPrepare: null,
      openTasks: [],
      past: [],
    });
    const seen = await overview(group.host.key);
    expect(seen.nextToPrepare).toEqual({ slug: session.slug });
    expect(seen.openTasks).toHaveLength(6);
    expect(seen.openTasks[0]).toEqual({
      title: 'Choose the speaker and the moderator',
      dueOn: '2026-02-04',
      owner: null,
      event: { slug: session.slug },
    });
    expect(await overview((await t.a.group()).organizer.key)).toMatchObject({ nextToPrepare: null, openTasks: [] });

    const joinUrl = 'https://meet.example/essentials';
    payload(await asOrganizer(UPDATE_EVENT, 'updateEvent', { eventId: session.id, joinUrl }));
    payload(await asOrganizer(PUBLISH_EVENT, 'publishEvent', { eventId: session.id }));
    expect((await overview()).next).toEqual({ slug: session.slug });

    t.clock.moveTo('2026-04-15T17:00:00Z');
    payload(await asOrganizer(FINISH_EVENT, 'finishEvent', { eventId: session.id }));
    const recordingUrl = 'https://videos.example/essentials';
    payload(await asOrganizer(UPDATE_EVENT, 'updateEvent', { eventId: session.id, recordingUrl }));
    await t.doTask(FillSeriesTask);
    expect(await overview()).toMatchObject({ next: null, past: [{ slug: session.slug, recordingUrl }] });
    expect((await overview(group.host.key)).nextToPrepare).toEqual({ slug: `${series.slug}-2026-07-15` });
  });
});

it('has a page with the agenda and resources of the next session, and what was shown at those before', async () => {
  const series = await anEssentials({ resources: RESOURCES, joinUrl: 'https://meet.example/essentials' });
  const session = await sessionOf(series);
  const joinUrl = 'https://meet.example/essentials';
  payload(await asOrganizer(UPDATE_EVENT, 'updateEvent', { eventId: session.id, joinUrl }));
  payload(await asOrganizer(PUBLISH_EVENT, 'publishEvent', { eventId: session.id }));
  const page = async () => (await fetch(`${t.url}/essentials`, { headers: { accept: 'text/html' } })).text();
  for (const words of [
    'How nominations work, step by step',
    '15 minutes',
    'Read this first',
    'https://example.org/slides',
  ])
    expect(await page()).toContain(words);
  expect(await page()).not.toContain(joinUrl);

  t.clock.moveTo('2026-04-15T17:00:00Z');
  payload(await asOrganizer(FINISH_EVENT, 'finishEvent', { eventId: session.id }));
  const recordingUrl = 'https://videos.example/essentials';
  payload(await asOrganizer(UPDATE_EVENT, 'updateEvent', { eventId: session.id, recordingUrl }));
  const later = await page();
  for (const words of [recordingUrl, 'https://example.org/slides']) expect(later).toContain(words);
  expect(later).not.toContain('https://example.org/read');
});
