import { FollowUpSweep, ReminderSweep } from '#followups';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { payload, type TestEvent, type TestGroup } from '../support/builders.ts';
import { CANCEL, CANCEL_EVENT, CHECK_IN, FINISH_EVENT, UPDATE_EVENT } from '../support/documents.ts';
import { linkIn } from '../support/smtp.ts';
import { testSystem, type TestSystem } from '../support/system.ts';

let t: TestSystem;
let group: TestGroup;
beforeAll(async () => {
  t = await testSystem();
  group = await t.a.group('Europe/Berlin');
});
afterAll(() => t.stop());
beforeEach(async () => {
  t.clock.moveTo('2026-03-01T12:00:00Z');
  await t.db.query('DELETE FROM message');
});

const asked = async (document: string, name: string, input: Record<string, unknown>, { organizer } = group) =>
  payload((await t.graphql(document, { input }, organizer.key))[name]);
/** What was decided to be mailed about the event, as `kind address`. */
const mailsAbout = async (event: TestEvent, ...kinds: string[]) => {
  const rows: { mail: string }[] = await t.db.query(
    `SELECT kind || ' ' || to_address AS mail FROM message WHERE event_id = $1 AND (kind = ANY($2) OR $2 = '{}') ORDER BY kind, to_address`,
    [event.id, kinds],
  );
  return rows.map(({ mail }) => mail);
};
const remindAt = async (instant: string) => {
  t.clock.moveTo(instant);
  for (let time = 0; time < 2; time += 1) await t.doTask(ReminderSweep);
};
const reminders = (event: TestEvent) => mailsAbout(event, 'reminder');

describe('a reminder', () => {
  it('comes a day and an hour before the start, once each, to those with a seat', async () => {
    const event = await t.a.event(group, { capacityOnline: 1 }); // at 16:00 UTC on the 17th
    await t.a.registration(event, 'in@example.org');
    await t.a.registration(event, 'waits@example.org');
    await remindAt('2026-03-16T15:59:59Z');
    expect(await reminders(event)).toEqual([]);
    await remindAt('2026-03-16T16:00:00Z');
    expect(await reminders(event)).toEqual(['reminder in@example.org']);
    await remindAt('2026-03-17T14:59:59Z');
    expect(await reminders(event)).toHaveLength(1);
    await remindAt('2026-03-17T15:00:00Z');
    expect(await reminders(event)).toHaveLength(2);
    await remindAt('2026-03-17T16:00:00Z');
    expect(await reminders(event)).toHaveLength(2);
    t.clock.moveTo('2026-03-17T15:00:00Z');
    await t.sendMail();
    const mail = t.smtp.mails.findLast(({ recipient }) => recipient === 'in@example.org');
    expect(mail?.subject).toMatch(/^Soon: .+Tuesday, 17 March 2026/);
    expect(mail?.text).toContain('Your ticket code at the door');
  });

  it('comes again after the event was moved', async () => {
    const event = await t.a.event(group);
    await t.a.registration(event, 'moved@example.org');
    await remindAt('2026-03-16T18:00:00Z');
    await asked(UPDATE_EVENT, 'updateEvent', {
      eventId: event.id,
      startsAtLocal: '2026-03-18T17:00',
      endsAtLocal: '2026-03-18T18:30',
    });
    await remindAt('2026-03-16T19:00:00Z');
    expect(await reminders(event)).toHaveLength(1);
    await remindAt('2026-03-17T18:00:00Z');
    expect(await reminders(event)).toHaveLength(2);
  });

  it('is spared those who registered within the day, until the last hour', async () => {
    const event = await t.a.event(group);
    t.clock.moveTo('2026-03-17T08:00:00Z');
    await t.a.registration(event, 'just-told@example.org');
    await remindAt('2026-03-17T09:00:00Z');
    expect(await reminders(event)).toEqual([]);
    await remindAt('2026-03-17T15:30:00Z');
    expect(await reminders(event)).toHaveLength(1);
  });

  it('is one mail, not two, when the worker was away for a day', async () => {
    const event = await t.a.event(group);
    await t.a.registration(event, 'once@example.org');
    await remindAt('2026-03-17T15:30:00Z');
    expect(await reminders(event)).toHaveLength(1);
  });

  it('goes to nobody who cancelled, and to nobody when the event is off', async () => {
    const [event, off] = [await t.a.event(group), await t.a.event(group)];
    const { id } = await t.a.registration(event, 'left@example.org');
    await t.a.registration(off, 'off@example.org');
    await asked(CANCEL, 'cancelRegistration', { registrationId: id });
    await asked(CANCEL_EVENT, 'cancelEvent', { eventId: off.id });
    await remindAt('2026-03-17T15:30:00Z');
    expect([...(await reminders(event)), ...(await reminders(off))]).toEqual([]);
  });

  it('that was decided but not sent is dropped when its reader cancels, or when it comes too late', async () => {
    const event = await t.a.event(group);
    const { id } = await t.a.registration(event, 'dropped@example.org');
    await t.a.registration(event, 'too-late@example.org');
    await remindAt('2026-03-17T15:30:00Z');
    await asked(CANCEL, 'cancelRegistration', { registrationId: id });
    t.clock.moveTo('2026-03-17T16:00:00Z');
    await t.sendMail();
    const rows = await t.db.query(
      `SELECT to_address, state FROM message WHERE event_id = $1 AND kind = 'reminder' ORDER BY to_address`,
      [event.id],
    );
    expect(rows).toEqual([
      { to_address: 'dropped@example.org', state: 'EXPIRED' },
      { to_address: 'too-late@example.org', state: 'EXPIRED' },
    ]);
  });
});

describe('after an event', () => {
  const FOLLOW_UPS = ['attended', 'no-show', 'never-in', 'ended'];
  const finish = async (event: TestEvent, by = group) => {
    t.clock.moveTo('2026-03-17T18:00:00Z');
    await asked(FINISH_EVENT, 'finishEvent', { eventId: event.id }, by);
    for (let time = 0; time < 2; time += 1) await t.doTask(FollowUpSweep);
  };
  const subjectFor = (address: string) => t.smtp.mails.findLast(({ recipient }) => recipient === address)?.subject;

  it('everybody hears what fits what happened to them, once', async () => {
    const event = await t.a.event(group, { capacityOnline: 2, title: 'March meetup' });
    const came = await t.a.registration(event, 'came@example.org');
    await t.a.registration(event, 'missed@example.org');
    await t.a.registration(event, 'never-in@example.org');
    const left = await t.a.registration(event, 'left@example.org');
    await asked(CANCEL, 'cancelRegistration', { registrationId: left.id });
    await asked(CHECK_IN, 'checkIn', { eventId: event.id, ticketCode: came.ticketCode });
    await t.doTask(FollowUpSweep);
    expect(await mailsAbout(event, ...FOLLOW_UPS)).toEqual([]);
    await finish(event);
    expect(await mailsAbout(event, ...FOLLOW_UPS)).toEqual([
      'attended came@example.org',
      'never-in never-in@example.org',
      'no-show missed@example.org',
    ]);
    await t.sendMail();
    expect(['came', 'missed', 'never-in'].map((name) => subjectFor(`${name}@example.org`))).toEqual([
      'Thank you for coming to March meetup',
      'We missed you at March meetup',
      'March meetup was full, the next one may not be',
    ]);
  });

  it('nobody is told that they were missed where attendance was not taken', async () => {
    const event = await t.a.event(group, { title: 'Quiet meetup' });
    await t.a.registration(event, 'perhaps@example.org');
    await finish(event);
    await t.sendMail();
    expect(await mailsAbout(event, ...FOLLOW_UPS)).toEqual(['ended perhaps@example.org']);
    expect(subjectFor('perhaps@example.org')).toBe('Quiet meetup is over');
  });

  it('the recording and the next date are a click away', async () => {
    const club = await t.a.group('Europe/Berlin');
    const event = await t.a.event(club);
    const next = await t.a.event(club, {
      title: 'April meetup',
      startsAtLocal: '2026-04-21T17:00',
      endsAtLocal: '2026-04-21T18:00',
    });
    const { ticketCode } = await t.a.registration(event, 'again@example.org');
    await asked(CHECK_IN, 'checkIn', { eventId: event.id, ticketCode }, club);
    await asked(UPDATE_EVENT, 'updateEvent', { eventId: event.id, recordingUrl: 'https://video.example/march' }, club);
    await finish(event, club);
    await t.sendMail();
    const mail = t.smtp.mails.findLast(({ recipient }) => recipient === 'again@example.org');
    if (!mail) throw new Error('The mail did not come');
    expect(linkIn(mail, 'video.example')).toBe('https://video.example/march');
    expect(linkIn(mail, '/events/')).toBe(`http://goodturn.test/events/${next.slug}`);
    expect(mail.text).toContain('April meetup, Tuesday, 21 April 2026');
  });

  it('a correction of attendance mails nobody a second time', async () => {
    const event = await t.a.event(group);
    const seen = await t.a.registration(event, 'seen@example.org');
    const missed = await t.a.registration(event, 'was-there@example.org');
    await asked(CHECK_IN, 'checkIn', { eventId: event.id, ticketCode: seen.ticketCode });
    await finish(event);
    await asked(CHECK_IN, 'checkIn', { eventId: event.id, ticketCode: missed.ticketCode });
    await t.doTask(FollowUpSweep);
    expect(await mailsAbout(event, ...FOLLOW_UPS)).toEqual([
      'attended seen@example.org',
      'no-show was-there@example.org',
    ]);
  });

  it('nobody is thanked for an event of last month', async () => {
    const event = await t.a.event(group);
    await t.a.registration(event, 'history@example.org');
    t.clock.moveTo('2026-03-17T18:00:00Z');
    await asked(FINISH_EVENT, 'finishEvent', { eventId: event.id });
    t.clock.moveTo('2026-04-17T18:00:00Z');
    await t.doTask(FollowUpSweep);
    expect(await mailsAbout(event, ...FOLLOW_UPS)).toEqual([]);
  });
});
