import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { payload, type TestEvent, type TestGroup } from '../support/builders.ts';
import { CANCEL_EVENT, CHECK_IN, FINISH_EVENT, UNDO_CHECK_IN } from '../support/documents.ts';
import { testSystem, type TestSystem } from '../support/system.ts';

const DURING = '2026-03-17T16:05:00Z'; // five past five in Berlin, the event began at five

let t: TestSystem;
let group: TestGroup;
beforeAll(async () => {
  t = await testSystem();
  group = await t.a.group('Europe/Berlin');
});
afterAll(() => t.stop());
beforeEach(() => t.clock.moveTo('2026-03-01T12:00:00Z'));

/** Checks in by whatever is known of the person; a host stands at the door unless told otherwise. */
const checkIn = async (event: TestEvent, who: Record<string, unknown>, key = group.host.key) =>
  (await t.graphql(CHECK_IN, { input: { eventId: event.id, ...who } }, key)).checkIn;
const undo = async (registrationId: string, key = group.host.key) =>
  (await t.graphql(UNDO_CHECK_IN, { input: { registrationId } }, key)).undoCheckIn;
const codeOf = (answer: { userErrors: { code: string }[] }) => answer.userErrors[0]?.code ?? 'IN';
const historyOf = (id: string): Promise<object[]> =>
  t.db.query(
    `SELECT act, actor_kind, actor_id, details FROM history_entry WHERE subject_id = $1 AND act LIKE 'checkIn.%' ORDER BY id`,
    [id],
  );
const scansOf = async (id: string) => {
  const [{ count }] = await t.db.query('SELECT count(*)::int FROM check_in WHERE registration_id = $1', [id]);
  return count as number;
};

describe('at the door', () => {
  it('lets somebody in by ticket code, and says when and how it is known', async () => {
    const event = await t.a.event(group);
    const { ticketCode } = await t.a.registration(event, 'ada@example.org');
    t.clock.moveTo(DURING);
    expect(payload(await checkIn(event, { ticketCode })).registration).toMatchObject({
      attendance: 'ATTENDED',
      attendanceBasis: 'scanned',
      checkedInAt: '2026-03-17T16:05:00.000Z',
    });
  });

  it.each(['10KMX-Q9RTA', '10kmx-q9rta', '10kmxq9rta', ' 10KMX Q9RTA ', 'lOkmx-q9rta', 'IoKMX-Q9RTA'])(
    'reads the ticket code 10KMX-Q9RTA typed as “%s”',
    async (typed) => {
      const event = await t.a.event(group);
      const { id } = await t.a.registration(event, 'typed@example.org');
      await t.db.query(`UPDATE registration SET ticket_code = 'gone-' || id WHERE ticket_code = '10KMX-Q9RTA'`);
      await t.db.query(`UPDATE registration SET ticket_code = '10KMX-Q9RTA' WHERE id = $1`, [id]);
      expect(payload(await checkIn(event, { ticketCode: typed })).registration.id).toBe(id);
    },
  );

  it('lets somebody in by name, whatever its case, or picked from the list', async () => {
    const event = await t.a.event(group);
    const ada = await t.a.registration(event, 'ada@example.org', { name: 'Ada Lovelace' });
    const bob = await t.a.registration(event, 'bob@example.org', { name: 'Bob' });
    expect(payload(await checkIn(event, { name: ' ada LOVELACE ' })).registration).toMatchObject({
      id: ada.id,
      attendanceBasis: 'named',
    });
    expect(payload(await checkIn(event, { registrationId: bob.id })).registration).toMatchObject({
      id: bob.id,
      attendanceBasis: 'named',
    });
  });

  it('asks for the ticket when two people have that name, unless one of them cancelled', async () => {
    const event = await t.a.event(group);
    const [one, other] = [
      await t.a.registration(event, 'kim-1@example.org', { name: 'Kim' }),
      await t.a.registration(event, 'kim-2@example.org', { name: 'kim' }),
    ];
    expect(codeOf(await checkIn(event, { name: 'Kim' }))).toBe('AMBIGUOUS');
    await t.db.query(`UPDATE registration SET state = 'CANCELLED' WHERE id = $1`, [one.id]);
    expect(payload(await checkIn(event, { name: 'Kim' })).registration.id).toBe(other.id);
  });

  it('says why somebody cannot be let in', async () => {
    const event = await t.a.event(group, { capacityOnline: 1 });
    const cancelled = await t.a.registration(event, 'left@example.org');
    await t.db.query(`UPDATE registration SET state = 'CANCELLED' WHERE id = $1`, [cancelled.id]);
    const waiting = await t.a.registration(event, 'waits@example.org');
    const elsewhere = await t.a.registration(await t.a.event(group), 'wrong@example.org');
    const codes = [];
    for (const { ticketCode } of [{ ticketCode: 'ZZZZZ-ZZZZZ' }, cancelled, waiting, elsewhere])
      codes.push(codeOf(await checkIn(event, { ticketCode })));
    expect(codes).toEqual(['UNKNOWN', 'CANCELLED', 'WAITLISTED', 'WRONG_EVENT']);
    expect(codeOf(await checkIn(event, { name: 'Nobody' }))).toBe('UNKNOWN');
  });

  it('takes the ticket of another group’s event for one that nobody knows', async () => {
    const [event, theirs] = [await t.a.event(group), await t.a.event(await t.a.group())];
    const { id, ticketCode } = await t.a.registration(theirs, 'theirs@example.org');
    const unknown = await checkIn(event, { ticketCode: 'ZZZZZ-ZZZZZ' });
    expect((await checkIn(event, { ticketCode })).userErrors).toEqual(unknown.userErrors);
    expect(codeOf(await checkIn(event, { registrationId: id }))).toBe('NOT_FOUND');
  });

  it('says since when somebody is in already', async () => {
    const event = await t.a.event(group);
    const { id, ticketCode } = await t.a.registration(event, 'twice@example.org');
    t.clock.moveTo(DURING);
    payload(await checkIn(event, { ticketCode }));
    t.clock.moveTo('2026-03-17T16:20:00Z');
    const { userErrors } = await checkIn(event, { ticketCode });
    expect(userErrors).toMatchObject([{ code: 'ALREADY_IN', message: expect.stringContaining('2026-03-17T16:05') }]);
    expect(await scansOf(id)).toBe(1);
  });

  it('lets nobody into an event that was called off', async () => {
    const event = await t.a.event(group);
    const { ticketCode } = await t.a.registration(event, 'came@example.org');
    payload((await t.graphql(CANCEL_EVENT, { input: { eventId: event.id } }, group.organizer.key)).cancelEvent);
    expect(codeOf(await checkIn(event, { ticketCode }))).toBe('NOT_HELD');
  });
});

describe('a scanner that is offline for a while', () => {
  it('sends its scans twice without harm', async () => {
    const event = await t.a.event(group);
    const { id, ticketCode } = await t.a.registration(event, 'nonce@example.org');
    t.clock.moveTo(DURING);
    const answers = await Promise.all([1, 2, 3].map(() => checkIn(event, { ticketCode, nonce: 'scan-0001' })));
    for (const answer of answers)
      expect(payload(answer).registration).toMatchObject({ id, checkedInAt: '2026-03-17T16:05:00.000Z' });
    expect(await scansOf(id)).toBe(1);
    expect(await historyOf(id)).toHaveLength(1);
  });

  it('keeps the time at which it scanned', async () => {
    const event = await t.a.event(group);
    const { ticketCode } = await t.a.registration(event, 'offline@example.org');
    t.clock.moveTo('2026-03-17T17:00:00Z');
    expect(payload(await checkIn(event, { ticketCode, at: '2026-03-17T15:58:00Z' })).registration.checkedInAt).toBe(
      '2026-03-17T15:58:00.000Z',
    );
  });

  it('cannot have scanned in the future, whatever its clock says', async () => {
    const event = await t.a.event(group);
    const { ticketCode } = await t.a.registration(event, 'future@example.org');
    t.clock.moveTo(DURING);
    expect(payload(await checkIn(event, { ticketCode, at: '2062-03-17T16:05:00Z' })).registration.checkedInAt).toBe(
      '2026-03-17T16:05:00.000Z',
    );
  });
});

describe('a mistake at the door', () => {
  it('is taken back, and the person can be let in again', async () => {
    const event = await t.a.event(group);
    const { id, ticketCode } = await t.a.registration(event, 'oops@example.org');
    payload(await checkIn(event, { ticketCode }));
    for (let time = 0; time < 2; time += 1) expect(payload(await undo(id)).registration.attendance).toBe('UNKNOWN');
    payload(await checkIn(event, { ticketCode }));
    expect(await historyOf(id)).toMatchObject([
      { act: 'checkIn.made', actor_kind: 'person', actor_id: group.host.id, details: { method: 'scanned' } },
      { act: 'checkIn.undone', actor_id: group.host.id },
      { act: 'checkIn.made', actor_id: group.host.id },
    ]);
  });

  it('is no longer the host’s to correct once attendance is settled, but the organizer’s', async () => {
    const event = await t.a.event(group);
    const [seen, missed] = [
      await t.a.registration(event, 'seen@example.org'),
      await t.a.registration(event, 'missed@example.org'),
    ];
    payload(await checkIn(event, { ticketCode: seen.ticketCode }));
    t.clock.moveTo('2026-03-17T18:00:00Z');
    payload((await t.graphql(FINISH_EVENT, { input: { eventId: event.id } }, group.organizer.key)).finishEvent);
    expect(codeOf(await checkIn(event, { ticketCode: missed.ticketCode }))).toBe('FORBIDDEN');
    expect(codeOf(await undo(seen.id))).toBe('FORBIDDEN');
    expect(
      payload(await checkIn(event, { ticketCode: missed.ticketCode }, group.organizer.key)).registration.attendance,
    ).toBe('ATTENDED');
    expect(payload(await undo(seen.id, group.organizer.key)).registration.attendance).toBe('NO_SHOW');
  });
});
