import { newId, personalToken } from '#kernel';
import { MailerTask, Outbox, SEND_MAIL, type NewMail } from '#mail';
import { CoreModule } from '#schema';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { NestFactory } from '@nestjs/core';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { WorkerModule } from '../../apps/worker/src/worker.module.ts';
import { CANCEL } from '../support/documents.ts';
import { payload, type TestEvent, type TestGroup } from '../support/builders.ts';
import { testConfig } from '../support/config.ts';
import { linkIn, type Received } from '../support/smtp.ts';
import { testSystem, type TestSystem } from '../support/system.ts';

let t: TestSystem;
let group: TestGroup;
let event: TestEvent;
let count = 0;
beforeAll(async () => {
  t = await testSystem();
  group = await t.a.group('Europe/Berlin');
  event = await t.a.event(group, { title: 'March meetup' });
});
afterAll(() => t.stop());
beforeEach(() => {
  t.clock.moveTo('2026-03-01T12:00:00Z');
  t.smtp.answer = () => null;
});

const serverSays = (responseCode: number, words: string) => () => Object.assign(new Error(words), { responseCode });

interface Row {
  id: string;
  state: string;
  attempts: number;
  answer: string | null;
  message_id: string;
  sent_at: Date | null;
}
/** Somebody registers, which queues a mail to them. */
const aMail = async (): Promise<{ address: string; id: string; registrationId: string }> => {
  const address = `reader-${++count}@example.org`;
  const { id: registrationId } = await t.a.registration(event, address);
  const [{ id }] = await t.db.query('SELECT id FROM message WHERE registration_id = $1', [registrationId]);
  return { address, id, registrationId };
};
const rowOf = async (id: string): Promise<Row> => (await t.db.query('SELECT * FROM message WHERE id = $1', [id]))[0];
const gotBy = (address: string): Received[] => t.smtp.mails.filter(({ recipient }) => recipient === address);
const onlyMailOf = (address: string): Received => {
  const [mail, ...more] = gotBy(address);
  if (!mail || more.length > 0) throw new Error(`${address} got ${more.length + (mail ? 1 : 0)} mails`);
  return mail;
};
/** Does the job of this mail once, through the mail server of the test or another one. */
const send = async (id: string, smtpUrl = t.smtp.url): Promise<Row> => {
  const imports = [CoreModule.with(testConfig(t.databaseUrl, smtpUrl), t.db, t.clock)];
  const worker = await NestFactory.createApplicationContext({ module: WorkerModule, imports }, { logger: ['error'] });
  await worker.get(MailerTask).run({ messageId: id });
  await worker.close();
  return rowOf(id);
};
const triesWaitingFor = async (id: string): Promise<Date[]> => {
  const rows: { run_at: Date }[] = await t.db.query(
    `SELECT run_at FROM graphile_worker._private_jobs WHERE payload ->> 'messageId' = $1 AND run_at < '2026-06-01' ORDER BY run_at`, // on the test's clock
    [id],
  );
  return rows.map(({ run_at }) => run_at);
};

describe('a mail', () => {
  it('is sent once, and the row says so in the words of the mail server', async () => {
    const { id, address } = await aMail();
    const row = await send(id);
    expect(row).toMatchObject({
      state: 'SENT',
      attempts: 1,
      answer: expect.stringContaining('250'),
      sent_at: t.clock.now(),
    });
    await send(id);
    expect(gotBy(address)).toHaveLength(1);
  });

  it('that the server refuses for good has failed, with its answer, and is not tried again', async () => {
    const { id, address } = await aMail();
    t.smtp.answer = serverSays(550, 'No such mailbox here');
    expect(await send(id)).toMatchObject({
      state: 'FAILED',
      answer: expect.stringContaining('No such mailbox here'),
      sent_at: null,
    });
    expect(await triesWaitingFor(id)).toEqual([]);
    t.smtp.answer = () => null;
    expect(await send(id)).toMatchObject({ state: 'FAILED', attempts: 1 });
    expect(gotBy(address)).toEqual([]);
  });

  it('that the server wants later is tried again later, under the same Message-ID', async () => {
    const { id, address } = await aMail();
    t.smtp.answer = serverSays(451, 'Greylisted, come back');
    const deferred = await send(id);
    expect(deferred).toMatchObject({ state: 'DEFERRED', attempts: 1, answer: expect.stringContaining('Greylisted') });
    const waits = (await triesWaitingFor(id)).map((at) => (at.getTime() - t.clock.now().getTime()) / 1000);
    expect(waits).toEqual([expect.any(Number)]);
    expect(waits[0]).toBeGreaterThanOrEqual(48); // a minute, give or take a fifth
    expect(waits[0]).toBeLessThanOrEqual(72);
    t.smtp.answer = () => null;
    t.clock.moveTo('2026-03-01T12:02:00Z');
    expect(await send(id)).toMatchObject({ state: 'SENT', attempts: 2 });
    expect(onlyMailOf(address).messageId).toBe(deferred.message_id);
  });

  it('is kept for later while the server is down', async () => {
    const { id, address } = await aMail();
    expect(await send(id, 'smtp://127.0.0.1:1')).toMatchObject({
      state: 'DEFERRED',
      answer: expect.stringContaining('ECONNREFUSED'),
    });
    expect(await triesWaitingFor(id)).toHaveLength(1);
    expect(await send(id)).toMatchObject({ state: 'SENT' });
    onlyMailOf(address);
  });

  it('is given up after two days of trying', async () => {
    const { id } = await aMail();
    t.smtp.answer = serverSays(451, 'Busy');
    await t.db.query('UPDATE message SET created_at = $2 WHERE id = $1', [
      id,
      new Date(t.clock.now().getTime() - 49 * 3_600_000),
    ]);
    expect(await send(id)).toMatchObject({ state: 'FAILED', answer: expect.stringContaining('Busy') });
    expect(await triesWaitingFor(id)).toEqual([]);
  });

  it('that comes too late to be of use is not sent', async () => {
    const { id, address } = await aMail();
    await t.db.query('UPDATE message SET not_after = $2 WHERE id = $1', [id, t.clock.now()]);
    expect(await send(id)).toMatchObject({ state: 'EXPIRED', sent_at: null });
    expect(gotBy(address)).toEqual([]);
  });

  it('that a worker died over is sent again, under the same Message-ID', async () => {
    const { id, address } = await aMail();
    await t.db.query(`UPDATE message SET state = 'SENDING', attempts = 1 WHERE id = $1`, [id]);
    const row = await send(id);
    expect(row).toMatchObject({ state: 'SENT', attempts: 2 });
    expect(onlyMailOf(address).messageId).toBe(row.message_id);
  });

  it('for one cause is decided once, however often it is asked for', async () => {
    const outbox = t.api.app.get(Outbox, { strict: false });
    const mail: NewMail = {
      kind: 'registered',
      intentKey: `test:${newId()}`,
      personId: null,
      toAddress: 'once@example.org',
      language: 'en',
    };
    const jobs = async () =>
      (await t.db.query('SELECT count(*)::int FROM graphile_worker.jobs WHERE task_identifier = $1', [SEND_MAIL]))[0]
        .count as number;
    const before = await jobs();
    await t.db.transaction((tx) => outbox.add(tx, [mail, mail]));
    await t.db.transaction((tx) => outbox.add(tx, [mail]));
    const rows = await t.db.query('SELECT message_id FROM message WHERE intent_key = $1', [mail.intentKey]);
    expect(rows).toEqual([{ message_id: expect.stringMatching(/^<[0-9a-f-]{36}@goodturn\.test>$/) }]);
    expect(await jobs()).toBe(before + 1);
    await t.db.query(`DELETE FROM message WHERE intent_key = $1`, [mail.intentKey]);
  });

  it('vanishes with what was to cause it', async () => {
    const outbox = t.api.app.get(Outbox, { strict: false });
    const mail: NewMail = {
      kind: 'registered',
      intentKey: `test:${newId()}`,
      personId: null,
      toAddress: 'never@example.org',
      language: 'en',
    };
    const failing = t.db.transaction(async (tx) => {
      await outbox.add(tx, [mail]);
      throw new Error('the rest went wrong');
    });
    await expect(failing).rejects.toThrow('the rest went wrong');
    expect(await t.db.query('SELECT FROM message WHERE intent_key = $1', [mail.intentKey])).toEqual([]);
  });
});

describe('mail loses nothing by a mail server that is set up wrongly:', () => {
  /** Another mail server, asked once. */
  const sendThrough = async (options: SMTPServerOptions, id: string, login = ''): Promise<Row> => {
    const server = new SMTPServer({ disabledCommands: ['STARTTLS'], allowInsecureAuth: true, ...options });
    server.on('error', () => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    const at = server.server.address();
    const row = await send(id, `smtp://${login}127.0.0.1:${typeof at === 'object' && at ? at.port : 0}`);
    await new Promise<void>((resolve) => server.close(() => resolve()));
    return row;
  };

  it('a password that it does not take', async () => {
    const { id } = await aMail();
    const refuse: SMTPServerOptions['onAuth'] = (_, __, done) =>
      done(Object.assign(new Error('Bad password'), { responseCode: 535 }));
    expect(await sendThrough({ onAuth: refuse }, id, 'us:wrong@')).toMatchObject({
      state: 'DEFERRED',
      answer: expect.stringContaining('Bad password'),
    });
  });

  it('a door that is shut', async () => {
    const { id } = await aMail();
    const refuse: SMTPServerOptions['onConnect'] = (_, done) =>
      done(Object.assign(new Error('Not from there'), { responseCode: 554 }));
    expect(await sendThrough({ onConnect: refuse, authOptional: true }, id)).toMatchObject({ state: 'DEFERRED' });
  });

  it('but a recipient that it does not know has failed', async () => {
    const { id } = await aMail();
    const refuse: SMTPServerOptions['onRcptTo'] = (_, __, done) =>
      done(Object.assign(new Error('Unknown user'), { responseCode: 550 }));
    expect(await sendThrough({ onRcptTo: refuse, authOptional: true }, id)).toMatchObject({
      state: 'FAILED',
      answer: expect.stringContaining('Unknown user'),
    });
  });
});

describe('what is read', () => {
  it('is the same in HTML and in plain text', async () => {
    const { id, address, registrationId } = await aMail();
    await send(id);
    const { html, text, subject } = onlyMailOf(address);
    const [{ ticket_code }] = await t.db.query('SELECT ticket_code FROM registration WHERE id = $1', [registrationId]);
    const plain = String(text).replace(/\s+/g, ' ');
    const marked = String(html)
      .replace(/<!--.*?-->/g, '')
      .replace(/\s+/g, ' ');
    const facts = [
      'Hello reader-',
      'March meetup',
      'When: Tuesday, 17 March 2026 at 17:00 CET',
      'Where: Online',
      ticket_code,
      `http://goodturn.test/events/${event.slug}`,
      `http://goodturn.test/manage/${personalToken('a secret for tests that is long enough', 'manage', registrationId, 1)}`,
      'because you registered for March meetup',
    ];
    expect(subject).toBe('You are in: March meetup');
    for (const fact of facts) {
      expect(plain).toContain(fact);
      expect(marked).toContain(fact);
    }
    for (const part of [plain, marked]) expect(part).not.toContain('meet.example'); // the join link is never mailed
  });

  it('names its sender, its date and itself, and that a program wrote it', async () => {
    const { id, address } = await aMail();
    const { message_id } = await send(id);
    const [{ created_at }] = await t.db.query('SELECT created_at FROM message WHERE id = $1', [id]);
    const mail = onlyMailOf(address);
    expect(mail.from?.text).toBe('"Goodturn" <hello@goodturn.test>');
    expect(mail.messageId).toBe(message_id);
    expect(mail.date?.getTime()).toBe(Math.floor(created_at.getTime() / 1000) * 1000);
    expect(mail.headers.get('auto-submitted')).toBe('auto-generated');
    expect(mail.headers.get('content-language')).toBe('en');
  });

  it('cannot be forged by what people type', async () => {
    const name = '<img src=x onerror=alert(1)>';
    const address = `forger-${++count}@example.org`;
    const evil = await t.a.event(group, { title: 'Meetup\r\nBcc: everybody@example.org' });
    const { id: registrationId } = await t.a.registration(evil, address, { name });
    const [{ id }] = await t.db.query('SELECT id FROM message WHERE registration_id = $1', [registrationId]);
    await send(id);
    const mail = onlyMailOf(address);
    expect(mail.html).not.toContain('<img');
    expect(mail.bcc).toBeUndefined();
    expect(mail.headers.has('bcc')).toBe(false);
    expect(gotBy('everybody@example.org')).toEqual([]);
  });

  it('leads to the registration: its link shows it and cancels it', async () => {
    const { id, address, registrationId } = await aMail();
    await send(id);
    const manageToken = linkIn(onlyMailOf(address), '/manage/').split('/').at(-1);
    const { registration } = await t.graphql(
      'query($manageToken: String!) { registration(manageToken: $manageToken) { id email state } }',
      { manageToken },
    );
    expect(registration).toEqual({ id: registrationId, email: address, state: 'CONFIRMED' });
    expect(payload((await t.graphql(CANCEL, { input: { manageToken } })).cancelRegistration).registration.state).toBe(
      'CANCELLED',
    );
  });
});
