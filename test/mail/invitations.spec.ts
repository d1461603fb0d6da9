import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import ICAL from 'ical.js';
import { payload, type TestEvent, type TestGroup } from '../support/builders.ts';
import {
  CANCEL,
  CANCEL_EVENT,
  CREATE_SERIES,
  PUBLISH_EVENT,
  ROTATE,
  SWITCH,
  UPDATE_EVENT,
} from '../support/documents.ts';
import type { Received } from '../support/smtp.ts';
import { testSystem, type TestSystem } from '../support/system.ts';

let t: TestSystem;
let group: TestGroup;
let count = 0;
beforeAll(async () => {
  t = await testSystem();
  group = await t.a.group('Europe/Lisbon');
});
afterAll(() => t.stop());
beforeEach(async () => {
  await t.sendMail();
  t.smtp.mails.length = 0;
});

const address = () => `guest-${++count}@example.org`;
const as = async (document: string, name: string, input: Record<string, unknown>, key = group.organizer.key) =>
  payload((await t.graphql(document, { input }, key))[name]);
const update = (event: TestEvent, changes: Record<string, unknown>) =>
  as(UPDATE_EVENT, 'updateEvent', { eventId: event.id, ...changes });
const leave = (registrationId: string) => as(CANCEL, 'cancelRegistration', { registrationId });
const room = { format: 'HYBRID', venue: { name: 'Biblioteca', address: 'Rua 1' } };

interface Told {
  subject: string | undefined;
  method: string;
  sequence: number;
  status: string;
  uid: string;
  starts: string;
}
/** What a mail tells the calendar; null for a mail without a calendar part. */
const toldBy = (mail: Received): Told | null => {
  const ics = mail.attachments.find(({ contentType }) => contentType === 'application/ics');
  if (!ics) return null;
  const calendar = new ICAL.Component(ICAL.parse(ics.content.toString('utf8')));
  const event = new ICAL.Event(calendar.getFirstSubcomponent('vevent') ?? undefined);
  return {
    subject: mail.subject,
    method: String(calendar.getFirstPropertyValue('method')),
    sequence: event.sequence,
    status: String(event.component.getFirstPropertyValue('status')),
    uid: event.uid,
    starts: event.startDate.toJSDate().toISOString(),
  };
};
/** What the mails to this address have told the calendar so far, in the order they came. */
const told = async (to: string): Promise<(Told | null)[]> => {
  await t.sendMail();
  return t.smtp.mails.filter(({ recipient }) => recipient === to).map(toldBy);
};
const steps = (parts: (Told | null)[]) => parts.map((part) => part && `${part.method} ${part.sequence} ${part.status}`);

describe('a calendar is told', () => {
  it('of a seat, under the identity that the feed gives the event, and of its loss in a newer version', async () => {
    const event = await t.a.event(group);
    const to = address();
    const { id } = await t.a.registration(event, to);
    await leave(id);
    const parts = await told(to);
    expect(steps(parts)).toEqual(['REQUEST 0 CONFIRMED', 'CANCEL 1 CANCELLED']);
    const feed = await (await fetch(`${t.url}/calendar/events/${event.slug}.ics`)).text();
    const [, uid] = feed.match(/^UID:(.*)\r$/m) ?? [];
    expect(parts.map((part) => part?.uid)).toEqual([uid, uid]);
  });

  it('again when somebody comes back, in a version that no calendar takes for an old one', async () => {
    const event = await t.a.event(group);
    const to = address();
    for (let round = 0; round < 3; round += 1) await leave((await t.a.registration(event, to)).id);
    await t.a.registration(event, to);
    expect(steps(await told(to))).toEqual([
      ...['REQUEST 0 CONFIRMED', 'CANCEL 1 CANCELLED'],
      ...['REQUEST 2 CONFIRMED', 'CANCEL 3 CANCELLED'],
      ...['REQUEST 4 CONFIRMED', 'CANCEL 5 CANCELLED'],
      'REQUEST 6 CONFIRMED',
    ]);
  });

  it('of a material change, once each, and of no other', async () => {
    const event = await t.a.event(group);
    const people = [address(), address(), address()];
    for (const person of people) await t.a.registration(event, person);
    await t.sendMail();
    await update(event, { description: 'A typo less' });
    await update(event, { startsAtLocal: '2026-03-18T17:00', endsAtLocal: '2026-03-18T18:30' });
    for (const person of people) {
      const parts = await told(person);
      expect(steps(parts)).toEqual(['REQUEST 0 CONFIRMED', 'REQUEST 1 CONFIRMED']);
      expect(parts[1]?.starts).toBe('2026-03-18T17:00:00.000Z');
    }
  });

  it('nothing of a place in line, of its change and of its end; of a promotion it is', async () => {
    const event = await t.a.event(group, { capacityOnline: 1 });
    const [first, second, third] = [address(), address(), address()];
    const { id } = await t.a.registration(event, first);
    await t.a.registration(event, second);
    const waiting = await t.a.registration(event, third);
    await update(event, { startsAtLocal: '2026-03-18T17:00', endsAtLocal: '2026-03-18T18:30' });
    expect(steps(await told(third))).toEqual([null, null]);
    await leave(waiting.id);
    expect(steps(await told(third))).toEqual([null, null, null]);
    await leave(id);
    expect(steps(await told(second))).toEqual([null, null, 'REQUEST 1 CONFIRMED']);
    await as(CANCEL_EVENT, 'cancelEvent', { eventId: event.id });
    expect(steps(await told(second))).toEqual([null, null, 'REQUEST 1 CONFIRMED', 'CANCEL 2 CANCELLED']);
    expect(steps(await told(first))).toEqual(['REQUEST 0 CONFIRMED', 'REQUEST 1 CONFIRMED', 'CANCEL 2 CANCELLED']);
  });

  it('of the end of a second round only if that round had a seat', async () => {
    const event = await t.a.event(group, { capacityOnline: 1 });
    const to = address();
    await leave((await t.a.registration(event, to)).id);
    await t.a.registration(event, address());
    await leave((await t.a.registration(event, to)).id); // waited this time
    expect(steps(await told(to))).toEqual(['REQUEST 0 CONFIRMED', 'CANCEL 1 CANCELLED', null, null]);
  });

  it('of a switch between room and online, a new link and a removal', async () => {
    const event = await t.a.event(group, { ...room, capacityOnline: 1, capacityInPerson: 1 });
    const [to, waits] = [address(), address()];
    const { id } = await t.a.registration(event, to, { pool: 'ONLINE' });
    await as(SWITCH, 'switchPool', { registrationId: id, pool: 'IN_PERSON' });
    await t.sendMail();
    await as(ROTATE, 'rotateManageLink', { registrationId: id });
    await t.sendMail();
    await t.a.registration(event, waits, { pool: 'IN_PERSON' });
    await leave(id);
    expect(steps(await told(to))).toEqual([
      ...['REQUEST 0 CONFIRMED', 'REQUEST 1 CONFIRMED', 'REQUEST 2 CONFIRMED'],
      'CANCEL 3 CANCELLED',
    ]);
    expect(steps(await told(waits))).toEqual([null, 'REQUEST 0 CONFIRMED']);
  });

  it('that one occurrence of a series is off, and nothing of the others', async () => {
    const { series } = await as(CREATE_SERIES, 'createSeries', {
      groupId: group.id,
      title: 'Every week',
      rule: 'FREQ=WEEKLY;COUNT=3',
      startsAtLocal: '2026-03-10T17:00',
      endsAtLocal: '2026-03-10T18:00',
      format: 'ONLINE',
      joinUrl: 'https://meet.example/x',
    });
    const events: TestEvent[] = await t.db.query(
      'SELECT id, slug FROM event WHERE series_id = $1 AND state <> $2 ORDER BY starts_at',
      [series.id, 'CANCELLED'],
    );
    for (const { id } of events) await as(PUBLISH_EVENT, 'publishEvent', { eventId: id });
    const people = events.map(address);
    for (const [index, event] of events.entries()) await t.a.registration(event, people[index] ?? '');
    await as(CANCEL_EVENT, 'cancelEvent', { eventId: events[1]?.id });
    const methods = [];
    for (const person of people) methods.push((await told(person)).map((part) => part?.method));
    expect(methods).toEqual([['REQUEST'], ['REQUEST', 'CANCEL'], ['REQUEST']]);
    const feed = await (await fetch(`${t.url}/calendar/series/${series.slug}.ics`)).text();
    expect(feed.match(/^STATUS:\w+/gm)).toEqual(['STATUS:CONFIRMED', 'STATUS:CANCELLED', 'STATUS:CONFIRMED']);
  });

  it('nothing to take back by somebody whom no invitation reached', async () => {
    const event = await t.a.event(group);
    const to = address();
    const { id } = await t.a.registration(event, to);
    t.smtp.answer = () => Object.assign(new Error('No such mailbox'), { responseCode: 550 });
    await t.sendMail();
    t.smtp.answer = () => null;
    await leave(id);
    expect(steps(await told(to))).toEqual([null]);
  });
});

describe('a mail with an invitation', () => {
  it('has the same method outside and inside, in both its parts, and the same bytes', async () => {
    const event = await t.a.event(group, { title: 'Füße & “Maps”' });
    const to = address();
    const { id } = await t.a.registration(event, to);
    await leave(id);
    await t.sendMail();
    const mails = t.smtp.mails.filter(({ recipient }) => recipient === to);
    for (const [mail, method] of [
      [mails[0], 'REQUEST'],
      [mails[1], 'CANCEL'],
    ] as const) {
      const types = [...(mail?.bytes.toString('latin1').matchAll(/^Content-Type: ([^;]+)((?:;\s+[^;\r]+)*)/gm) ?? [])];
      expect(types.map(([, type]) => type)).toEqual([
        ...['multipart/mixed', 'multipart/alternative', 'text/plain', 'text/html', 'text/calendar'],
        'application/ics',
      ]);
      for (const [, , parameters] of types.slice(-2)) {
        expect(parameters).toContain(`method=${method}`);
        expect(parameters).toContain('charset=utf-8');
      }
      const [alternative, file] = mail?.attachments.map(({ content }) => content.toString('utf8')) ?? [];
      expect(alternative).toBe(file);
      expect(file?.match(/\r\nMETHOD:(\w+)\r\n/)?.[1]).toBe(method);
      expect(file?.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
      expect(file).not.toContain('VALARM');
    }
  });

  it('comes from the platform in the name of the group, to its recipient alone, with their own way in', async () => {
    const event = await t.a.event(group);
    const to = address();
    await t.a.registration(event, to);
    await t.a.registration(event, address());
    await t.sendMail();
    const mail = t.smtp.mails.find(({ recipient }) => recipient === to);
    const ics = String(mail?.attachments.at(-1)?.content).replaceAll('\r\n ', '');
    expect(ics.match(/^ORGANIZER.*$/gm)).toEqual([
      expect.stringMatching(/^ORGANIZER;CN="Group \d+":mailto:hello@goodturn\.test\r?$/),
    ]);
    expect(ics.match(/^ATTENDEE.*$/gm)).toEqual([expect.stringContaining(`mailto:${to}`)]);
    expect(ics).toMatch(/^CONFERENCE;.*:http:\/\/goodturn\.test\/join\//m);
    expect(ics).not.toContain('meet.example');
    expect(ics).not.toContain(group.owner.email);
  });
});
