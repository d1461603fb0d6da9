import { inTransaction } from '#database';
import type { Outbox } from '#mail';
import type { DataSource, EntityManager } from 'typeorm';

/** Rows read at a time, so that an event of any size takes the same memory. */
export const CHUNK = 500;

/** Somebody with a seat who is due a mail before their event starts. */
interface Due {
  id: string;
  person_id: string;
  email: string;
  language: string;
  event_id: string;
  starts_at: Date;
  /** Holds what the mail is about and the start: a moved event is told of anew, an unmoved one never twice. */
  key: string;
}

/**
 * Mails everybody whom `due` finds, chunk after chunk until it finds nobody new: it gives at most `CHUNK` rows, and none
 * whose key has a message already.
 */
export async function mailBeforeStart(
  db: DataSource,
  outbox: Outbox,
  kind: string,
  due: (tx: EntityManager) => Promise<Due[]>,
): Promise<void> {
  let found: number;
  do
    found = await inTransaction(db, async (tx) => {
      const rows = await due(tx);
      await outbox.add(
        tx,
        rows.map((row) => ({
          kind,
          intentKey: row.key,
          personId: row.person_id,
          toAddress: row.email,
          language: row.language,
          eventId: row.event_id,
          registrationId: row.id,
          notAfter: row.starts_at,
        })),
      );
      return rows.length;
    });
  while (found === CHUNK);
}
