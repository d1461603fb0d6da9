import { Module } from '@nestjs/common';
import { Outbox } from './outbox.service.ts';

/** Lets any part of Goodturn add mail to the outbox. Sending is the worker's: it mounts `MailerTask` itself. */
@Module({ providers: [Outbox], exports: [Outbox] })
export class MailModule {}
