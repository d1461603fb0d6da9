import { LedgerSweep } from '#impact';
import { SettleTask } from '#attendance';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { payload, type TestEvent, type TestGroup } from '../support/builders.ts';
import { CHECK_IN, FINISH_EVENT, UNDO_CHECK_IN } from '../support/documents.ts';
import { testSystem, type TestSystem } from '../support/system.ts';

const AFTER = '2026-03-17T18:00:00Z'; // half an hour after the end in Berlin

let t: TestSystem;
let group: TestGroup;
beforeAll(async () => {
  t = await testSystem();
  group = await t.a.group('Europe/Berlin');
});
afterAll(() => t.stop());
beforeEach(() => t.clock.moveTo('2026-03-01T12:00:00Z'));

const finish = async (event: TestEvent) =>
  (await t.graphql(FINISH_EVENT, { input: { eventId: event.id } }, group.organizer.key)).finishEvent;
const checkIn = async (event: TestEvent, ticketCode: string) =>
  payload((await t.graphql(CHECK_IN, { input: { eventId: event.id, ticketCode } }, group.organizer.key)).checkIn);
const undo = async (registrationId: string) =>
  payload((await t.graphql(UNDO_CHECK_IN, { input: { registrationId } }, group.organizer.key)).undoCheckIn);
const attendanceOf = async (event: TestEvent) => {
  const rows: { name: string; attendance: string }[] = await t.db.query(
    'SELECT name, attendance FROM registration WHERE event_id = $1',
    [event.id],
  );
  return Object.fromEntries(rows.map(({ name, attendance }) => [name, attendance]));
};
const stateOf = async (event: TestEvent) =>
  (await t.db.query('SELECT state, finished_at, attendance_changed_at FROM event WHERE id = $1', [event.id]))[0];
const timesFinished = (event: TestEvent): Promise<{ actor_kind: string }[]> =>
  t.db.query(`SELECT actor_kind FROM history_entry WHERE subject_id = $1 AND act = 'event.finished'`, [event.id]);
const measuresOf = async (event: TestEvent) => {
  const rows: { name: string; value: number }[] = await t.db.query(
    `SELECT DISTINCT ON (name) name, value FROM measure JOIN contribution ON contribution.id = contribution_id WHERE event_id = $1 ORDER BY name, measure.id DESC`,
    [event.id],
  );
  return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
};

it('calls only those no-shows who had a seat in a pool where attendance was taken', async () => {
  const venue = { name: 'Library', address: 'Main Street 1' };
  const event = await t.a.event(group, { format: 'HYBRID', venue, capacityInPerson: 2 });
  const came = await t.a.registration(event, 'came@example.org', { pool: 'IN_PERSON' });
  await t.a.registration(event, 'stayed-away@example.org', { pool: 'IN_PERSON' });
  await t.a.registration(event, 'waited@example.org', { pool: 'IN_PERSON' });
  await t.a.registration(event, 'online@example.org', { pool: 'ONLINE' });
  await checkIn(event, came.ticketCode);
  t.clock.moveTo(AFTER);
  payload(await finish(event));
  expect(await attendanceOf(event)).toEqual({
    came: 'ATTENDED',
    'stayed-away': 'NO_SHOW',
    waited: 'UNKNOWN',
    online: 'UNKNOWN',
  });
});

it('waits for the end', async () => {
  const event = await t.a.event(group);
  t.clock.moveTo('2026-03-17T17:29:59Z');
  expect((await finish(event)).userErrors).toMatchObject([{ code: 'NOT_OVER', field: 'eventId' }]);
  t.clock.moveTo('2026-03-17T17:30:00Z');
  expect(payload(await finish(event)).event).toMatchObject({
    state: 'FINISHED',
    finishedAt: '2026-03-17T17:30:00.000Z',
  });
});

it('happens by itself twelve hours after the end, once', async () => {
  const event = await t.a.event(group);
  const { ticketCode } = await t.a.registration(event, 'came@example.org');
  await t.a.registration(event, 'did-not@example.org');
  await checkIn(event, ticketCode);
  t.clock.moveTo('2026-03-18T05:30:00Z');
  await t.doTask(SettleTask);
  expect(await stateOf(event)).toMatchObject({ state: 'PUBLISHED' });
  t.clock.moveTo('2026-03-18T05:30:01Z');
  await t.doTask(SettleTask);
  const settled = await stateOf(event);
  expect(settled).toMatchObject({ state: 'FINISHED', finished_at: t.clock.now() });
  t.clock.moveTo('2026-03-19T12:00:00Z');
  await t.doTask(SettleTask);
  payload(await finish(event));
  expect(await stateOf(event)).toEqual(settled);
  expect(await attendanceOf(event)).toEqual({ came: 'ATTENDED', 'did-not': 'NO_SHOW' });
  expect(await timesFinished(event)).toEqual([{ actor_kind: 'system' }]);
});

it('leaves drafts and events that were called off alone', async () => {
  const events = [await t.a.event(group), await t.a.event(group)];
  for (const [index, state] of ['DRAFT', 'CANCELLED'].entries())
    await t.db.query('UPDATE event SET state = $2 WHERE id = $1', [events[index]?.id, state]);
  t.clock.moveTo('2026-04-01T12:00:00Z');
  await t.doTask(SettleTask);
  expect(await Promise.all(events.map(async (event) => (await stateOf(event)).state))).toEqual(['DRAFT', 'CANCELLED']);
});

it('has the impact record counted anew when attendance is corrected afterwards, even by a server whose clock is slow', async () => {
  const event = await t.a.event(group);
  const [seen, missed] = [
    await t.a.registration(event, 'seen@example.org'),
    await t.a.registration(event, 'missed@example.org'),
  ];
  await checkIn(event, seen.ticketCode);
  t.clock.moveTo(AFTER);
  payload(await finish(event));
  await t.doTask(LedgerSweep);
  expect(await measuresOf(event)).toMatchObject({ live_online: 1, no_shows: 1 });
  await checkIn(event, missed.ticketCode);
  await t.doTask(LedgerSweep);
  expect(await measuresOf(event)).toMatchObject({ live_online: 2, no_shows: 0 });
  t.clock.moveTo('2026-03-17T17:59:00Z');
  await undo(missed.id);
  await t.doTask(LedgerSweep);
  expect(await measuresOf(event)).toMatchObject({ live_online: 1, no_shows: 1 });
});

it('takes back that people were missed when the only check-in of their pool was a mistake', async () => {
  const event = await t.a.event(group);
  const mistake = await t.a.registration(event, 'mistake@example.org');
  await t.a.registration(event, 'not-taken@example.org');
  await checkIn(event, mistake.ticketCode);
  t.clock.moveTo(AFTER);
  payload(await finish(event));
  await t.doTask(LedgerSweep);
  expect(await attendanceOf(event)).toEqual({ mistake: 'ATTENDED', 'not-taken': 'NO_SHOW' });
  await undo(mistake.id);
  expect(await attendanceOf(event)).toEqual({ mistake: 'UNKNOWN', 'not-taken': 'UNKNOWN' });
  await t.doTask(LedgerSweep);
  expect(await measuresOf(event)).toMatchObject({ live_online: 0, no_shows: 0, registered: 2 });
  await checkIn(event, mistake.ticketCode);
  expect(await attendanceOf(event)).toEqual({ mistake: 'ATTENDED', 'not-taken': 'NO_SHOW' });
});

it('says in the history how many were missed', async () => {
  const event = await t.a.event(group);
  await checkIn(event, (await t.a.registration(event, 'came@example.org')).ticketCode);
  for (const name of ['one', 'two']) await t.a.registration(event, `${name}@example.org`);
  t.clock.moveTo(AFTER);
  payload(await finish(event));
  expect(
    await t.db.query(`SELECT details FROM history_entry WHERE subject_id = $1 AND act = 'event.finished'`, [event.id]),
  ).toEqual([{ details: { noShows: 2 } }]);
});
