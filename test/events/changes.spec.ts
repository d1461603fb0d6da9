import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { payload, type TestEvent, type TestGroup } from '../support/builders.ts';
import { CANCEL_EVENT, FINISH_EVENT, UPDATE_EVENT } from '../support/documents.ts';
import { testSystem, type TestSystem } from '../support/system.ts';

let t: TestSystem;
let group: TestGroup;
beforeAll(async () => {
  t = await testSystem();
  group = await t.a.group('Europe/Berlin');
});
afterAll(() => t.stop());
beforeEach(() => t.clock.moveTo('2026-03-01T12:00:00Z'));

const asked = async (document: string, name: string, input: Record<string, unknown>) =>
  (await t.graphql(document, { input }, group.organizer.key))[name];
const update = (event: TestEvent, facts: Record<string, unknown>) =>
  asked(UPDATE_EVENT, 'updateEvent', { eventId: event.id, ...facts });
const cancel = (event: TestEvent, reason?: string) => asked(CANCEL_EVENT, 'cancelEvent', { eventId: event.id, reason });
const finish = (event: TestEvent) => asked(FINISH_EVENT, 'finishEvent', { eventId: event.id });
const sequenceOf = async (event: TestEvent) =>
  (await t.db.query('SELECT sequence FROM event WHERE id = $1', [event.id]))[0].sequence;
const changedAt = async (event: TestEvent) =>
  (await t.db.query('SELECT changed_at FROM event WHERE id = $1', [event.id]))[0].changed_at;
/** What was mailed about the event, beyond that people are in or wait. */
const mailsAbout = async (event: TestEvent) => {
  await t.sendMail();
  const sent: { message_id: string }[] = await t.db.query(
    `SELECT message_id FROM message WHERE event_id = $1 AND state = 'SENT' AND kind NOT IN ('registered', 'waitlisted') ORDER BY to_address`,
    [event.id],
  );
  return sent.map(({ message_id }) => t.smtp.mails.find(({ messageId }) => messageId === message_id));
};

describe('a change of time, place or format', () => {
  it('raises the sequence and is mailed once to everybody in or waiting, with the time that it was', async () => {
    const event = await t.a.event(group, { capacityOnline: 1, title: 'March meetup' });
    const gone = await t.a.registration(event, 'gone@example.org');
    await t.db.query(`UPDATE registration SET state = 'CANCELLED' WHERE id = $1`, [gone.id]);
    await t.db.query('UPDATE event SET taken_online = 0 WHERE id = $1', [event.id]);
    await t.a.registration(event, 'in@example.org');
    await t.a.registration(event, 'waits@example.org');

    payload(await update(event, { startsAtLocal: '2026-03-18T19:00', endsAtLocal: '2026-03-18T20:00' }));
    expect(await sequenceOf(event)).toBe(1);
    const mails = await mailsAbout(event);
    expect(mails.map((mail) => [mail?.recipient, mail?.subject])).toEqual([
      ['in@example.org', 'Changed: March meetup'],
      ['waits@example.org', 'Changed: March meetup'],
    ]);
    expect(mails[0]?.text).toContain('When: Wednesday, 18 March 2026 at 19:00 CET');
    expect(mails[0]?.text).toContain('Before it was: Tuesday, 17 March 2026 at 17:00 CET');

    payload(await update(event, { startsAtLocal: '2026-03-18T19:00' })); // the same again
    expect(await sequenceOf(event)).toBe(1);
    expect(await mailsAbout(event)).toHaveLength(2);
  });

  it.each([
    ['place', { venue: { name: 'Town hall', address: 'Square 1' } }],
    ['format', { format: 'HYBRID' }],
    ['zone', { timeZone: 'Europe/Lisbon' }],
  ])('counts when it is the %s', async (_, facts) => {
    const venue = { name: 'Library', address: 'Main Street 1' };
    const event = await t.a.event(group, { format: 'IN_PERSON', venue });
    await t.a.registration(event, 'told@example.org');
    payload(await update(event, facts));
    expect(await sequenceOf(event)).toBe(1);
    expect(await mailsAbout(event)).toHaveLength(1);
  });

  it('of a draft is nobody’s business yet', async () => {
    const event = await t.a.event(group);
    await t.db.query(`UPDATE event SET state = 'DRAFT' WHERE id = $1`, [event.id]);
    payload(await update(event, { startsAtLocal: '2026-03-17T17:15' }));
    expect(await sequenceOf(event)).toBe(0);
  });
});

describe('any other change', () => {
  it.each([
    ['a typo in the title', { title: 'Meetup' }, true],
    ['another description', { description: 'With pizza' }, true],
    ['more seats', { capacityOnline: 100 }, true],
    ['another join link', { joinUrl: 'https://meet.example/another-room' }, false],
  ])('such as %s is neither mailed nor raises the sequence', async (_, facts, isSeen) => {
    const event = await t.a.event(group);
    await t.a.registration(event, 'calm@example.org');
    const before = await changedAt(event);
    t.clock.moveTo('2026-03-02T12:00:00Z');
    payload(await update(event, facts));
    expect(await sequenceOf(event)).toBe(0);
    expect(await mailsAbout(event)).toEqual([]);
    expect((await changedAt(event)) > before).toBe(isSeen); // in calendars, only what people can see is new
  });
});

describe('calling an event off', () => {
  it('is told with the reason to everybody in or waiting, raises the sequence, and is done once', async () => {
    const event = await t.a.event(group, { capacityOnline: 1, title: 'April meetup' });
    await t.a.registration(event, 'in@example.org');
    await t.a.registration(event, 'waits@example.org');
    for (let time = 0; time < 2; time += 1)
      expect(payload(await cancel(event, 'The speaker is ill')).event).toMatchObject({
        state: 'CANCELLED',
        sequence: 1,
      });
    const mails = await mailsAbout(event);
    expect(mails.map((mail) => [mail?.recipient, mail?.subject])).toEqual([
      ['in@example.org', 'Cancelled: April meetup'],
      ['waits@example.org', 'Cancelled: April meetup'],
    ]);
    expect(mails[0]?.text).toContain('The organizers write: The speaker is ill');
  });

  it('cannot be undone by an edit', async () => {
    const event = await t.a.event(group);
    payload(await cancel(event));
    expect((await update(event, { title: 'Still on' })).userErrors).toMatchObject([{ code: 'EVENT_CANCELLED' }]);
    t.clock.moveTo('2026-03-17T18:00:00Z');
    expect((await finish(event)).userErrors).toMatchObject([{ code: 'NOT_HELD' }]);
  });

  it('leaves an unsent mail about a change unsaid', async () => {
    const event = await t.a.event(group, { title: 'May meetup' });
    await t.a.registration(event, 'late@example.org');
    payload(await update(event, { startsAtLocal: '2026-03-17T17:30' }));
    payload(await cancel(event));
    expect((await mailsAbout(event)).map((mail) => mail?.subject)).toEqual(['Cancelled: May meetup']);
  });
});

describe('an event that has taken place', () => {
  let event: TestEvent;
  beforeAll(async () => {
    event = await t.a.event(group);
    t.clock.moveTo('2026-03-17T18:00:00Z');
    payload(await finish(event));
  });

  it.each([
    ['time', { startsAtLocal: '2026-03-17T17:15' }],
    ['place', { venue: { name: 'Town hall', address: 'Square 1' } }],
    ['format', { format: 'IN_PERSON' }],
  ])('keeps its %s', async (_, facts) => {
    expect((await update(event, facts)).userErrors).toMatchObject([{ code: 'EVENT_OVER' }]);
  });

  it('gets its recording', async () => {
    payload(await update(event, { recordingUrl: 'https://video.example/march' }));
    const { event: seen } = await t.graphql('query($slug: String!) { event(slug: $slug) { recordingUrl sequence } }', {
      slug: event.slug,
    });
    expect(seen).toEqual({ recordingUrl: 'https://video.example/march', sequence: 0 });
  });

  it('cannot be called off any more', async () => {
    expect((await cancel(event)).userErrors).toMatchObject([{ code: 'EVENT_OVER' }]);
  });
});
