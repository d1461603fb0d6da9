import type { Actor } from '#kernel';
import type { EntityManager } from 'typeorm';

/** What happened, to be told with who did it. */
export interface Act {
  /** Noun and past verb: `registration.promoted`. */
  act: string;
  subjectId: string;
  groupId: string | null;
  /** Ids, numbers and states; never names or addresses, which erasure could not reach. */
  details?: Record<string, unknown>;
  /** The instant, when it was not just now (a scan made offline). */
  at?: Date;
}

/** Writes the acts into the audit trail, in the transaction that did them. */
export async function record(tx: EntityManager, actor: Actor, acts: Act[]): Promise<void> {
  if (acts.length === 0) return;
  await tx.query(
    `INSERT INTO history_entry (at, actor_kind, actor_id, act, subject_id, group_id, details)
     SELECT coalesce(at, now()), $1, $2, act, subject_id, group_id, coalesce(details, '{}')
       FROM jsonb_to_recordset($3) AS acts(at timestamptz, act text, subject_id uuid, group_id uuid, details jsonb)`,
    [
      actor.kind,
      actor.personId,
      JSON.stringify(acts.map((act) => ({ ...act, subject_id: act.subjectId, group_id: act.groupId }))),
    ],
  );
}
