import { PassOnSweep } from '#registration';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { payload, type TestEvent, type TestGroup } from '../support/builders.ts';
import { ACCEPT, CANCEL, UPDATE_EVENT } from '../support/documents.ts';
import { linkIn } from '../support/smtp.ts';
import { testSystem, type TestSystem } from '../support/system.ts';

let t: TestSystem;
let group: TestGroup;
beforeAll(async () => {
  t = await testSystem();
  group = await t.a.group();
  const document = `mutation($input: UpdateGroupInput!) { updateGroup(input: $input) { group { offerHours } userErrors { code } } }`;
  const { updateGroup } = await t.graphql(document, { input: { groupId: group.id, offerHours: 24 } }, group.owner.key);
  expect(payload(updateGroup).group.offerHours).toBe(24);
});
afterAll(() => t.stop());
beforeEach(() => {
  round += 1;
  t.clock.moveTo('2026-03-01T12:00:00Z');
});

let round = 0;
/** An address that no other test writes to: the timetable also looks after the events of earlier tests. */
const at = (name: string): string => `${name}-${round}@example.org`;

/** One seat, which Ada has given back; Bob and Cleo waited for it. */
async function oneSeatFreed(): Promise<{ event: TestEvent; bob: string; cleo: string }> {
  const event = await t.a.event(group, { capacityOnline: 1 });
  const ada = await t.a.registration(event, at('ada'));
  const bob = await t.a.registration(event, at('bob'));
  const cleo = await t.a.registration(event, at('cleo'));
  await t.graphql(CANCEL, { input: { registrationId: ada.id } }, group.organizer.key);
  return { event, bob: bob.id, cleo: cleo.id };
}
const statesOf = async (...ids: string[]): Promise<string[]> => {
  const rows: { id: string; state: string }[] = await t.db.query(
    'SELECT id, state FROM registration WHERE id = ANY($1)',
    [ids],
  );
  return ids.map((id) => rows.find((row) => row.id === id)?.state ?? 'gone');
};
const mailTo = async (address: string) => {
  await t.sendMail();
  const mail = t.smtp.mails.findLast(({ recipient }) => recipient === address);
  if (!mail) throw new Error(`No mail to ${address}`);
  return mail;
};
/** The manage token in a link of a mail. */
const tokenIn = async (address: string) => new URL(linkIn(await mailTo(address), '/manage/')).pathname.split('/')[2];

describe('where people are asked whether they want the seat', () => {
  it('holds it for the longest waiting, and nobody else gets it meanwhile', async () => {
    const { event, bob, cleo } = await oneSeatFreed();
    expect(await statesOf(bob, cleo)).toEqual(['OFFERED', 'WAITLISTED']);
    expect((await t.a.registration(event, at('dan'))).state).toBe('WAITLISTED');
    const [row] = await t.db.query('SELECT offered_until FROM registration WHERE id = $1', [bob]);
    expect(row.offered_until).toEqual(new Date('2026-03-02T12:00:00Z'));
  });

  it('mails two links, to take the seat and to pass it on, and says until when', async () => {
    const { event, bob } = await oneSeatFreed();
    const mail = await mailTo(at('bob'));
    expect(mail.subject).toMatch(/^A seat is yours if you want it/);
    expect(mail.text).toMatch(/until .*2 March 2026/);
    const accept = linkIn(mail, '/accept');
    expect(linkIn(mail, '/cancel')).toBe(accept.replace(/accept$/, 'cancel'));
    const { acceptOffer } = await t.graphql(ACCEPT, { input: { manageToken: new URL(accept).pathname.split('/')[2] } });
    expect(payload(acceptOffer).registration).toMatchObject({ id: bob, state: 'CONFIRMED', offeredUntil: null });
    expect((await mailTo(at('bob'))).subject).toMatch(/^You are in/);
    const [seats] = await t.db.query('SELECT taken_online, waiting_online FROM event WHERE id = $1', [event.id]);
    expect(seats).toEqual({ taken_online: 1, waiting_online: 1 });
  });

  it('passes a declined seat to the next at once', async () => {
    const { bob, cleo } = await oneSeatFreed();
    const { cancelRegistration } = await t.graphql(CANCEL, {
      input: { manageToken: await tokenIn(at('bob')) },
    });
    payload(cancelRegistration);
    expect(await statesOf(bob, cleo)).toEqual(['CANCELLED', 'OFFERED']);
    const acts = await t.db.query('SELECT act FROM history_entry WHERE subject_id = $1 ORDER BY id', [bob]);
    expect(acts.map(({ act }: { act: string }) => act)).toEqual([
      'registration.waitlisted',
      'registration.offered',
      'registration.declined',
    ]);
  });

  it('passes a seat on whose offer ran out, once, and tells both', async () => {
    const { bob, cleo } = await oneSeatFreed();
    t.clock.moveTo('2026-03-02T11:59:00Z');
    await t.doTask(PassOnSweep);
    expect(await statesOf(bob, cleo)).toEqual(['OFFERED', 'WAITLISTED']);
    t.clock.moveTo('2026-03-02T12:00:00Z');
    await t.doTask(PassOnSweep);
    await t.doTask(PassOnSweep);
    expect(await statesOf(bob, cleo)).toEqual(['CANCELLED', 'OFFERED']);
    expect((await mailTo(at('bob'))).subject).toMatch(/^The seat went on/);
    expect((await mailTo(at('cleo'))).subject).toMatch(/^A seat is yours/);
    const { acceptOffer } = await t.graphql(ACCEPT, { input: { registrationId: bob } }, group.organizer.key);
    expect(acceptOffer.userErrors).toMatchObject([{ code: 'NO_OFFER' }]);
  });

  it('never holds a seat beyond the start, and offers none after it', async () => {
    const event = await t.a.event(group, { capacityOnline: 1 });
    const ada = await t.a.registration(event, at('ada'));
    const bob = await t.a.registration(event, at('bob'));
    const cleo = await t.a.registration(event, at('cleo'));
    t.clock.moveTo('2026-03-17T15:00:00Z');
    await t.graphql(CANCEL, { input: { registrationId: ada.id } }, group.organizer.key);
    const [row] = await t.db.query('SELECT offered_until FROM registration WHERE id = $1', [bob.id]);
    expect(row.offered_until).toEqual(new Date('2026-03-17T16:00:00Z'));
    t.clock.moveTo('2026-03-17T16:00:00Z');
    const { acceptOffer } = await t.graphql(ACCEPT, { input: { registrationId: bob.id } }, group.organizer.key);
    expect(acceptOffer.userErrors).toMatchObject([{ code: 'TOO_LATE' }]);
    await t.doTask(PassOnSweep);
    expect(await statesOf(bob.id, cleo.id)).toEqual(['CANCELLED', 'WAITLISTED']);
  });

  it('counts a held seat when the capacity is lowered, and offers those that are added', async () => {
    const { event, bob, cleo } = await oneSeatFreed();
    const resized = async (capacityOnline: number) =>
      (await t.graphql(UPDATE_EVENT, { input: { eventId: event.id, capacityOnline } }, group.organizer.key))
        .updateEvent;
    expect((await resized(0)).userErrors).toMatchObject([{ code: 'CAPACITY_BELOW_CONFIRMED' }]);
    payload(await resized(2));
    expect(await statesOf(bob, cleo)).toEqual(['OFFERED', 'OFFERED']);
  });

  it('asks again what the form has come to ask, before the seat is taken', async () => {
    const event = await t.a.event(group, { capacityOnline: 1 });
    const ada = await t.a.registration(event, at('ada'));
    const bob = await t.a.registration(event, at('bob'));
    const questions = [{ kind: 'SHORT_TEXT', label: 'What do you hope to learn?', required: true }];
    payload(
      (await t.graphql(UPDATE_EVENT, { input: { eventId: event.id, questions } }, group.organizer.key)).updateEvent,
    );
    await t.graphql(CANCEL, { input: { registrationId: ada.id } }, group.organizer.key);
    const mail = await mailTo(at('bob'));
    expect(mail.text).toMatch(/changed their questions/);
    const manageToken = new URL(linkIn(mail, '/accept')).pathname.split('/')[2];
    const refused = (await t.graphql(ACCEPT, { input: { manageToken } })).acceptOffer;
    expect(refused.userErrors).toMatchObject([{ code: 'ANSWER_NEEDED' }]);
    const [{ questions: asked }] = await t.db.query('SELECT questions FROM event WHERE id = $1', [event.id]);
    const answers = [{ questionId: asked[0].id, text: 'How to listen' }];
    expect(
      payload((await t.graphql(ACCEPT, { input: { manageToken, answers } })).acceptOffer).registration,
    ).toMatchObject({
      id: bob.id,
      state: 'CONFIRMED',
    });
  });
});
