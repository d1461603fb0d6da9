import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { get, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';
import { createTransport } from 'nodemailer';
import { startMailCatcher, type MailCatcher } from '../../apps/standalone/src/mail-catcher.ts';

let catcher: MailCatcher;

beforeAll(async () => {
  catcher = await startMailCatcher({ smtpPort: 0, webPort: 0 });
  const transport = createTransport(catcher.smtpUrl);
  await transport.sendMail({
    from: 'a@goodturn.example',
    to: 'b@goodturn.example',
    subject: 'Sign in',
    text: 'secret',
  });
  transport.close();
});

afterAll(async () => {
  await catcher.stop();
});

interface Answer {
  status: number | undefined;
  headers: IncomingHttpHeaders;
  body: string;
}

/** Not `fetch`, which sets `Host` and `Origin` itself. */
async function ask(path: string, headers: OutgoingHttpHeaders = {}): Promise<Answer> {
  return new Promise((done, fail) => {
    get(`${catcher.webUrl}${path}`, { headers }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () => done({ status: response.statusCode, headers: response.headers, body }));
    }).once('error', fail);
  });
}

const UPGRADE = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
};

describe('the mail catcher', () => {
  it('shows caught mail to a person on this machine', async () => {
    const page = await ask('/', { accept: 'text/html' });
    expect(page.status).toBe(200);
    const list = await ask('/api/email/summary');
    expect(JSON.parse(list.body)).toMatchObject({ total: 1, items: [{ subject: 'Sign in' }] });
  });

  it('listens on this machine only', () => {
    expect(new URL(catcher.webUrl).hostname).toBe('127.0.0.1');
    expect(new URL(catcher.smtpUrl).hostname).toBe('127.0.0.1');
  });

  it("tells nothing to another site's page in the same browser", async () => {
    const answer = await ask('/api/email', { origin: 'https://elsewhere.example' });
    expect(answer.status).toBe(403);
    expect(answer.body).not.toContain('secret');
    expect((await ask('/api/email')).headers['access-control-allow-origin']).toBeUndefined();
  });

  it('tells nothing to a name that was pointed at this machine', async () => {
    expect((await ask('/api/email', { host: 'elsewhere.example' })).status).toBe(403);
  });

  it('opens no live connection for another site', async () => {
    const opened = ask('/socket.io/?EIO=4&transport=websocket', { ...UPGRADE, origin: 'https://elsewhere.example' });
    await expect(opened).rejects.toThrow('socket hang up');
  });
});
