import { CONFIG, newId, type Config } from '#kernel';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { senderAddress } from './sender.ts';

/** The task that sends one mail. */
export const SEND_MAIL = 'send-mail';

/** A mail to be written: its kind, to whom, and the facts that will no longer be in the database when it is written. */
export interface NewMail {
  kind: string;
  /** Cause and round, e.g. `registered:<registration>:1`. A second mail with the same key is dropped. */
  intentKey: string;
  personId: string | null;
  toAddress: string;
  /** BCP 47. */
  language: string;
  eventId?: string | null;
  registrationId?: string | null;
  facts?: Record<string, unknown>;
  /** After this instant it is not sent any more (a reminder for an event that has begun). */
  notAfter?: Date | null;
}

/** Mail that is decided but not yet sent. Rows and jobs are part of the caller's transaction. */
@Injectable()
export class Outbox {
  private readonly domain: string;

  constructor(@Inject(CONFIG) config: Config) {
    this.domain = senderAddress(config).split('@').at(-1) ?? 'localhost';
  }

  /** Adds the mails that have not been added before and the jobs that will send them, in one statement. */
  async add(tx: EntityManager, mails: NewMail[]): Promise<void> {
    if (mails.length === 0) return;
    const rows = mails.map((mail) => {
      const id = newId();
      return {
        id,
        kind: mail.kind,
        intent_key: mail.intentKey,
        person_id: mail.personId,
        to_address: mail.toAddress,
        language: mail.language,
        event_id: mail.eventId ?? null,
        registration_id: mail.registrationId ?? null,
        facts: mail.facts ?? {},
        message_id: `<${id}@${this.domain}>`,
        not_after: mail.notAfter ?? null,
      };
    });
    await tx.query(
      `WITH added AS (
         INSERT INTO message (id, kind, intent_key, person_id, to_address, language, event_id, registration_id, facts,
                              message_id, not_after)
         SELECT id, kind, intent_key, person_id, to_address, language, event_id, registration_id, facts, message_id, not_after
           FROM jsonb_to_recordset($1) AS mail(id uuid, kind text, intent_key text, person_id uuid, to_address text,
                language text, event_id uuid, registration_id uuid, facts jsonb, message_id text, not_after timestamptz)
         ON CONFLICT ON CONSTRAINT uq_message_intent_key DO NOTHING
         RETURNING id)
       SELECT count(*) FROM graphile_worker.add_jobs(ARRAY(
         SELECT ROW($2, json_build_object('messageId', id), NULL, NULL, NULL, NULL, NULL, NULL)::graphile_worker.job_spec
           FROM added))`,
      [JSON.stringify(rows), SEND_MAIL],
    );
  }
}
