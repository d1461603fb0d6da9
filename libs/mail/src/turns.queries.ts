import type { DataSource, EntityManager } from 'typeorm';
import { Message, MessageState } from './message.entity.ts';
import { SEND_MAIL } from './outbox.service.ts';

const OPEN = [MessageState.QUEUED, MessageState.HELD, MessageState.DEFERRED, MessageState.SENDING];

/**
 * Whether the mail is this worker's to send now: its row is SENDING then, committed before SMTP begins and never inside a
 * transaction that waits for the network. A mail behind an earlier one about the same registration is HELD instead, and the
 * job that comes for it ends. Null also for a mail that is settled.
 *
 * At any time the first unsettled mail of a registration has a job, and those behind it have one or are HELD.
 */
export async function takeTurn(db: DataSource, id: string): Promise<Message | null> {
  for (;;) {
    if (await claim(db.manager, id)) return db.manager.findOneBy(Message, { id });
    if (await db.transaction((tx) => holdBack(tx, id))) return null;
    const message = await db.manager.findOneBy(Message, { id });
    if (message && OPEN.includes(message.state)) continue; // the one before it was settled this moment
    if (message) await giveTurn(db.manager, message); // for a worker that died between settling it and this
    return null;
  }
}

/**
 * Lets the next mail about the same registration go, if it was held back. A statement of its own, after `message` was settled:
 * it then sees every mail that `holdBack` held because of it.
 */
export async function giveTurn(db: EntityManager, { registrationId }: Message): Promise<void> {
  if (!registrationId) return;
  await db.query(
    `WITH freed AS (
       UPDATE message SET state = 'QUEUED'
        WHERE state = 'HELD' AND id = (SELECT id FROM message WHERE registration_id = $1 AND state = ANY($2)
                                        ORDER BY number LIMIT 1)
        RETURNING id)
     SELECT graphile_worker.add_job($3, json_build_object('messageId', id)) FROM freed`,
    [registrationId, OPEN, SEND_MAIL],
  );
}

async function claim(db: EntityManager, id: string): Promise<boolean> {
  const [, claimed]: [unknown[], number] = await db.query(
    `UPDATE message SET state = 'SENDING', attempts = attempts + 1
      WHERE id = $1 AND state = ANY($2)
        AND NOT EXISTS (SELECT FROM message AS earlier
                         WHERE earlier.registration_id = message.registration_id AND earlier.number < message.number
                           AND earlier.state = ANY($2))`,
    [id, OPEN],
  );
  return claimed === 1;
}

/**
 * Holds a mail back while an earlier one is unsettled; false when there is none any more. Locks the earlier one's row, so
 * that it is settled either before we look (then nothing is held) or after we wrote (then `giveTurn` finds us); without
 * the lock it could be settled in between, and nobody would come for the mail that waits.
 */
async function holdBack(tx: EntityManager, id: string): Promise<boolean> {
  const earlier: unknown[] = await tx.query(
    `SELECT earlier.id FROM message JOIN message AS earlier ON earlier.registration_id = message.registration_id
        AND earlier.number < message.number AND earlier.state = ANY($2)
      WHERE message.id = $1 AND message.state = ANY($2)
      ORDER BY earlier.number LIMIT 1 FOR NO KEY UPDATE OF earlier`,
    [id, OPEN],
  );
  if (earlier.length === 0) return false;
  await tx.update(Message, { id, state: MessageState.QUEUED }, { state: MessageState.HELD });
  return true;
}
