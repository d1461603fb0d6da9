import { StillComingSweep } from '#followups';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { payload, type TestEvent, type TestGroup } from '../support/builders.ts';
import { ANSWER, CANCEL, COMING, ROTATE, UPDATE_EVENT } from '../support/documents.ts';
import { linkIn } from '../support/smtp.ts';
import { testSystem, type TestSystem } from '../support/system.ts';

let t: TestSystem;
let group: TestGroup;
beforeAll(async () => {
  t = await testSystem();
  group = await t.a.group();
});
afterAll(() => t.stop());
beforeEach(() => t.clock.moveTo('2026-03-01T12:00:00Z'));

const lastMailTo = async (address: string) => {
  await t.sendMail();
  const mail = t.smtp.mails.findLast(({ recipient }) => recipient === address);
  if (!mail) throw new Error(`No mail to ${address}`);
  return mail;
};
const tokenFrom = async (address: string): Promise<string> =>
  new URL(linkIn(await lastMailTo(address), '/manage/')).pathname.split('/')[2] ?? '';
const rowOf = async (id: string) => (await t.db.query('SELECT * FROM registration WHERE id = $1', [id]))[0];
const change = async (event: TestEvent, input: Record<string, unknown>) =>
  payload((await t.graphql(UPDATE_EVENT, { input: { eventId: event.id, ...input } }, group.organizer.key)).updateEvent);
const questionsOf = async (event: TestEvent): Promise<{ id: string; kind: string; label: string }[]> =>
  (await t.db.query('SELECT questions FROM event WHERE id = $1', [event.id]))[0].questions;

describe('whether people still come', () => {
  it('is asked once, 48 hours before, of those who registered earlier and where organizers want it', async () => {
    const [event, unasked] = [await t.a.event(group, { askStillComing: true }), await t.a.event(group)];
    await t.a.registration(event, 'early@example.org');
    await t.a.registration(unasked, 'unasked@example.org');
    t.clock.moveTo('2026-03-15T15:00:00Z');
    await t.doTask(StillComingSweep);
    expect((await lastMailTo('early@example.org')).subject).toMatch(/^You are in/); // 49 hours are too early
    t.clock.moveTo('2026-03-15T16:30:00Z');
    await t.a.registration(event, 'just-now@example.org');
    await t.doTask(StillComingSweep);
    await t.doTask(StillComingSweep);
    await t.sendMail();
    const asked = t.smtp.mails.filter(({ subject }) => subject?.startsWith('Are you still coming'));
    expect(asked.map(({ recipient }) => recipient)).toEqual(['early@example.org']);
  });

  it('yes is noted, no frees the seat, and neither happens by opening the link', async () => {
    const event = await t.a.event(group, { askStillComing: true, capacityOnline: 2 });
    const yes = await t.a.registration(event, 'yes@example.org');
    const no = await t.a.registration(event, 'no@example.org');
    const waiting = await t.a.registration(event, 'hopes@example.org');
    t.clock.moveTo('2026-03-15T16:30:00Z');
    await t.doTask(StillComingSweep);
    const mail = await lastMailTo('yes@example.org');
    const coming = new URL(linkIn(mail, '/coming')).pathname;
    await fetch(`${t.url}${coming}`);
    expect((await rowOf(yes.id)).still_coming_at).toBeNull();
    const { confirmComing } = await t.graphql(COMING, { input: { manageToken: coming.split('/')[2] } });
    expect(payload(confirmComing).registration.stillComingAt).toBe('2026-03-15T16:30:00.000Z');
    const cancel = new URL(linkIn(await lastMailTo('no@example.org'), '/cancel')).pathname;
    await t.graphql(CANCEL, { input: { manageToken: cancel.split('/')[2] } });
    expect([(await rowOf(no.id)).state, (await rowOf(waiting.id)).state]).toEqual(['CANCELLED', 'CONFIRMED']);
  });

  it('is open again when the event moves, and asked anew', async () => {
    const event = await t.a.event(group, { askStillComing: true });
    const { id } = await t.a.registration(event, 'moved@example.org');
    await t.graphql(COMING, { input: { registrationId: id } }, group.organizer.key);
    expect((await rowOf(id)).still_coming_at).not.toBeNull();
    await change(event, { startsAtLocal: '2026-03-24T17:00', endsAtLocal: '2026-03-24T18:30' });
    expect((await rowOf(id)).still_coming_at).toBeNull();
    t.clock.moveTo('2026-03-22T16:30:00Z');
    await t.doTask(StillComingSweep);
    expect((await lastMailTo('moved@example.org')).subject).toMatch(/^Are you still coming/);
  });
});

describe('answers', () => {
  it('can be changed by link until the start; those left out stay', async () => {
    const questions = [
      { kind: 'SHORT_TEXT', label: 'What do you bring?', required: true },
      { kind: 'YES_NO', label: 'Vegan?' },
    ];
    const event = await t.a.event(group, { questions });
    const [bring, vegan] = await questionsOf(event);
    const answers = [
      { questionId: bring?.id, text: 'Cake' },
      { questionId: vegan?.id, yes: true },
    ];
    const { id } = await t.a.registration(event, 'answers@example.org', { answers });
    const manageToken = await tokenFrom('answers@example.org');
    const say = async (text: string) =>
      (await t.graphql(ANSWER, { input: { manageToken, answers: [{ questionId: bring?.id, text }] } })).updateAnswers;
    payload(await say('Bread'));
    expect((await rowOf(id)).answers).toEqual({ [bring?.id ?? '']: 'Bread', [vegan?.id ?? '']: true });
    expect((await say(' ')).userErrors).toMatchObject([{ code: 'ANSWER_NEEDED' }]);
    t.clock.moveTo('2026-03-17T16:00:00Z');
    expect((await say('Nothing')).userErrors).toMatchObject([{ code: 'TOO_LATE' }]);
  });

  it('outlive a change of the form: questions keep their answers by id, and whoever is let in is asked what is new', async () => {
    const event = await t.a.event(group, {
      capacityOnline: 1,
      questions: [{ kind: 'SHORT_TEXT', label: 'What do you bring?' }],
    });
    const [bring] = await questionsOf(event);
    const ada = await t.a.registration(event, 'ada@example.org');
    const bob = await t.a.registration(event, 'bob@example.org', { answers: [{ questionId: bring?.id, text: 'Tea' }] });
    await change(event, {
      questions: [
        { kind: 'YES_NO', label: 'Do you take photos?', required: true },
        { id: bring?.id, kind: 'SHORT_TEXT', label: 'What do you bring?' },
      ],
    });
    expect((await questionsOf(event))[1]?.id).toBe(bring?.id);
    await t.graphql(CANCEL, { input: { registrationId: ada.id } }, group.organizer.key);
    expect(await rowOf(bob.id)).toMatchObject({
      state: 'CONFIRMED',
      answers: { [bring?.id ?? '']: 'Tea' },
      form_version: 1,
    });
    const mail = await lastMailTo('bob@example.org');
    expect(mail.text).toContain('changed their questions');
    expect(linkIn(mail, '/answers')).toContain('/manage/');
  });

  it('are not asked for again because of a new explanation', async () => {
    const event = await t.a.event(group, { questions: [{ kind: 'YES_NO', label: 'Vegan?' }] });
    const [{ id, kind, label }] = (await questionsOf(event)) as [{ id: string; kind: string; label: string }];
    const version = async () =>
      (await t.db.query('SELECT form_version FROM event WHERE id = $1', [event.id]))[0].form_version;
    const before = await version();
    await change(event, { questions: [{ id, kind, label, help: 'For the kitchen.' }] });
    expect(await version()).toBe(before);
    await change(event, { questions: [{ id, kind, label: 'Vegetarian?' }] });
    expect(await version()).toBe(before + 1);
  });
});

describe('a manage link that fell into wrong hands', () => {
  it('is useless once a new one was asked for, which comes by mail', async () => {
    const event = await t.a.event(group);
    const { id } = await t.a.registration(event, 'rotate@example.org');
    const old = await tokenFrom('rotate@example.org');
    payload((await t.graphql(ROTATE, { input: { manageToken: old } })).rotateManageLink);
    expect((await t.graphql(ROTATE, { input: { manageToken: old } })).rotateManageLink.userErrors).toMatchObject([
      { code: 'NOT_FOUND', field: 'manageToken' },
    ]);
    expect((await lastMailTo('rotate@example.org')).subject).toMatch(/^Your new link/);
    const fresh = await tokenFrom('rotate@example.org');
    const { registration } = await t.graphql('query($token: String!) { registration(manageToken: $token) { id } }', {
      token: fresh,
    });
    expect(registration).toEqual({ id });
  });

  it('is replaced by organizers without their seeing the new one', async () => {
    const event = await t.a.event(group);
    const { id } = await t.a.registration(event, 'by-organizer@example.org');
    const { rotateManageLink } = await t.graphql(ROTATE, { input: { registrationId: id } }, group.organizer.key);
    expect(JSON.stringify(payload(rotateManageLink))).not.toContain('/manage/');
    expect(await tokenFrom('by-organizer@example.org')).toHaveLength(43);
  });
});
