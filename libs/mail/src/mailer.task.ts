import { Clock } from '#kernel';
import { addJob, type Task } from '#jobs';
import { Inject, Injectable } from '@nestjs/common';
import { render } from '@react-email/render';
import { DataSource } from 'typeorm';
import { Message, MessageState } from './message.entity.ts';
import { SEND_MAIL } from './outbox.service.ts';
import { SmtpTransport, type Delivery } from './smtp.transport.ts';
import { MAIL_TEMPLATES, type MailTemplate } from './template.ts';

const MINUTE = 60_000;
/** Waits before the next try, the last one repeated; after two days we stop (RFC 5321 §4.5.4.1 asks for days). */
const WAITS = [1, 5, 15, 30, 60, 120, 240, 480, 720].map((minutes) => minutes * MINUTE);
const GIVE_UP_AFTER = 48 * 60 * MINUTE;

/**
 * Sends one mail. The row is claimed before the mail server is spoken to; a row found SENDING belongs to a worker that
 * died, and is sent again under the same Message-ID, by which mail programs recognise a double.
 */
@Injectable()
export class MailerTask implements Task {
  readonly name = SEND_MAIL;
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
    const message = await this.claim(messageId ?? '');
    if (!message) return;
    if (message.notAfter && message.notAfter <= this.clock.now())
      return this.settle(message, MessageState.EXPIRED, 'Came too late to be of use.');
    const template = this.templates.get(message.kind);
    if (!template) throw new Error(`No template for mail of kind ${message.kind}`);
    const written = await template.write(message, this.db.manager, this.clock.now());
    if (!written) return this.settle(message, MessageState.EXPIRED, 'There was nothing left to say.');
    const [html, text] = await Promise.all([render(written.element), render(written.element, { plainText: true })]);
    const delivery = await this.transport.send({
      messageId: message.messageId,
      to: message.toAddress,
      subject: written.subject,
      date: message.createdAt,
      language: message.language,
      html,
      text,
    });
    if (delivery.outcome === 'sent') return this.settle(message, MessageState.SENT, delivery.answer);
    if (delivery.outcome === 'refused') return this.settle(message, MessageState.FAILED, delivery.answer);
    return this.defer(message, delivery);
  }

  /** Committed before SMTP begins, and never inside a transaction that waits for the network. */
  private async claim(id: string): Promise<Message | null> {
    const claimed = await this.db
      .createQueryBuilder()
      .update(Message)
      .set({ state: MessageState.SENDING, attempts: () => 'attempts + 1' })
      .where('id = :id AND state IN (:...open)', {
        id,
        open: [MessageState.QUEUED, MessageState.DEFERRED, MessageState.SENDING],
      })
      .execute();
    return claimed.affected === 1 ? this.db.manager.findOneBy(Message, { id }) : null;
  }

  private async settle(message: Message, state: MessageState, answer: string): Promise<void> {
    const sentAt = state === MessageState.SENT ? this.clock.now() : null;
    await this.db.manager.update(Message, { id: message.id }, { state, answer, sentAt });
  }

  private async defer(message: Message, { answer }: Delivery): Promise<void> {
    const now = this.clock.now().getTime();
    if (now - message.createdAt.getTime() > GIVE_UP_AFTER) return this.settle(message, MessageState.FAILED, answer);
    const wait = WAITS[Math.min(message.attempts, WAITS.length) - 1] ?? MINUTE;
    const jitter = 0.8 + Math.random() * 0.4; // a mail server that comes back is not met by all mails at once
    await this.db.transaction(async (tx) => {
      await tx.update(Message, { id: message.id }, { state: MessageState.DEFERRED, answer });
      await addJob(tx, SEND_MAIL, { messageId: message.id }, new Date(now + wait * jitter));
    });
  }
}
