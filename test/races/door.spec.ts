import { newId } from '#kernel';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { payload, type TestEvent, type TestGroup } from '../support/builders.ts';
import { testEnvironment } from '../support/config.ts';
import { ADD_WALK_IN, CHECK_IN, UPLOAD_CHECK_INS } from '../support/documents.ts';
import { graphqlClient, type Answer } from '../support/graphql.ts';
import { startProcess, type TestProcess } from '../support/process.ts';
import { testSystem, type TestSystem } from '../support/system.ts';

const TIMES = 20;

let t: TestSystem;
let group: TestGroup;
let processes: TestProcess[];
beforeAll(async () => {
  t = await testSystem();
  group = await t.a.group();
  const env = testEnvironment(t.databaseUrl, t.smtp.url);
  processes = await Promise.all([startProcess('api', env), startProcess('api', env)]);
}, 60_000);
afterAll(async () => {
  await Promise.all(processes.map((process) => process.stop()));
  await t.stop();
});

/** An event that has not begun by the real clock, which the api processes go by. */
const comingEvent = (facts: Record<string, unknown> = {}): Promise<TestEvent> =>
  t.a.event(group, { startsAtLocal: '2035-03-17T17:00', endsAtLocal: '2035-03-17T18:00', ...facts });
/** Sends all of it at once, to both processes in turn. */
const atOnce = (document: string, name: string, inputs: Record<string, unknown>[]): Promise<Answer[]> =>
  Promise.all(
    inputs.map(async (input, index) => {
      const send = graphqlClient(processes[index % 2]?.ready ?? '');
      return (await send(document, { input }, group.host.key))[name];
    }),
  );
const again = (input: Record<string, unknown>) => Array.from({ length: TIMES }, () => input);
const codesOf = (answers: Answer[]) => {
  const counted: Record<string, number> = {};
  for (const { userErrors } of answers) {
    const code = userErrors[0]?.code ?? 'IN';
    counted[code] = (counted[code] ?? 0) + 1;
  }
  return counted;
};
const written = async (event: TestEvent, registrationId: string) => {
  const [row] = await t.db.query(
    `SELECT (SELECT count(*)::int FROM check_in WHERE registration_id = $2) AS scans,
            (SELECT count(*)::int FROM history_entry WHERE subject_id = $2 AND act = 'checkIn.made') AS acts,
            attended_online AS attended FROM event WHERE id = $1`,
    [event.id, registrationId],
  );
  return row as Record<string, number>;
};

describe('when one ticket is scanned many times at the same moment', () => {
  it('a naive server lets the same person in several times (the race is real)', async () => {
    const event = await comingEvent();
    const { id } = await t.a.registration(event, 'naive@example.org');
    const pool = new pg.Pool({ connectionString: t.databaseUrl, max: TIMES });
    await pool.query('DROP INDEX uq_check_in_registration_once');
    // All connections are open before the first of them looks; else it would be done before the second one comes.
    await Promise.all(Array.from({ length: TIMES }, () => pool.query('SELECT pg_sleep(0.1)')));
    // Looks, decides, writes: what many a door does.
    await Promise.all(
      Array.from({ length: TIMES }, async () => {
        const { rows } = await pool.query('SELECT FROM check_in WHERE registration_id = $1', [id]);
        if (rows.length === 0)
          await pool.query(
            `INSERT INTO check_in (event_id, registration_id, method, at) VALUES ($1, $2, 'scanned', now())`,
            [event.id, id],
          );
      }),
    );
    const { scans } = await written(event, id);
    await pool.query('DELETE FROM check_in WHERE registration_id = $1', [id]);
    await pool.query(
      'CREATE UNIQUE INDEX uq_check_in_registration_once ON check_in (registration_id) WHERE undone_at IS NULL',
    );
    await pool.end();
    expect(scans).toBeGreaterThan(1);
  });

  it('the same scan sent twenty times through two processes has one answer and leaves one line', async () => {
    const event = await comingEvent();
    const { id, ticketCode } = await t.a.registration(event, 'retry@example.org');
    const same = { eventId: event.id, ticketCode, nonce: 'scan-of-a-ticket' };
    const answers = await atOnce(CHECK_IN, 'checkIn', again(same));
    expect(answers[0]).toMatchObject({ registration: { id, attendance: 'ATTENDED' }, userErrors: [] });
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(await written(event, id)).toEqual({ scans: 1, acts: 1, attended: 1 });
  });

  it('of many devices one lets the person in, and the others hear since when they are in', async () => {
    const event = await comingEvent();
    const { id, ticketCode } = await t.a.registration(event, 'devices@example.org');
    const scans = Array.from({ length: TIMES }, () => ({ eventId: event.id, ticketCode, nonce: newId() }));
    expect(codesOf(await atOnce(CHECK_IN, 'checkIn', scans))).toEqual({ IN: 1, ALREADY_IN: TIMES - 1 });
    expect(await written(event, id)).toEqual({ scans: 1, acts: 1, attended: 1 });
  });

  it('a queue sent by two processes at once is taken once', async () => {
    const event = await comingEvent();
    const { id, ticketCode } = await t.a.registration(event, 'queue@example.org');
    const at = new Date().toISOString();
    const queue = { eventId: event.id, scans: [{ nonce: 'scan-of-a-queue', at, ticketCode }] };
    const answers = await atOnce(UPLOAD_CHECK_INS, 'uploadCheckIns', again(queue));
    for (const answer of answers) expect(answer).toEqual(payload(answers[0]));
    expect(await written(event, id)).toEqual({ scans: 1, acts: 1, attended: 1 });
  });
});

it('when twenty walk-ins come at once for five seats, five have one and the others are refused', async () => {
  const event = await comingEvent({ capacityOnline: 5 });
  const people = Array.from({ length: TIMES }, (_, index) => ({ eventId: event.id, name: `Walk-in ${index}` }));
  expect(codesOf(await atOnce(ADD_WALK_IN, 'addWalkIn', people))).toEqual({ IN: 5, FULL: TIMES - 5 });
  const [seats] = await t.db.query(
    'SELECT taken_online, attended_online, registration_count FROM event WHERE id = $1',
    [event.id],
  );
  expect(seats).toEqual({ taken_online: 5, attended_online: 5, registration_count: 5 });
});
