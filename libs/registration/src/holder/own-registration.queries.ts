import type { Pool } from '#events';
import type { EntityManager } from 'typeorm';
import type { Answers } from '../admission/answers.ts';
import type { Registration, RegistrationState } from '../registration.entity.ts';

/** Writes what became of a party, guests included, and keeps `lead` in step. Answers with the ids of all rows. */
export async function moveParty(
  tx: EntityManager,
  lead: Registration,
  to: { state: RegistrationState; pool: Pool; confirmedAt: Date | null; answers: Answers; formVersion: number },
): Promise<string[]> {
  lead.state = to.state;
  const [rows]: [{ id: string }[], number] = await tx.query(
    `UPDATE registration
        SET state = $2, pool = $3, confirmed_at = $4, waitlist_number = NULL, offered_until = NULL,
            answers = CASE WHEN id = $1 THEN $5 ELSE answers END, form_version = CASE WHEN id = $1 THEN $6 ELSE form_version END
      WHERE (id = $1 OR party_id = $1) AND state <> 'CANCELLED' RETURNING id`,
    [lead.id, to.state, to.pool, to.confirmedAt, JSON.stringify(to.answers), to.formVersion],
  );
  return rows.map(({ id }) => id);
}
