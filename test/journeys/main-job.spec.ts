import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FollowUpSweep, ReminderSweep } from '#followups';
import { LedgerSweep } from '#impact';
import ICAL from 'ical.js';
import { payload, type TestGroup } from '../support/builders.ts';
import {
  CANCEL,
  CHECK_IN,
  CREATE_EVENT,
  CREATE_SERIES,
  FINISH_EVENT,
  PUBLISH_EVENT,
  REGISTER,
  UPDATE_EVENT,
} from '../support/documents.ts';
import { linkIn } from '../support/smtp.ts';
import { testSystem, type TestSystem } from '../support/system.ts';

let t: TestSystem;
let group: TestGroup;
let event: { id: string; slug: string };
beforeAll(async () => {
  t = await testSystem();
  group = await t.a.group('Europe/Lisbon');
});
afterAll(() => t.stop());

const people = ['ana', 'bilal', 'chen', 'divya'];
const mailsTo = (name: string) => t.smtp.mails.filter(({ recipient }) => recipient === `${name}@example.org`);
const subjects = (name: string) => mailsTo(name).map(({ subject }) => subject);
const feed = async (headers: Record<string, string> = {}) =>
  fetch(`${t.url}/calendar/groups/${group.slug}.ics`, { headers });
const entries = async () =>
  new ICAL.Component(ICAL.parse(await (await feed()).text())).getAllSubcomponents('vevent').map((component) => ({
    summary: String(component.getFirstPropertyValue('summary')),
    uid: String(component.getFirstPropertyValue('uid')),
    sequence: Number(component.getFirstPropertyValue('sequence')),
    startsAt: new ICAL.Event(component).startDate.toJSDate().toISOString(),
  }));

describe('the main job, from the first idea to the impact record', () => {
  it('an organizer schedules a meetup and the quarterly Essentials', async () => {
    const input = {
      groupId: group.id,
      title: 'June meetup',
      startsAtLocal: '2026-06-18T19:00',
      endsAtLocal: '2026-06-18T21:00',
      format: 'IN_PERSON',
      venue: { name: 'Casa do Bairro', address: 'Rua do Exemplo 12, Lisbon' },
      capacityInPerson: 2,
      people: [{ name: 'Samira', email: 'samira@example.org', role: 'SPEAKER', topic: 'Kind code' }],
    };
    event = payload((await t.graphql(CREATE_EVENT, { input }, group.organizer.key)).createEvent).event;
    payload((await t.graphql(PUBLISH_EVENT, { input: { eventId: event.id } }, group.organizer.key)).publishEvent);
    const essentials = {
      groupId: group.id,
      kind: 'ESSENTIALS',
      title: 'MVP Program Essentials: What You Need to Know',
      rule: 'FREQ=MONTHLY;INTERVAL=3;BYDAY=3TU;COUNT=40',
      startsAtLocal: '2026-03-17T17:00',
      endsAtLocal: '2026-03-17T18:00',
      format: 'ONLINE',
    };
    payload((await t.graphql(CREATE_SERIES, { input: essentials }, group.organizer.key)).createSeries);
    const drafts = await t.db.query(`SELECT starts_at_local, state FROM event WHERE series_id IS NOT NULL ORDER BY 1`);
    expect(drafts).toEqual([
      { starts_at_local: '2026-03-17T17:00', state: 'DRAFT' },
      { starts_at_local: '2026-06-16T17:00', state: 'DRAFT' },
    ]);
  });

  it('people register until it is full and then wait in line', async () => {
    const states = [];
    for (const name of people) {
      const input = { eventId: event.id, name, email: `${name}@example.org` };
      states.push(payload((await t.graphql(REGISTER, { input })).registerForEvent).registration.state);
    }
    expect(states).toEqual(['CONFIRMED', 'CONFIRMED', 'WAITLISTED', 'WAITLISTED']);
    await t.sendMail();
    expect(people.map(subjects)).toEqual([
      ['You are in: June meetup'],
      ['You are in: June meetup'],
      ['You are on the waitlist: June meetup'],
      ['You are on the waitlist: June meetup'],
    ]);
  });

  it('a calendar app subscribes to the feed, and asks again for nothing', async () => {
    const first = await feed();
    expect(first.headers.get('content-type')).toBe('text/calendar; charset=utf-8');
    const again = await feed({ 'if-none-match': first.headers.get('etag') ?? '' });
    expect(again.status).toBe(304);
    expect(await entries()).toMatchObject([
      { summary: 'June meetup', sequence: 0, startsAt: '2026-06-18T18:00:00.000Z' },
    ]);
  });

  it('the event moves: the calendar moves, and everybody is told once', async () => {
    const uid = (await entries())[0]?.uid;
    t.clock.moveTo('2026-03-02T12:00:00Z');
    const input = { eventId: event.id, startsAtLocal: '2026-06-18T18:30' };
    payload((await t.graphql(UPDATE_EVENT, { input }, group.organizer.key)).updateEvent);
    await untilFeed(async () => (await entries())[0]?.sequence === 1);
    expect(await entries()).toMatchObject([{ uid, sequence: 1, startsAt: '2026-06-18T17:30:00.000Z' }]);
    await t.sendMail();
    for (const name of people)
      expect(subjects(name).filter((subject) => subject === 'Changed: June meetup')).toHaveLength(1);
    expect(mailsTo('ana').at(-1)?.text).toContain('Before it was: Thursday, 18 June 2026 at 19:00 WEST');
  });

  it('somebody cancels by the link in their mail, and the longest waiting is in', async () => {
    const manageLink = linkIn(mailsTo('ana')[0] ?? fail('no mail'), '/manage/');
    const manageToken = manageLink.split('/manage/')[1];
    payload((await t.graphql(CANCEL, { input: { manageToken } })).cancelRegistration);
    await t.sendMail();
    expect(subjects('ana').at(-1)).toBe('You cancelled: June meetup');
    expect(subjects('chen').at(-1)).toBe('A seat came free: June meetup');
    expect(subjects('divya').at(-1)).toBe('Changed: June meetup');
  });

  it('a day before, those who have a seat are reminded, once', async () => {
    t.clock.moveTo('2026-06-17T17:31:00Z');
    await t.doTask(ReminderSweep);
    await t.doTask(ReminderSweep);
    await t.sendMail();
    const reminded = people.filter((name) =>
      subjects(name).some((subject) => subject?.startsWith('Soon: June meetup')),
    );
    expect(reminded).toEqual(['bilal', 'chen']);
  });

  it('at the door one is checked in by ticket code; the other does not come', async () => {
    t.clock.moveTo('2026-06-18T17:40:00Z');
    const code = /ticket code at the door: (\S+)/.exec(mailsTo('bilal')[0]?.text ?? '')?.[1];
    const input = { eventId: event.id, ticketCode: code?.toLowerCase() };
    const { registration } = payload((await t.graphql(CHECK_IN, { input }, group.host.key)).checkIn);
    expect(registration).toMatchObject({ attendance: 'ATTENDED', attendanceBasis: 'scanned' });
  });

  it('the event ends, and attended, no-show and never-in people get different mails', async () => {
    t.clock.moveTo('2026-06-18T20:30:00Z');
    payload((await t.graphql(FINISH_EVENT, { input: { eventId: event.id } }, group.organizer.key)).finishEvent);
    await t.doTask(FollowUpSweep);
    await t.sendMail();
    expect(people.map((name) => subjects(name).at(-1))).toEqual([
      'You cancelled: June meetup',
      'Thank you for coming to June meetup',
      'We missed you at June meetup',
      'June meetup was full, the next one may not be',
    ]);
    const before = t.smtp.mails.length;
    await t.doTask(FollowUpSweep);
    await t.sendMail();
    expect(t.smtp.mails).toHaveLength(before);
  });

  it('the impact record of the organizer holds a contribution with honest numbers', async () => {
    await t.doTask(LedgerSweep);
    const document = `{ contributions { totalCount nodes { title role state happenedOn measures { name value basis source } } } }`;
    const { contributions } = await t.graphql(document, {}, group.organizer.key);
    const source = `event:${event.id}`;
    expect(contributions).toEqual({
      totalCount: 1,
      nodes: [
        {
          title: 'June meetup',
          role: 'ORGANIZER',
          state: 'DRAFT',
          happenedOn: '2026-06-18',
          measures: expect.arrayContaining([
            { name: 'sessions', value: 1, basis: 'event', source },
            { name: 'registered', value: 2, basis: 'registered', source },
            { name: 'live_in_person', value: 1, basis: 'checked_in', source },
            { name: 'no_shows', value: 1, basis: 'checked_in', source },
            { name: 'unique_people', value: 1, basis: 'checked_in', source },
            { name: 'first_timers', value: 1, basis: 'checked_in', source },
          ]),
        },
      ],
    });
  });
});

/** A change reaches the feed by NOTIFY, a moment after it was committed. */
async function untilFeed(isThere: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 100 && !(await isThere()); tries += 1)
    await new Promise((resolve) => setTimeout(resolve, 20));
}

function fail(message: string): never {
  throw new Error(message);
}
