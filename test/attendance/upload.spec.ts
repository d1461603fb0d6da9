import { newId } from '#kernel';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { payload, type TestEvent, type TestGroup } from '../support/builders.ts';
import { CHECK_IN, FINISH_EVENT, UNDO_CHECK_IN, UPLOAD_CHECK_INS } from '../support/documents.ts';
import { testSystem, type TestSystem } from '../support/system.ts';

const LATER = '2026-03-17T17:00:00Z';

let t: TestSystem;
let group: TestGroup;
beforeAll(async () => {
  t = await testSystem();
  group = await t.a.group('Europe/Berlin');
});
afterAll(() => t.stop());
beforeEach(() => t.clock.moveTo('2026-03-01T12:00:00Z'));

let count = 1000;
const scan = (minute: number, who: Record<string, unknown>) => ({
  nonce: `nonce-${++count}`,
  at: `2026-03-17T16:${String(minute).padStart(2, '0')}:00Z`,
  ...who,
});
const upload = async (event: TestEvent, scans: object[], key = group.host.key) =>
  (await t.graphql(UPLOAD_CHECK_INS, { input: { eventId: event.id, scans } }, key)).uploadCheckIns;
const codes = ({ results }: { results: { code: string | null }[] }) => results.map(({ code }) => code ?? 'IN');
/** Everything that an upload could change, row by row. */
const everything = async () => {
  const rows = [];
  for (const table of ['registration', 'check_in', 'event', 'person', 'history_entry', 'message'])
    rows.push(await t.db.query(`SELECT to_jsonb(t)::text AS row FROM ${table} AS t ORDER BY 1`));
  return rows;
};

describe('the queue of a scanner that was offline', () => {
  it('is answered scan by scan in the order sent, and one that is refused harms no other', async () => {
    const event = await t.a.event(group, { capacityOnline: 3 });
    const [ada, bob] = [
      await t.a.registration(event, 'ada@example.org'),
      await t.a.registration(event, 'bob@example.org'),
    ];
    await t.a.registration(event, 'cleo@example.org', { name: 'Cleo' });
    const waits = await t.a.registration(event, 'waits@example.org');
    const elsewhere = await t.a.registration(await t.a.event(group), 'elsewhere@example.org');
    const theirs = await t.a.registration(await t.a.event(await t.a.group()), 'theirs@example.org');
    t.clock.moveTo(LATER);
    const answer = payload(
      await upload(event, [
        scan(1, { ticketCode: ada.ticketCode }),
        scan(2, { ticketCode: 'ZZZZZ-ZZZZZ' }),
        scan(3, { registrationId: bob.id }),
        scan(4, { registrationId: 'first' }),
        scan(5, { registrationId: theirs.id }),
        scan(6, { ticketCode: elsewhere.ticketCode }),
        scan(7, { name: ' cleo ' }),
        scan(8, { ticketCode: ada.ticketCode }),
        scan(9, { ticketCode: waits.ticketCode }),
        scan(10, {}),
        { ...scan(11, { name: 'Cleo' }), nonce: 'short' },
        { ...scan(11, { name: 'Cleo' }), at: 'soon' },
        scan(12, { name: 'x'.repeat(10_000) }),
        scan(13, { ticketCode: 'x'.repeat(10_000) }),
      ]),
    );
    expect(codes(answer)).toEqual([
      'IN',
      'UNKNOWN',
      'IN',
      'NOT_FOUND',
      'NOT_FOUND',
      'WRONG_EVENT',
      'IN',
      'ALREADY_IN',
      'IN',
      'WHO',
      'INPUT',
      'INPUT',
      'INPUT',
      'INPUT',
    ]);
    expect(answer.results[0]).toEqual({
      nonce: expect.stringMatching(/^nonce-/),
      code: null,
      message: null,
      notice: null,
      registration: { id: ada.id, checkedInAt: '2026-03-17T16:01:00.000Z', attendance: 'ATTENDED' },
    });
    expect(answer.results[7]).toMatchObject({
      message: expect.stringContaining('2026-03-17T16:01'),
      registration: null,
    });
    expect(answer.results[8]).toMatchObject({ notice: 'WAITLISTED', registration: { id: waits.id } });
    const [seats] = await t.db.query('SELECT taken_online, waiting_online, attended_online FROM event WHERE id = $1', [
      event.id,
    ]);
    expect(seats).toEqual({ taken_online: 3, waiting_online: 0, attended_online: 4 });
  });

  it('is decided in the order in which it was scanned: the earlier of two scans counts', async () => {
    const event = await t.a.event(group);
    const { ticketCode } = await t.a.registration(event, 'twice@example.org');
    t.clock.moveTo(LATER);
    const answer = payload(await upload(event, [scan(30, { ticketCode }), scan(10, { ticketCode })]));
    expect(codes(answer)).toEqual(['ALREADY_IN', 'IN']);
    expect(answer.results[1].registration.checkedInAt).toBe('2026-03-17T16:10:00.000Z');
  });

  it('gives seats that are left to whoever was scanned first', async () => {
    const event = await t.a.event(group, { capacityOnline: 1 });
    const [one, other] = [
      await t.a.registration(event, 'a@example.org'),
      await t.a.registration(event, 'b@example.org'),
    ];
    await t.db.query(
      `UPDATE registration SET state = 'CANCELLED', waitlist_number = NULL, cancelled_at = now() WHERE event_id = $1`,
      [event.id],
    );
    await t.db.query('UPDATE event SET taken_online = 0, waiting_online = 0 WHERE id = $1', [event.id]);
    t.clock.moveTo(LATER);
    payload(await upload(event, [scan(2, { ticketCode: one.ticketCode }), scan(1, { ticketCode: other.ticketCode })]));
    expect(await t.db.query('SELECT name FROM registration WHERE event_id = $1 AND holds_seat', [event.id])).toEqual([
      { name: 'b' },
    ]);
  });

  it('changes nothing when it is sent again, also when another scanner sent earlier ones meanwhile', async () => {
    const event = await t.a.event(group, { capacityOnline: 2 });
    const people = [];
    for (const name of ['a', 'b', 'c']) people.push(await t.a.registration(event, `${name}@example.org`));
    t.clock.moveTo(LATER);
    const first = people.map(({ ticketCode }, index) => scan(30 + index, { ticketCode }));
    const second = people.map(({ ticketCode }, index) => scan(20 + index, { ticketCode }));
    const queues = [[...first, scan(40, { ticketCode: people[0]?.ticketCode }), scan(41, { name: 'Nobody' })], second];
    const answers = [];
    for (const queue of queues) answers.push(payload(await upload(event, queue)));
    const stored = await everything();
    t.clock.moveTo('2026-03-17T17:10:00Z');
    for (const [index, queue] of queues.entries())
      expect(codes(payload(await upload(event, queue)))).toEqual(codes(answers[index]));
    expect(await everything()).toEqual(stored);
  });

  it('does not let in again whom the host has sent away meanwhile', async () => {
    const event = await t.a.event(group);
    const { id, ticketCode } = await t.a.registration(event, 'sent-away@example.org');
    t.clock.moveTo(LATER);
    const queue = [scan(1, { ticketCode })];
    payload(await upload(event, queue));
    payload((await t.graphql(UNDO_CHECK_IN, { input: { registrationId: id } }, group.host.key)).undoCheckIn);
    expect(payload(await upload(event, queue)).results[0].registration.attendance).toBe('UNKNOWN');
  });

  it('is taken from a host after settling as far as it was scanned in time', async () => {
    const event = await t.a.event(group);
    const [one, other] = [
      await t.a.registration(event, 'a@example.org'),
      await t.a.registration(event, 'b@example.org'),
    ];
    t.clock.moveTo('2026-03-17T18:00:00Z');
    payload((await t.graphql(FINISH_EVENT, { input: { eventId: event.id } }, group.organizer.key)).finishEvent);
    t.clock.moveTo('2026-03-20T12:00:00Z');
    const late = { ...scan(0, { ticketCode: other.ticketCode }), at: '2026-03-18T05:30:01Z' };
    const queue = [scan(1, { ticketCode: one.ticketCode }), late];
    expect(codes(payload(await upload(event, queue)))).toEqual(['IN', 'FORBIDDEN']);
    expect(codes(payload(await upload(event, queue, group.organizer.key)))).toEqual(['IN', 'IN']);
  });

  it('is refused as a whole when it is too long, or the event does not take place', async () => {
    const event = await t.a.event(group);
    const many = Array.from({ length: 501 }, () => scan(1, { name: 'A' }));
    expect((await upload(event, many)).userErrors).toMatchObject([{ code: 'INPUT', field: 'scans' }]);
    await t.db.query(`UPDATE event SET state = 'CANCELLED' WHERE id = $1`, [event.id]);
    expect(await upload(event, [scan(1, { name: 'A' })])).toMatchObject({
      results: null,
      userErrors: [{ code: 'NOT_HELD' }],
    });
    expect(payload(await upload(await t.a.event(group), [])).results).toEqual([]);
  });

  it('costs as many statements for two hundred scans as for ten', async () => {
    const statements = async (people: number) => {
      const event = await t.a.event(group, { capacityOnline: people });
      await t.db.query(
        `INSERT INTO registration (id, event_id, group_id, name, language, pool, state, waitlist_number, ticket_code, registered_at)
         SELECT gen_random_uuid(), $1, $2, 'Person ' || n, 'en', 'ONLINE', CASE n % 3 WHEN 0 THEN 'WAITLISTED' ELSE 'CONFIRMED' END,
                CASE n % 3 WHEN 0 THEN n END, 'T' || n || '-' || $3, now() FROM generate_series(1, $4::int) AS n`,
        [event.id, group.id, newId(), people],
      );
      await t.db.query('UPDATE event SET waiting_online = $2 WHERE id = $1', [event.id, people]);
      const rows: { id: string; name: string; ticket_code: string }[] = await t.db.query(
        'SELECT id, name, ticket_code FROM registration WHERE event_id = $1 ORDER BY id',
        [event.id],
      );
      const scans = rows.map(({ id, name }, index) => scan(index % 60, index % 2 ? { name } : { registrationId: id }));
      const { logger } = t.api.app.get(DataSource);
      const logQuery = logger.logQuery.bind(logger);
      let asked = 0;
      logger.logQuery = () => void (asked += 1);
      const answer = payload(await upload(event, scans));
      logger.logQuery = logQuery;
      expect(codes(answer)).toEqual(rows.map(() => 'IN'));
      return asked;
    };
    t.clock.moveTo(LATER);
    const ten = await statements(10);
    expect(ten).toBeGreaterThan(5);
    expect(await statements(200)).toBe(ten);
  });

  it('and a scan sent alone are answered alike', async () => {
    const event = await t.a.event(group);
    const { id, ticketCode } = await t.a.registration(event, 'alone@example.org');
    t.clock.moveTo(LATER);
    const one = scan(1, { ticketCode });
    payload(await upload(event, [one]));
    const { checkIn } = await t.graphql(CHECK_IN, { input: { eventId: event.id, ...one } }, group.host.key);
    expect(payload(checkIn).registration).toMatchObject({ id, checkedInAt: '2026-03-17T16:01:00.000Z' });
  });
});
