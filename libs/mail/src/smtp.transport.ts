import { CONFIG, type Config } from '#kernel';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { createTransport, type SendMailOptions, type Transporter } from 'nodemailer';
import type { CalendarPart } from './template.ts';

export interface Letter {
  messageId: string;
  to: string;
  subject: string;
  date: Date;
  language: string;
  html: string;
  text: string;
  calendar?: CalendarPart;
}

/** What became of a letter: taken, refused for good (5xx), or to be tried again (4xx, or nobody answered). */
export interface Delivery {
  outcome: 'sent' | 'refused' | 'later';
  answer: string;
}

/**
 * nodemailer's codes for answers to sender, recipient and text. A 5xx to anything before them, such as a password, is
 * about how the server is set up: the letter waits until that is repaired.
 */
const ABOUT_THE_LETTER = new Set(['EENVELOPE', 'EMESSAGE']);

/** The only place that speaks SMTP. Keeps a few connections open and tells what the server said. */
@Injectable()
export class SmtpTransport implements OnModuleDestroy {
  private readonly transporter: Transporter;

  constructor(@Inject(CONFIG) private readonly config: Config) {
    this.transporter = createTransport({
      url: config.smtpUrl,
      pool: true,
      maxConnections: 5,
      connectionTimeout: 10_000,
      greetingTimeout: 10_000,
      socketTimeout: 60_000,
      disableFileAccess: true,
      disableUrlAccess: true,
    } as Parameters<typeof createTransport>[0]);
  }

  async send(letter: Letter): Promise<Delivery> {
    try {
      const sent = (await this.transporter.sendMail({
        from: this.config.mailFrom,
        to: letter.to,
        subject: letter.subject,
        messageId: letter.messageId,
        date: letter.date,
        html: letter.html,
        text: letter.text,
        ...(letter.calendar ? calendarParts(letter.calendar) : {}),
        headers: { 'Auto-Submitted': 'auto-generated', 'Content-Language': letter.language },
      })) as { response: string };
      return { outcome: 'sent', answer: sent.response };
    } catch (error) {
      const { code, responseCode = 0, message } = error as { code?: string; responseCode?: number; message: string };
      // Without an answer we cannot know whether the server took it; the same Message-ID makes a second try harmless.
      return {
        outcome: responseCode >= 500 && ABOUT_THE_LETTER.has(code ?? '') ? 'refused' : 'later',
        answer: message,
      };
    }
  }

  onModuleDestroy(): void {
    this.transporter.close();
  }
}

/**
 * The calendar part twice, with the same bytes: as the last alternative, where Gmail and Outlook look for it (RFC 6047
 * §2.4), and as a file for those who have to open it by hand. nodemailer's `icalEvent` leaves `method` out of the second.
 */
function calendarParts({ method, ics }: CalendarPart): Pick<SendMailOptions, 'alternatives' | 'attachments'> {
  const parameters = `charset=utf-8; method=${method}`;
  return {
    alternatives: [
      { content: ics, contentType: `text/calendar; ${parameters}`, contentTransferEncoding: 'quoted-printable' },
    ],
    attachments: [{ content: ics, contentType: `application/ics; ${parameters}`, filename: 'invite.ics' }],
  };
}
