import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { testEnvironment } from '../support/config.ts';
import { startProcess } from '../support/process.ts';
import { testSystem, type TestSystem } from '../support/system.ts';

const MAILS = 500;

let t: TestSystem;
beforeAll(async () => {
  t = await testSystem();
});
afterAll(() => t.stop());

it('sends every mail within 30 s of a worker being killed in the middle; a double carries the same Message-ID', async () => {
  const group = await t.a.group();
  const event = await t.a.event(group, { startsAtLocal: '2035-03-17T17:00', endsAtLocal: '2035-03-17T18:00' });
  await Promise.all(Array.from({ length: MAILS }, (_, index) => t.a.registration(event, `mail-${index}@example.org`)));
  const env = testEnvironment(t.databaseUrl, t.smtp.url);

  const first = await startProcess('worker', env);
  await t.smtp.until(() => true, 60);
  await first.kill();
  const sentByFirst = t.smtp.mails.length;
  expect(sentByFirst).toBeLessThan(MAILS);
  // What makes this worth a test: the dead worker's jobs are locked, and would be for four hours.
  const [{ locked }] = await t.db.query(
    'SELECT count(*)::int AS locked FROM graphile_worker.jobs WHERE locked_by IS NOT NULL',
  );
  expect(locked).toBeGreaterThan(0);

  const killedAt = Date.now();
  const second = await startProcess('worker', env);
  try {
    for (;;) {
      const [{ unsent }] = await t.db.query(`SELECT count(*)::int AS unsent FROM message WHERE state <> 'SENT'`);
      if (unsent === 0) break;
      if (Date.now() - killedAt > 30_000) throw new Error(`${unsent} mails were not sent within 30 s`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  } finally {
    await second.stop();
  }

  const idsByRecipient = new Map<string, Set<string | undefined>>();
  for (const { recipient, messageId } of t.smtp.mails)
    idsByRecipient.set(recipient, (idsByRecipient.get(recipient) ?? new Set()).add(messageId));
  expect(idsByRecipient.size).toBe(MAILS);
  expect([...idsByRecipient.values()].every((ids) => ids.size === 1)).toBe(true);
  const doubles = t.smtp.mails.length - MAILS;
  expect(doubles).toBeLessThanOrEqual(5); // at most what one worker had in its hands
}, 90_000);
