import { Clock } from '#kernel';
import { addJob, type Task } from '#jobs';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { render } from '@react-email/render';
import { DataSource } from 'typeorm';
import { Message, MessageState } from './message.entity.ts';
import { SEND_MAIL } from './outbox.service.ts';
import { SmtpTransport, type Letter } from './smtp.transport.ts';
import { MAIL_TEMPLATES, type MailTemplate } from './template.ts';
import { giveTurn, takeTurn } from './turns.queries.ts';

const MINUTE = 60_000;
/** Waits before the next try, the last one repeated; after two days we stop (RFC 5321 §4.5.4.1 asks for days). */
const WAITS = [1, 5, 15, 30, 60, 120, 240, 480, 720].map((minutes) => minutes * MINUTE);
const GIVE_UP_AFTER = 48 * 60 * MINUTE;

/**
 * Sends one mail. The row is claimed before the mail server is spoken to; a row found SENDING belongs to a worker that
 * died, and is sent again under the same Message-ID, by which mail programs recognise a double. Mails about one
 * registration go in the order in which they were decided, each when the one before it is settled: a cancellation cannot
 * overtake the invitation that it takes back (rule C5).
 */
@Injectable()
export class MailerTask implements Task {
  readonly name = SEND_MAIL;
  private readonly log = new Logger(MailerTask.name);
  private readonly templates: Map<string, MailTemplate>;

  constructor(
    private readonly db: DataSource,
    private readonly transport: SmtpTransport,
    private readonly clock: Clock,
    @Inject(MAIL_TEMPLATES) templates: MailTemplate[],
  ) {
    this.templates = new Map(templates.map((template) => [template.kind, template]));
  }

  async run({ messageId }: Record<string, string>): Promise<void> {
    const message = await takeTurn(this.db, messageId ?? '');
    if (!message) return;
    if (message.notAfter && message.notAfter <= this.clock.now())
      return this.settle(message, { state: MessageState.EXPIRED, answer: 'Came too late to be of use.' });
    const letter = await this.write(message).catch((error: unknown) => {
      // Those behind it wait for this mail, so it comes to an end like any other that cannot be sent.
      this.log.error(error);
      return null;
    });
    if (letter === null) return this.defer(message, 'It could not be written. It is tried again.');
    if (letter === 'nothing')
      return this.settle(message, { state: MessageState.EXPIRED, answer: 'There was nothing left to say.' });
    return this.deliver(message, letter);
  }

  private async write(message: Message): Promise<Letter | 'nothing'> {
    const template = this.templates.get(message.kind);
    if (!template) throw new Error(`No template for mail of kind ${message.kind}`);
    const written = await template.write(message, this.db.manager, this.clock.now());
    if (!written) return 'nothing';
    const { subject, element, calendar } = written;
    const [html, text] = await Promise.all([render(element), render(element, { plainText: true })]);
    const { messageId, toAddress: to, createdAt: date, language } = message;
    return { messageId, to, subject, date, language, html, text, calendar };
  }

  private async deliver(message: Message, letter: Letter): Promise<void> {
    const { outcome, answer } = await this.transport.send(letter);
    const calendarMethod = letter.calendar?.method ?? null;
    if (outcome === 'sent')
      return this.settle(message, { state: MessageState.SENT, answer, calendarMethod, sentAt: this.clock.now() });
    if (outcome === 'refused')
      return this.settle(message, { state: MessageState.FAILED, answer, calendarMethod: null });
    // Where nobody answered we do not know whether it arrived, so what it asked for is kept: it may have to be taken back.
    return this.defer(message, answer, calendarMethod);
  }

  private async settle(
    message: Message,
    how: Pick<Message, 'state' | 'answer'> & Partial<Pick<Message, 'sentAt' | 'calendarMethod'>>,
  ): Promise<void> {
    await this.db.manager.update(Message, { id: message.id }, how);
    await giveTurn(this.db.manager, message);
  }

  private async defer(message: Message, answer: string, calendarMethod = message.calendarMethod): Promise<void> {
    const now = this.clock.now().getTime();
    if (now - message.createdAt.getTime() > GIVE_UP_AFTER)
      return this.settle(message, { state: MessageState.FAILED, answer });
    const wait = WAITS[Math.min(message.attempts, WAITS.length) - 1] ?? MINUTE;
    const jitter = 0.8 + Math.random() * 0.4; // a mail server that comes back is not met by all mails at once
    await this.db.transaction(async (tx) => {
      await tx.update(Message, { id: message.id }, { state: MessageState.DEFERRED, answer, calendarMethod });
      await addJob(tx, SEND_MAIL, { messageId: message.id }, new Date(now + wait * jitter));
    });
  }
}
