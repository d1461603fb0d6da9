import type { EntityManager } from 'typeorm';
import type { Registration } from '../registration.entity.ts';

/** Writes the seat or the place in line of a party that was approved, guests included. Answers with the ids of all rows. */
export async function approveParty(tx: EntityManager, lead: Registration): Promise<string[]> {
  const [rows]: [{ id: string }[], number] = await tx.query(
    `UPDATE registration SET state = $2, waitlist_number = $3, confirmed_at = $4
      WHERE (id = $1 OR party_id = $1) AND state = 'PENDING' RETURNING id`,
    [lead.id, lead.state, lead.waitlistNumber, lead.confirmedAt],
  );
  return rows.map(({ id }) => id);
}
