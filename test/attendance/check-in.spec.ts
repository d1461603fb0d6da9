import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { signedTicket } from '#registration';
import { payload, type TestEvent, type TestGroup } from '../support/builders.ts';
import { BLOCK, CANCEL, CANCEL_EVENT, CHECK_IN, FINISH_EVENT, UNDO_CHECK_IN } from '../support/documents.ts';
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
/** What the database says of a registration, and of the seats of its event. */
const placeOf = async (id: string) =>
  (
    await t.db.query(
      `SELECT registration.state, waitlist_number, offered_until, party_id, party_size, walk_in, holds_seat, attendance,
              confirmed_at, registration.cancelled_at,
              taken_online, waiting_online, attended_online
         FROM registration JOIN event ON event.id = event_id WHERE registration.id = $1`,
      [id],
    )
  )[0];
const finish = async (event: TestEvent) =>
  payload((await t.graphql(FINISH_EVENT, { input: { eventId: event.id } }, group.organizer.key)).finishEvent);
/** Somebody with a seat, and somebody without, in that state. */
const full = async (state: 'CANCELLED' | 'WAITLISTED' | 'OFFERED' | 'PENDING') => {
  const event = await t.a.event(group, { capacityOnline: state === 'OFFERED' ? 2 : 1 });
  await t.a.registration(event, 'seated@example.org');
  if (state === 'PENDING') await t.db.query('UPDATE event SET approval_required = true WHERE id = $1', [event.id]);
  const other = await t.a.registration(event, 'other@example.org');
  if (state === 'CANCELLED')
    payload((await t.graphql(CANCEL, { input: { registrationId: other.id } }, group.organizer.key)).cancelRegistration);
  if (state === 'OFFERED')
    await t.db.query(
      `UPDATE registration SET state = 'OFFERED', confirmed_at = NULL, offered_until = '2026-03-16T12:00Z' WHERE id = $1`,
      [other.id],
    );
  return { event, ...other };
};
const STATES = ['CANCELLED', 'WAITLISTED', 'OFFERED', 'PENDING'] as const;

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

  it.each(STATES)('refuses somebody who is %s, and changes nothing', async (state) => {
    const { event, id, ticketCode } = await full(state);
    const before = await placeOf(id);
    expect(codeOf(await checkIn(event, { ticketCode }))).toBe(state);
    expect(await placeOf(id)).toEqual(before);
  });

  it('reads the whole text of a signed ticket as its code', async () => {
    const event = await t.a.event(group);
    const { id, ticketCode } = await t.a.registration(event, 'signed@example.org');
    const text = signedTicket('a secret for tests that is long enough', event.id, ticketCode);
    expect(payload(await checkIn(event, { ticketCode: text })).registration).toMatchObject({
      id,
      attendanceBasis: 'scanned',
    });
  });

  it('counts who is in, and no longer whoever was taken back', async () => {
    const event = await t.a.event(group);
    const { id, ticketCode } = await t.a.registration(event, 'counted@example.org');
    payload(await checkIn(event, { ticketCode }));
    expect(await placeOf(id)).toMatchObject({ attended_online: 1, taken_online: 1 });
    payload(await undo(id));
    expect(await placeOf(id)).toMatchObject({ attended_online: 0, taken_online: 1 });
  });
});

describe('somebody without a seat whom the host lets in', () => {
  it('is refused while every seat is taken, unless the host says so', async () => {
    const { event, id, ticketCode } = await full('CANCELLED');
    const { userErrors } = await checkIn(event, { ticketCode, letIn: true });
    expect(userErrors).toEqual([
      {
        code: 'FULL',
        field: 'beyondCapacity',
        message: 'Every seat is taken. Let them in anyway? Then say beyondCapacity.',
      },
    ]);
    const answer = payload(await checkIn(event, { ticketCode, letIn: true, beyondCapacity: true }));
    expect(answer).toMatchObject({
      notice: 'CANCELLED',
      registration: { state: 'CONFIRMED', walkIn: true, attendance: 'ATTENDED', attendanceBasis: 'walk_in' },
    });
    expect(await placeOf(id)).toMatchObject({ holds_seat: false, taken_online: 1, attended_online: 1 });
  });

  it('leaves the line, and takes a seat that nobody else waits for', async () => {
    const { event, id, ticketCode } = await full('WAITLISTED');
    await t.db.query('UPDATE event SET capacity_online = 2 WHERE id = $1', [event.id]);
    payload(await checkIn(event, { ticketCode, letIn: true }));
    expect(await placeOf(id)).toMatchObject({ holds_seat: true, taken_online: 2, waiting_online: 0 });
  });

  it('does not overtake those who wait before the start, but may once the event has begun', async () => {
    const { event } = await full('WAITLISTED');
    const late = await t.a.registration(event, 'late@example.org');
    await t.db.query('UPDATE event SET capacity_online = 2 WHERE id = $1', [event.id]);
    expect(codeOf(await checkIn(event, { registrationId: late.id, letIn: true }))).toBe('FULL');
    t.clock.moveTo(DURING);
    payload(await checkIn(event, { registrationId: late.id, letIn: true }));
    expect(await placeOf(late.id)).toMatchObject({ holds_seat: true, taken_online: 2, waiting_online: 1 });
  });

  it('has the seat they were offered', async () => {
    const { event, id, ticketCode } = await full('OFFERED');
    payload(await checkIn(event, { ticketCode, letIn: true }));
    expect(await placeOf(id)).toMatchObject({ state: 'CONFIRMED', holds_seat: true, taken_online: 2 });
  });

  it('is not let in while the organizers block them', async () => {
    const { event, ticketCode } = await full('CANCELLED');
    const input = { groupId: group.id, email: 'other@example.org' };
    payload((await t.graphql(BLOCK, { input }, group.organizer.key)).blockPerson);
    expect(codeOf(await checkIn(event, { ticketCode, letIn: true, beyondCapacity: true }))).toBe('BLOCKED');
    await t.db.query('DELETE FROM blocked_person WHERE group_id = $1', [group.id]);
  });

  it('leaves the party that they were to come with, and the others keep their place', async () => {
    const event = await t.a.event(group, { capacityOnline: 1, guestLimit: 2 });
    await t.a.registration(event, 'seated@example.org');
    await t.db.query('UPDATE event SET capacity_online = 3 WHERE id = $1', [event.id]);
    const guests = [{ name: 'Guest One' }, { name: 'Guest Two' }];
    const lead = await t.a.registration(event, 'lead@example.org', { guests });
    await t.db.query('UPDATE event SET capacity_online = 1 WHERE id = $1', [event.id]);
    const [guest] = await t.db.query(`SELECT id FROM registration WHERE event_id = $1 AND name = 'Guest One'`, [
      event.id,
    ]);
    const before = await placeOf(guest.id);
    expect(before).toMatchObject({ state: 'WAITLISTED', waiting_online: 3, party_id: lead.id });
    payload(await checkIn(event, { registrationId: guest.id, letIn: true, beyondCapacity: true }));
    expect(await placeOf(guest.id)).toMatchObject({ state: 'CONFIRMED', waiting_online: 2, party_id: null });
    expect(await placeOf(lead.id)).toMatchObject({ state: 'WAITLISTED', party_size: 2 });
    payload(await undo(guest.id));
    expect(await placeOf(guest.id)).toEqual(before);
    expect(await placeOf(lead.id)).toMatchObject({ state: 'WAITLISTED', party_size: 3 });
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

describe('a party that waits', () => {
  it('keeps its place when the person who asked is let in alone', async () => {
    const event = await t.a.event(group, { capacityOnline: 2, guestLimit: 1 });
    await t.a.registration(event, 'seated@example.org');
    const lead = await t.a.registration(event, 'lead@example.org', { guests: [{ name: 'Guest' }] });
    const [guest] = await t.db.query(`SELECT id FROM registration WHERE party_id = $1`, [lead.id]);
    const before = [await placeOf(lead.id), await placeOf(guest.id)];
    t.clock.moveTo(DURING);
    payload(await checkIn(event, { registrationId: lead.id, letIn: true }));
    expect(await placeOf(guest.id)).toMatchObject({ state: 'WAITLISTED', taken_online: 2, waiting_online: 1 });
    payload(await undo(lead.id));
    expect([await placeOf(lead.id), await placeOf(guest.id)]).toEqual(before);
  });
});

describe('a scan made offline', () => {
  const at = '2026-03-17T15:58:00Z';

  it.each(STATES)('of somebody who is %s is recorded, and says so', async (state) => {
    const { event, id, ticketCode } = await full(state);
    t.clock.moveTo(DURING);
    const scan = { ticketCode, at, nonce: `scan-${state}` };
    const answer = payload(await checkIn(event, scan));
    expect(answer).toMatchObject({
      notice: state,
      registration: { id, state: 'CONFIRMED', walkIn: true, attendance: 'ATTENDED', attendanceBasis: 'walk_in' },
    });
    expect(await placeOf(id)).toMatchObject({ holds_seat: state === 'OFFERED', waiting_online: 0 });
    expect(await checkIn(event, scan)).toEqual(answer);
    expect(await historyOf(id)).toEqual([]); // of a walk-in it is told as such
    expect(
      await t.db.query(`SELECT details, at FROM history_entry WHERE subject_id = $1 AND act = 'walkIn.added'`, [id]),
    ).toEqual([
      {
        at: new Date(at),
        details: {
          method: 'walk_in',
          at: '2026-03-17T15:58:00.000Z',
          beyondCapacity: state !== 'OFFERED',
          was: state,
        },
      },
    ]);
  });

  it.each(STATES)('of somebody who is %s is taken back to exactly what was before', async (state) => {
    const { event, id, ticketCode } = await full(state);
    const before = await placeOf(id);
    t.clock.moveTo(DURING);
    payload(await checkIn(event, { ticketCode, at }));
    expect(await placeOf(id)).not.toEqual(before);
    expect(payload(await undo(id)).registration).toMatchObject({ state, attendance: 'UNKNOWN' });
    expect(await placeOf(id)).toEqual(before);
  });

  it('a day before the start was made by a device whose clock is behind', async () => {
    const event = await t.a.event(group);
    const { ticketCode } = await t.a.registration(event, 'behind@example.org');
    t.clock.moveTo(DURING);
    expect(payload(await checkIn(event, { ticketCode, at: '2026-03-16T15:59:59Z' })).registration.checkedInAt).toBe(
      '2026-03-17T16:05:00.000Z',
    );
  });

  it('that is earlier than what is recorded is the one that counts, and is taken once', async () => {
    const event = await t.a.event(group);
    const { id, ticketCode } = await t.a.registration(event, 'two-doors@example.org');
    t.clock.moveTo(DURING);
    const [later, earlier] = [
      { ticketCode, nonce: 'device-one' },
      { ticketCode, nonce: 'device-two', at },
    ];
    payload(await checkIn(event, later));
    const answer = payload(await checkIn(event, earlier));
    expect(answer.registration).toMatchObject({ id, checkedInAt: '2026-03-17T15:58:00.000Z' });
    for (const scan of [later, earlier]) expect(await checkIn(event, scan)).toEqual(answer);
    expect(codeOf(await checkIn(event, { ticketCode, at: '2026-03-17T15:59:00Z' }))).toBe('ALREADY_IN');
    expect(await placeOf(id)).toMatchObject({ attended_online: 1 });
    expect(await historyOf(id)).toMatchObject([{ act: 'checkIn.made' }, { act: 'checkIn.corrected' }]);
  });

  it('before the door closed is taken from a host even after settling; a later one is the organizer’s', async () => {
    const event = await t.a.event(group);
    const [one, other] = [
      await t.a.registration(event, 'one@example.org'),
      await t.a.registration(event, 'other-one@example.org'),
    ];
    const early = await t.a.registration(event, 'early@example.org');
    const online = { ticketCode: early.ticketCode, nonce: 'sent-in-time' };
    const answer = payload(await checkIn(event, online));
    t.clock.moveTo('2026-03-17T18:00:00Z');
    await finish(event);
    t.clock.moveTo('2026-03-19T12:00:00Z');
    expect(await checkIn(event, online)).toEqual(answer); // it was sent again because the first answer got lost
    payload(await checkIn(event, { ticketCode: one.ticketCode, at: '2026-03-18T05:30:00Z' }));
    expect(await placeOf(other.id)).toMatchObject({ attendance: 'NO_SHOW' });
    expect(codeOf(await checkIn(event, { ticketCode: other.ticketCode, at: '2026-03-18T05:30:01Z' }))).toBe(
      'FORBIDDEN',
    );
    expect(codeOf(await checkIn(event, { ticketCode: other.ticketCode, at: '2062-03-18T05:30:01Z' }))).toBe(
      'FORBIDDEN',
    );
  });
});

describe('a mistake at the door', () => {
  it('of somebody who is not in changes nothing', async () => {
    const event = await t.a.event(group);
    const { id } = await t.a.registration(event, 'outside@example.org');
    const before = await placeOf(id);
    payload(await undo(id));
    expect(await placeOf(id)).toEqual(before);
    expect(await historyOf(id)).toEqual([]);
  });

  it('gives the seat to whoever waits when it comes free before the start', async () => {
    const event = await t.a.event(group, { capacityOnline: 1 });
    const [first] = [await t.a.registration(event, 'first@example.org')];
    payload((await t.graphql(CANCEL, { input: { registrationId: first.id } }, group.organizer.key)).cancelRegistration);
    payload(await checkIn(event, { registrationId: first.id, letIn: true }));
    const waiting = await t.a.registration(event, 'waiting@example.org');
    expect(waiting.state).toBe('WAITLISTED');
    payload(await undo(first.id));
    expect(await placeOf(waiting.id)).toMatchObject({ state: 'CONFIRMED', taken_online: 1, waiting_online: 0 });
  });

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
