import { newId, personalToken } from '#kernel';
import { JoinService } from '#attendance';
import { JOIN } from '#registration';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { payload, type TestEvent, type TestGroup } from '../support/builders.ts';
import { testConfig } from '../support/config.ts';
import { ADD_WALK_IN, CHECK_IN, UNDO_CHECK_IN } from '../support/documents.ts';
import { testSystem, type TestSystem } from '../support/system.ts';

const DURING = '2026-03-17T16:05:00Z';

let t: TestSystem;
let group: TestGroup;
beforeAll(async () => {
  t = await testSystem();
  group = await t.a.group('Europe/Berlin');
});
afterAll(() => t.stop());
beforeEach(() => t.clock.moveTo('2026-03-01T12:00:00Z'));

type Stay = [joinedAt: string | null, leftAt: string | null, minutes: number | null];
/** A file of the call that tells of somebody, as its import leaves it. Known once somebody asks at the door. */
const file = async (event: TestEvent, registrationId: string, stays: Stay[], { undone = false } = {}) => {
  const id = newId();
  await t.db.query(
    `INSERT INTO attendance_import (id, event_id, group_id, digest, format, applied_at, undone_at)
     VALUES ($1, $2, $3, $5, 'TEAMS', now(), $4)`,
    [id, event.id, group.id, undone ? new Date() : null, id],
  );
  for (const stay of stays)
    await t.db.query(
      'INSERT INTO attendance_stay (import_id, registration_id, joined_at, left_at, minutes) VALUES ($1, $2, $3, $4, $5)',
      [id, registrationId, ...stay],
    );
};
const checkIn = async (event: TestEvent, registrationId: string) =>
  payload((await t.graphql(CHECK_IN, { input: { eventId: event.id, registrationId } }, group.host.key)).checkIn);
const undo = async (registrationId: string) =>
  payload((await t.graphql(UNDO_CHECK_IN, { input: { registrationId } }, group.host.key)).undoCheckIn);
const join = async (id: string) =>
  t.api.app.get(JoinService).join(personalToken(testConfig(t.databaseUrl).secret, JOIN, id, 1));
const known = async (id: string) =>
  (
    await t.db.query(
      `SELECT registration.state, attendance, attendance_basis AS basis, checked_in_at AS at, attended_minutes AS minutes, attended_online AS attended
         FROM registration JOIN event ON event.id = event_id WHERE registration.id = $1`,
      [id],
    )
  )[0];
/** Somebody whom files tell of, after a check-in that was a mistake. */
const told = async (...files: Stay[][]) => {
  const event = await t.a.event(group);
  const { id } = await t.a.registration(event, 'told@example.org');
  for (const stays of files) await file(event, id, stays);
  t.clock.moveTo(DURING);
  await checkIn(event, id);
  await undo(id);
  return { event, id };
};

describe('what is known of somebody', () => {
  it('is what the door saw, else the file of the call, else their own link', async () => {
    const event = await t.a.event(group);
    const { id } = await t.a.registration(event, 'thrice@example.org');
    t.clock.moveTo('2026-03-17T15:50:00Z');
    await join(id);
    expect(await known(id)).toMatchObject({ basis: 'joined', at: new Date('2026-03-17T15:50:00Z'), minutes: null });
    await file(event, id, [['2026-03-17T15:52:00Z', '2026-03-17T16:52:00Z', null]]);
    t.clock.moveTo(DURING);
    await checkIn(event, id);
    expect(await known(id)).toMatchObject({ basis: 'named', at: new Date(DURING), minutes: 60, attended: 1 });
    await undo(id);
    expect(await known(id)).toMatchObject({
      attendance: 'ATTENDED',
      basis: 'imported',
      at: new Date('2026-03-17T15:52:00Z'),
      attended: 1,
    });
    await t.db.query('UPDATE attendance_import SET undone_at = now() WHERE event_id = $1', [event.id]);
    await checkIn(event, id);
    await undo(id);
    expect(await known(id)).toMatchObject({
      basis: 'joined',
      at: new Date('2026-03-17T15:50:00Z'),
      minutes: null,
      attended: 1,
    });
  });

  it('is nothing when all of it was taken back', async () => {
    const event = await t.a.event(group);
    const { id } = await t.a.registration(event, 'undone@example.org');
    await file(event, id, [['2026-03-17T16:00:00Z', '2026-03-17T17:00:00Z', null]], { undone: true });
    await checkIn(event, id);
    await undo(id);
    expect(await known(id)).toEqual({
      state: 'CONFIRMED',
      attendance: 'UNKNOWN',
      basis: null,
      at: null,
      minutes: null,
      attended: 0,
    });
  });

  it('leaves a walk-in in whom the file of the call tells of too', async () => {
    const event = await t.a.event(group);
    const { addWalkIn } = await t.graphql(
      ADD_WALK_IN,
      { input: { eventId: event.id, name: 'Walter' } },
      group.host.key,
    );
    const { id } = payload(addWalkIn).registration;
    await file(event, id, [['2026-03-17T16:00:00Z', '2026-03-17T17:00:00Z', null]]);
    await undo(id);
    expect(await known(id)).toMatchObject({ state: 'CONFIRMED', basis: 'imported', minutes: 60, attended: 1 });
  });
});

describe('minutes in the call', () => {
  it.each<[string, Stay[][], number | null]>([
    [
      'are those of two devices together, not twice',
      [
        [
          ['2026-03-17T16:00:00Z', '2026-03-17T16:40:00Z', null],
          ['2026-03-17T16:30:00Z', '2026-03-17T17:00:00Z', null],
        ],
      ],
      60,
    ],
    [
      'are not counted twice when two files overlap',
      [
        [['2026-03-17T16:00:00Z', '2026-03-17T16:30:00Z', 30]],
        [
          ['2026-03-17T16:00:00Z', '2026-03-17T16:30:00Z', 30],
          ['2026-03-17T16:45:00Z', '2026-03-17T16:50:00Z', 5],
        ],
      ],
      35,
    ],
    [
      'are added where a file tells only how long',
      [
        [
          ['2026-03-17T16:00:00Z', '2026-03-17T16:10:00Z', null],
          [null, null, 7],
          ['2026-03-17T17:00:00Z', null, 3],
        ],
      ],
      20,
    ],
    ['are rounded', [[['2026-03-17T16:00:00Z', '2026-03-17T16:10:31Z', null]]], 11],
    ['are none for somebody who left at once', [[['2026-03-17T16:00:00Z', '2026-03-17T16:00:00Z', null]]], 0],
    ['are not known where no file tells a length', [[['2026-03-17T16:00:00Z', null, null]]], null],
  ])('%s', async (_, files, minutes) => {
    const { id } = await told(...files);
    expect(await known(id)).toMatchObject({ attendance: 'ATTENDED', basis: 'imported', minutes });
  });
});

it('tells those who watch once for each person who came or went, and not of what changes nothing', async () => {
  const event = await t.a.event(group);
  const { id } = await t.a.registration(event, 'watched@example.org');
  const heard: string[] = [];
  const runner = t.db.createQueryRunner();
  const client = (await runner.connect()) as {
    on: (name: string, heard: (message: { payload: string }) => void) => void;
  };
  client.on('notification', ({ payload: eventId }) => heard.push(eventId));
  await runner.query('LISTEN event_counts');
  await checkIn(event, id);
  await join(id);
  await undo(id);
  await undo(id);
  await runner.query('UNLISTEN event_counts');
  await runner.release();
  expect(heard).toEqual([event.id, event.id]);
});
