import { buffer } from 'node:stream/consumers';
import { simpleParser, type ParsedMail } from 'mailparser';
import { SMTPServer } from 'smtp-server';

export interface Received extends ParsedMail {
  /** Envelope recipient. */
  recipient: string;
  /** The mail as it came over the wire. */
  bytes: Buffer;
}

export interface TestSmtp {
  url: string;
  mails: Received[];
  /** Waits until `count` mails match, or fails after `seconds`. */
  until: (matches: (mail: Received) => boolean, count?: number, seconds?: number) => Promise<Received[]>;
  /** What the server answers to each mail: null accepts it. */
  answer: (mail: Received) => Error | null;
  stop: () => Promise<void>;
}

/** A real SMTP server on loopback that keeps what it gets. */
export async function testSmtp(): Promise<TestSmtp> {
  const mails: Received[] = [];
  const smtp: TestSmtp = {
    url: '',
    mails,
    answer: () => null,
    until: async (matches, count = 1, seconds = 15) => {
      const end = Date.now() + seconds * 1000;
      for (;;) {
        const found = mails.filter(matches);
        if (found.length >= count) return found;
        if (Date.now() > end)
          throw new Error(
            `Got ${found.length} of ${count} mails; all subjects: ${mails.map((mail) => mail.subject).join(' | ')}`,
          );
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
    },
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    onData: (stream, session, callback) => {
      const recipient = session.envelope.rcptTo[0]?.address ?? '';
      buffer(stream)
        .then(async (bytes) => {
          const mail = Object.assign(await simpleParser(bytes), { recipient, bytes });
          const refusal = smtp.answer(mail);
          if (!refusal) mails.push(mail);
          callback(refusal);
        })
        .catch((error: unknown) => callback(error as Error));
    },
  });
  server.on('error', () => undefined); // a worker that is killed breaks off its connections
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const address = server.server.address();
  smtp.url = `smtp://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  return smtp;
}

/** The link in a mail whose address contains this. */
export function linkIn(mail: ParsedMail, part: string): string {
  const link = (mail.html === false ? '' : (mail.html ?? ''))
    .match(/href="([^"]+)"/g)
    ?.map((href) => href.slice(6, -1))
    .find((href) => href.includes(part));
  if (!link) throw new Error(`No link with ${part} in “${mail.subject}”`);
  return link.replaceAll('&amp;', '&');
}
