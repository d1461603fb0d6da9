import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { payload, type TestEvent, type TestGroup } from '../support/builders.ts';
import { APPROVE, CANCEL, REFUSE } from '../support/documents.ts';
import { testSystem, type TestSystem } from '../support/system.ts';

let t: TestSystem;
let group: TestGroup;
beforeAll(async () => {
  t = await testSystem();
  group = await t.a.group();
});
afterAll(() => t.stop());
beforeEach(() => t.clock.moveTo('2026-03-01T12:00:00Z'));

const approve = async (registrationId: string) =>
  (await t.graphql(APPROVE, { input: { registrationId } }, group.organizer.key)).approveRegistration;
const refuse = async (registrationId: string, reason?: string) =>
  (await t.graphql(REFUSE, { input: { registrationId, reason } }, group.organizer.key)).refuseRegistration;
const subjectsTo = async (address: string): Promise<(string | undefined)[]> => {
  await t.sendMail();
  return t.smtp.mails.filter(({ recipient }) => recipient === address).map(({ subject }) => subject?.split(':')[0]);
};
const seatsOf = async ({ id }: TestEvent) =>
  (await t.db.query('SELECT taken_online AS taken, waiting_online AS waiting FROM event WHERE id = $1', [id]))[0];

describe('where organizers look at each registration first', () => {
  it('asking takes no seat and no place in line, and is answered kindly', async () => {
    const event = await t.a.event(group, { approvalRequired: true, capacityOnline: 1 });
    const { state, waitlistPosition } = await t.a.registration(event, 'asks@example.org');
    expect({ state, waitlistPosition }).toEqual({ state: 'PENDING', waitlistPosition: null });
    expect(await seatsOf(event)).toEqual({ taken: 0, waiting: 0 });
    expect(await subjectsTo('asks@example.org')).toEqual(['We have your registration']);
  });

  it('a yes gives a seat while there are seats, then places in line, in the order of saying yes', async () => {
    const event = await t.a.event(group, { approvalRequired: true, capacityOnline: 2, guestLimit: 1 });
    const first = await t.a.registration(event, 'first@example.org');
    const two = await t.a.registration(event, 'two@example.org', { guests: [{ name: 'Grace' }] });
    expect(payload(await approve(two.id)).registration.state).toBe('CONFIRMED');
    expect(payload(await approve(first.id)).registration.state).toBe('WAITLISTED');
    expect(payload(await approve(first.id)).registration.state).toBe('WAITLISTED');
    expect(await seatsOf(event)).toEqual({ taken: 2, waiting: 1 });
    expect(await subjectsTo('two@example.org')).toEqual(['We have your registration', 'You are in']);
    expect(await subjectsTo('first@example.org')).toEqual(['We have your registration', 'You are on the waitlist']);
    await t.graphql(CANCEL, { input: { registrationId: two.id } }, group.organizer.key);
    expect(await seatsOf(event)).toEqual({ taken: 1, waiting: 0 });
  });

  it('a no is told with its reason, and stays in the history with who said it', async () => {
    const event = await t.a.event(group, { approvalRequired: true });
    const { id } = await t.a.registration(event, 'no@example.org');
    expect(payload(await refuse(id, 'This one is for beginners.')).registration.state).toBe('CANCELLED');
    payload(await refuse(id));
    await t.sendMail();
    const mails = t.smtp.mails.filter(({ recipient }) => recipient === 'no@example.org');
    expect(mails.map(({ subject }) => subject)).toEqual([
      expect.stringMatching(/^We have your registration/),
      expect.stringMatching(/^About your registration/),
    ]);
    expect(mails[1]?.text).toContain('They write: This one is for beginners.');
    const acts = await t.db.query(
      'SELECT act, actor_id, details FROM history_entry WHERE subject_id = $1 ORDER BY id',
      [id],
    );
    expect(acts).toMatchObject([
      { act: 'registration.requested' },
      { act: 'registration.refused', actor_id: group.organizer.id, details: { reason: 'This one is for beginners.' } },
    ]);
  });

  it('neither comes after the person has cancelled, and no yes after the start', async () => {
    const event = await t.a.event(group, { approvalRequired: true });
    const gone = await t.a.registration(event, 'gone@example.org');
    const late = await t.a.registration(event, 'late@example.org');
    await t.graphql(CANCEL, { input: { registrationId: gone.id } }, group.organizer.key);
    expect((await approve(gone.id)).userErrors).toMatchObject([{ code: 'CANCELLED' }]);
    t.clock.moveTo('2026-03-17T16:00:00Z');
    expect((await approve(late.id)).userErrors).toMatchObject([{ code: 'EVENT_STARTED' }]);
  });
});
