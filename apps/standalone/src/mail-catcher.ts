import { createAPIServer, type APIServer } from '@maildev/api';
import { MemoryStorage } from '@maildev/core';
import { createSMTPServer } from '@maildev/smtp';
import { registerUI } from '@maildev/ui/server';
import { mkdtemp, rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';

export interface MailCatcher {
  /** Where mail is handed over; none of it leaves this machine. */
  smtpUrl: string;
  /** The page to read it on. */
  webUrl: string;
  stop(): Promise<void>;
}

const HOST = '127.0.0.1';
const MAILS_KEPT = 500;

/** Takes all mail and shows it on a page of this machine. Holds mail in memory and forgets it when it stops. */
export async function startMailCatcher(ports: { smtpPort: number; webPort: number }): Promise<MailCatcher> {
  // Sources and attachments are files, in a folder that only we can read and that goes when we go.
  const mailDir = await mkdtemp(join(tmpdir(), 'goodturn-mail-'));
  const storage = new MemoryStorage({ maxEmails: MAILS_KEPT });
  const smtp = createSMTPServer({ host: HOST, port: ports.smtpPort, storage, mailDir, logger: false });
  await smtp.start();

  const web = createAPIServer({ storage, smtp, cors: { origin: false, credentials: false } });
  await web.registerPlugins();
  await registerUI(web.server);
  await web.server.ready();
  keepOtherSitesOut(web);
  const webUrl = await web.server.listen({ host: HOST, port: ports.webPort });

  return {
    smtpUrl: `smtp://${HOST}:${smtp.getPort()}`,
    webUrl,
    stop: async () => {
      await web.stop();
      await smtp.stop();
      await storage.close();
      await rm(mailDir, { recursive: true, force: true });
    },
  };
}

/**
 * The mail holds sign-in links, and any web page may send requests to this machine from its visitor's browser. MailDev
 * lets every origin read the answers, and its live connection asks nobody; so we look at each request before it does.
 */
function keepOtherSitesOut(web: APIServer): void {
  const { server } = web.server;
  const [requests, upgrades] = [server.listeners('request'), server.listeners('upgrade')];
  server.removeAllListeners('request').removeAllListeners('upgrade');
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (isOurOwn(request)) for (const listener of requests) listener.call(server, request, response);
    else response.writeHead(403).end('This page can be read on this machine only.\n');
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (isOurOwn(request)) for (const listener of upgrades) listener.call(server, request, socket, head);
    else socket.destroy();
  });
}

/** Neither sent by another site's page, nor under a name that somebody else has pointed at this machine. */
function isOurOwn({ headers }: IncomingMessage): boolean {
  const host = headers.host ?? '';
  if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host)) return false;
  return headers.origin === undefined || headers.origin === `http://${host}`;
}
