import type { ReactElement } from 'react';
import type { EntityManager } from 'typeorm';
import type { Message } from './message.entity.ts';

/** What a mail says. */
export interface WrittenMail {
  subject: string;
  element: ReactElement;
}

/** How mails of one kind are written. Called by the worker: it may read the database, and must not change it. */
export interface MailTemplate {
  kind: string;
  /** The mail as things stand at `now`, or null when there is nothing left to say (the event is gone). */
  write(message: Message, db: EntityManager, now: Date): Promise<WrittenMail | null>;
}

/** Nest's token for all `MailTemplate`s; the worker app lists them. */
export const MAIL_TEMPLATES = Symbol('MAIL_TEMPLATES');
