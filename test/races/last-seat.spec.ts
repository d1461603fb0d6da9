import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { type TestEvent, type TestGroup } from '../support/builders.ts';
import { testEnvironment } from '../support/config.ts';
import { CANCEL, REGISTER } from '../support/documents.ts';
import { graphqlClient } from '../support/graphql.ts';
import { startProcess, type TestProcess } from '../support/process.ts';
import { testSystem, type TestSystem } from '../support/system.ts';

const PEOPLE = 500;
const SEATS = 50;

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
const comingEvent = (facts: Record<string, unknown>): Promise<TestEvent> =>
  t.a.event(group, { startsAtLocal: '2035-03-17T17:00', endsAtLocal: '2035-03-17T18:00', ...facts });

const counts = async (eventId: string): Promise<Record<string, number>> => {
  const rows: { state: string; count: number }[] = await t.db.query(
    `SELECT state, count(*)::int FROM registration WHERE event_id = $1 GROUP BY state`,
    [eventId],
  );
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
};

describe('when five hundred people ask at once for fifty seats', () => {
  it('a naive server sells the same seat many times (the race is real)', async () => {
    const event = await comingEvent({ capacityOnline: SEATS });
    const pool = new pg.Pool({ connectionString: t.databaseUrl, max: 20 });
    await pool.query('ALTER TABLE event DROP CONSTRAINT ck_event_not_oversold_online');
    // Looks, decides, writes: what many a sign-up form does.
    await Promise.all(
      Array.from({ length: 200 }, async () => {
        const { rows } = await pool.query('SELECT taken_online, capacity_online FROM event WHERE id = $1', [event.id]);
        if (rows[0].taken_online < rows[0].capacity_online)
          await pool.query('UPDATE event SET taken_online = taken_online + 1 WHERE id = $1', [event.id]);
      }),
    );
    const { rows } = await pool.query('SELECT taken_online FROM event WHERE id = $1', [event.id]);
    await pool.query('UPDATE event SET taken_online = 0 WHERE id = $1', [event.id]);
    await pool.query(
      'ALTER TABLE event ADD CONSTRAINT ck_event_not_oversold_online CHECK (taken_online BETWEEN 0 AND coalesce(capacity_online, 2147483647))',
    );
    await pool.end();
    expect(rows[0].taken_online).toBeGreaterThan(SEATS);
  });

  it('gives exactly fifty seats through two processes, lines up the rest, and mails each person once', async () => {
    const event = await comingEvent({ capacityOnline: SEATS });
    const clientOf = (index: number) => graphqlClient(processes[index % 2]?.ready ?? '');
    const answers = await Promise.all(
      Array.from({ length: PEOPLE }, (_, index) =>
        clientOf(index)(REGISTER, {
          input: { eventId: event.id, name: `Person ${index}`, email: `crowd-${index}@example.org` },
        }),
      ),
    );
    const registrations = answers.map((answer) => answer.registerForEvent.registration);
    expect(await counts(event.id)).toEqual({ CONFIRMED: SEATS, WAITLISTED: PEOPLE - SEATS });
    const positions = registrations
      .flatMap(({ waitlistPosition }) => waitlistPosition ?? [])
      .sort((a: number, b: number) => a - b);
    expect(positions).toEqual(Array.from({ length: PEOPLE - SEATS }, (_, index) => index + 1));
    const mails: { mails: number; people: number }[] = await t.db.query(
      'SELECT count(*)::int AS mails, count(DISTINCT to_address)::int AS people FROM message WHERE event_id = $1',
      [event.id],
    );
    expect(mails).toEqual([{ mails: PEOPLE, people: PEOPLE }]);

    // Ten of them cancel at once, again through both processes: the ten who waited longest are in, each once.
    const seated = registrations.filter(({ state }) => state === 'CONFIRMED').slice(0, 10);
    const next: { id: string }[] = await t.db.query(
      `SELECT id FROM registration WHERE event_id = $1 AND state = 'WAITLISTED' ORDER BY waitlist_number LIMIT 10`,
      [event.id],
    );
    await Promise.all(
      seated.map(({ id }, index) => clientOf(index)(CANCEL, { input: { registrationId: id } }, group.organizer.key)),
    );
    expect(await counts(event.id)).toEqual({ CONFIRMED: SEATS, WAITLISTED: PEOPLE - SEATS - 10, CANCELLED: 10 });
    const promoted: { id: string; promotions: number; mails: number }[] = await t.db.query(
      `SELECT id, (SELECT count(*)::int FROM history_entry WHERE subject_id = registration.id AND act = 'registration.promoted') AS promotions,
              (SELECT count(*)::int FROM message WHERE registration_id = registration.id AND kind = 'promoted') AS mails
         FROM registration WHERE event_id = $1 AND EXISTS (SELECT FROM message WHERE registration_id = registration.id AND kind = 'promoted')`,
      [event.id],
    );
    expect(promoted.map(({ id }) => id).sort()).toEqual(next.map(({ id }) => id).sort());
    expect(promoted.every(({ promotions, mails: sent }) => promotions === 1 && sent === 1)).toBe(true);
    const [seats] = await t.db.query('SELECT taken_online, waiting_online FROM event WHERE id = $1', [event.id]);
    expect(seats).toEqual({ taken_online: SEATS, waiting_online: PEOPLE - SEATS - 10 });
  });
});

describe('when several seats come free at the same moment', () => {
  it('a naive promotion lets one person in twice and loses a seat (the race is real)', async () => {
    const event = await comingEvent({ capacityOnline: 5 });
    for (let index = 0; index < 15; index += 1) await t.a.registration(event, `naive-${index}@example.org`);
    const pool = new pg.Pool({ connectionString: t.databaseUrl, max: 10 });
    const chosen = await Promise.all(
      Array.from({ length: 5 }, async () => {
        const { rows } = await pool.query(
          `SELECT id FROM registration WHERE event_id = $1 AND state = 'WAITLISTED' ORDER BY waitlist_number LIMIT 1`,
          [event.id],
        );
        await pool.query(`UPDATE registration SET state = 'CONFIRMED', waitlist_number = NULL WHERE id = $1`, [
          rows[0].id,
        ]);
        return rows[0].id as string;
      }),
    );
    await pool.end();
    expect(new Set(chosen).size).toBeLessThan(5);
  });
});
