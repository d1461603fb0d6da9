import type { ReactElement } from 'react';
import type { EntityManager } from 'typeorm';
import type { CalendarMethod, Message } from './message.entity.ts';

/** What a mail tells the recipient's calendar (iTIP, RFC 5546). */
export interface CalendarPart {
  /** The same as METHOD in `ics`: programs refuse a part where the two differ (RFC 6047 §2.4). */
  method: CalendarMethod;
  ics: string;
}

/** What a mail says. */
export interface WrittenMail {
  subject: string;
  element: ReactElement;
  calendar?: CalendarPart;
}

/** How mails of one kind are written. Called by the worker: it may read the database, and must not change it. */
export interface MailTemplate {
  kind: string;
  /** The mail as things stand at `now`, or null when there is nothing left to say (the event is gone). */
  write(message: Message, db: EntityManager, now: Date): Promise<WrittenMail | null>;
}

/** Nest's token for all `MailTemplate`s; the worker app lists them. */
export const MAIL_TEMPLATES = Symbol('MAIL_TEMPLATES');
