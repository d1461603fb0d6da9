import { MailerTask } from '#mail';
import { CoreModule } from '#schema';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { NestFactory } from '@nestjs/core';
import { WorkerModule } from '../../apps/worker/src/worker.module.ts';
import { payload, type TestEvent, type TestGroup } from '../support/builders.ts';
import { testConfig, testEnvironment } from '../support/config.ts';
import { CANCEL, UPDATE_EVENT } from '../support/documents.ts';
import { startProcess } from '../support/process.ts';
import { testSystem, type TestSystem } from '../support/system.ts';

const PEOPLE = 200;

let t: TestSystem;
let group: TestGroup;
let event: TestEvent;
beforeAll(async () => {
  t = await testSystem();
  group = await t.a.group();
});
afterAll(() => t.stop());
beforeEach(async () => {
  t.smtp.answer = () => null;
  event = await t.a.event(group, { startsAtLocal: '2035-03-17T17:00', endsAtLocal: '2035-03-17T18:00' });
});

const later = () => Object.assign(new Error('Busy, come back'), { responseCode: 450 });
const never = () => Object.assign(new Error('No such mailbox'), { responseCode: 550 });
const update = async (day: number) =>
  payload(
    (
      await t.graphql(
        UPDATE_EVENT,
        { input: { eventId: event.id, startsAtLocal: `2035-04-${day}T17:00`, endsAtLocal: `2035-04-${day}T18:00` } },
        group.organizer.key,
      )
    ).updateEvent,
  );
const leave = async (registrationId: string) =>
  payload((await t.graphql(CANCEL, { input: { registrationId } }, group.organizer.key)).cancelRegistration);
const methodOf = (ics: string) => ics.match(/\nMETHOD:(\w+)/)?.[1];
const statesOf = async (registrationId: string): Promise<string[]> => {
  const rows: { state: string }[] = await t.db.query(
    'SELECT state FROM message WHERE registration_id = $1 ORDER BY number',
    [registrationId],
  );
  return rows.map(({ state }) => state);
};

describe('a mail waits for the one before it', () => {
  /** Does the jobs of these mails, in this order. */
  const send = async (...ids: string[]) => {
    const imports = [CoreModule.with(testConfig(t.databaseUrl, t.smtp.url), t.db, t.clock)];
    const worker = await NestFactory.createApplicationContext({ module: WorkerModule, imports }, { logger: false });
    for (const messageId of ids) await worker.get(MailerTask).run({ messageId });
    await worker.close();
  };
  /** Somebody registers and leaves: two mails, with a job each. */
  const comeAndGo = async (email: string) => {
    const { id } = await t.a.registration(event, email);
    await leave(id);
    const [first, second]: { id: string }[] = await t.db.query(
      'SELECT id FROM message WHERE registration_id = $1 ORDER BY number',
      [id],
    );
    return { id, first: first?.id ?? '', second: second?.id ?? '' };
  };
  const jobsFor = async (messageId: string): Promise<number> =>
    (
      await t.db.query(
        `SELECT count(*)::int AS jobs FROM graphile_worker._private_jobs WHERE payload ->> 'messageId' = $1`,
        [messageId],
      )
    )[0].jobs;

  it('and goes when that was sent, by one job of its own', async () => {
    const { id, first, second } = await comeAndGo('waits@example.org');
    await send(second);
    expect(await statesOf(id)).toEqual(['QUEUED', 'HELD']);
    const before = await jobsFor(second);
    await send(first);
    expect(await statesOf(id)).toEqual(['SENT', 'QUEUED']);
    expect(await jobsFor(second)).toBe(before + 1);
    await send(first, first); // a worker that died over it begins again
    expect(await jobsFor(second)).toBe(before + 1);
    await send(second);
    expect(await statesOf(id)).toEqual(['SENT', 'SENT']);
  });

  it('also while that is put off by the mail server', async () => {
    const { id, first, second } = await comeAndGo('put-off@example.org');
    t.smtp.answer = later;
    await send(first, second);
    expect(await statesOf(id)).toEqual(['DEFERRED', 'HELD']);
    t.smtp.answer = () => null;
    await send(first);
    expect(await statesOf(id)).toEqual(['SENT', 'QUEUED']);
  });

  it.each([
    ['refused for good', 'FAILED', () => void (t.smtp.answer = never)],
    [
      'too late',
      'EXPIRED',
      (id: string) => t.db.query('UPDATE message SET not_after = $2 WHERE id = $1', [id, t.clock.now()]),
    ],
  ])('no longer than until that is %s', async (_, state, spoil) => {
    const { id, first, second } = await comeAndGo(`${state.toLowerCase()}@example.org`);
    await send(second);
    await spoil(first);
    await send(first);
    expect(await statesOf(id)).toEqual([state, 'QUEUED']);
  });

  it('and not for ever when that cannot be written: it is given up like any other', async () => {
    const { id, first, second } = await comeAndGo('unwritten@example.org');
    await t.db.query(`UPDATE message SET kind = 'unheard-of' WHERE id = $1`, [first]);
    await send(first, second);
    expect(await statesOf(id)).toEqual(['DEFERRED', 'HELD']);
    await t.db.query('UPDATE message SET created_at = $2 WHERE id = $1', [
      first,
      new Date(t.clock.now().getTime() - 49 * 3_600_000),
    ]);
    await send(first);
    expect(await statesOf(id)).toEqual(['FAILED', 'QUEUED']);
  });

  it('and is found to have none before it by one look at an index, however many mails there are', async () => {
    await t.db.query(
      `INSERT INTO message (id, kind, intent_key, to_address, language, registration_id, message_id, state)
       SELECT gen_random_uuid(), 'registered', 'crowd-' || n, 'crowd@example.org', 'en', gen_random_uuid(), 'crowd-' || n, 'SENT'
         FROM generate_series(1, 20000) AS n`,
    );
    await t.db.query('ANALYZE message');
    const { first } = await comeAndGo('looked-for@example.org');
    const asked: { sql: string; holds: unknown[] }[] = [];
    const { logger } = t.db;
    const logQuery = logger.logQuery.bind(logger);
    logger.logQuery = (sql, holds) => void asked.push({ sql, holds: (holds ?? []) as unknown[] });
    await send(first).finally(() => (logger.logQuery = logQuery));
    const claim = asked.find(({ sql }) => sql.includes('attempts + 1'));
    const plan = JSON.stringify(await t.db.query(`EXPLAIN ${claim?.sql}`, claim?.holds));
    expect(plan).toContain('pk_message');
    expect(plan).toContain('ix_message_registration');
    expect(plan).not.toContain('Seq Scan');
    await t.db.query(`DELETE FROM message WHERE to_address = 'crowd@example.org'`);
  });

  it('but not for those about other registrations', async () => {
    const { first } = await comeAndGo('slow@example.org');
    const { id } = await t.a.registration(event, 'quick@example.org');
    t.smtp.answer = ({ recipient }) => (recipient === 'slow@example.org' ? later() : null);
    await send(first);
    await t.sendMail();
    expect(await statesOf(id)).toEqual(['SENT']);
  });
});

it('two workers and a moody mail server never let a cancellation overtake its invitation, lose a mail or double one', async () => {
  await t.db.query('DELETE FROM graphile_worker._private_jobs');
  await t.db.query('DELETE FROM message');
  t.smtp.mails.length = 0;
  let asked = 0;
  const tries: Record<string, string[]> = {};
  t.smtp.answer = (mail) => {
    const refused = (asked += 1) % 7 === 0;
    (tries[mail.recipient] ??= []).push(`${mail.messageId}${refused ? ' later' : ''}`);
    return refused ? later() : null;
  };
  const env = testEnvironment(t.databaseUrl, t.smtp.url);
  const workers = await Promise.all([startProcess('worker', env), startProcess('worker', env)]);
  // The mails that the server wants later are due at once, so that the test need not wait for minutes.
  const hurry = setInterval(() => {
    void t.db
      .query(
        `UPDATE graphile_worker._private_jobs SET run_at = now() WHERE run_at > now() AND locked_at IS NULL AND payload ->> 'messageId' IS NOT NULL`,
      )
      .catch(() => undefined);
  }, 200);
  try {
    const people = Array.from({ length: PEOPLE }, (_, index) => `racer-${index}@example.org`);
    const registered = await Promise.all(people.map((email) => t.a.registration(event, email)));
    await update(10);
    await Promise.all(registered.map(({ id }) => leave(id)));
    for (const end = Date.now() + 60_000; ;) {
      const [{ open }] = await t.db.query(
        `SELECT count(*)::int AS open FROM message WHERE state NOT IN ('SENT', 'EXPIRED')`,
      );
      if (open === 0) break;
      if (Date.now() > end)
        throw new Error(
          `${open} mails are still open: ${JSON.stringify(await t.db.query('SELECT state, count(*) FROM message GROUP BY 1'))}`,
        );
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  } finally {
    clearInterval(hurry);
    await Promise.all(workers.map((worker) => worker.stop()));
  }

  const rows: { to_address: string; message_id: string; kind: string; state: string }[] = await t.db.query(
    'SELECT to_address, message_id, kind, state FROM message ORDER BY number',
  );
  expect(rows).toHaveLength(3 * PEOPLE);
  // Only a change that nobody can use any more may have been left out.
  expect(new Set(rows.filter(({ state }) => state !== 'SENT').map(({ kind }) => kind)).size).toBeLessThanOrEqual(1);
  expect(rows.filter(({ state, kind }) => state !== 'SENT' && kind !== 'changed')).toEqual([]);
  const sent = rows.filter(({ state }) => state === 'SENT');
  expect(t.smtp.mails).toHaveLength(sent.length); // nothing lost, nothing doubled
  expect(
    Object.values(tries)
      .flat()
      .some((attempt) => attempt.endsWith('later')),
  ).toBe(true);
  for (const { to_address } of new Map(rows.map((row) => [row.to_address, row])).values()) {
    const decided = sent.filter((row) => row.to_address === to_address).map(({ message_id }) => message_id);
    // The server saw them in the order of deciding, and none before the one before it was taken.
    expect(tries[to_address]?.filter((attempt) => !attempt.endsWith('later'))).toEqual(decided);
    const all = rows.filter((row) => row.to_address === to_address).map(({ message_id }) => message_id);
    const places = (tries[to_address] ?? []).map((attempt) => all.indexOf(attempt.split(' ')[0] ?? ''));
    expect(places).toEqual([...places].sort((one, other) => one - other));
    const parts = t.smtp.mails
      .filter(({ recipient }) => recipient === to_address)
      .map(({ attachments }) => String(attachments.at(-1)?.content));
    expect(parts.map(methodOf)).toEqual([...parts.slice(1).map(() => 'REQUEST'), 'CANCEL']);
    const versions = parts.map((ics) => Number(ics.match(/\nSEQUENCE:(\d+)/)?.[1]));
    expect(versions).toEqual([...versions].sort((one, other) => one - other));
    expect(versions.at(-1)).toBeGreaterThan(versions.at(-2) ?? Infinity);
  }
}, 120_000);
