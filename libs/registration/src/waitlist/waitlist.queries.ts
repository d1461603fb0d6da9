import type { Pool } from '#events';
import type { EntityManager } from 'typeorm';
import { RegistrationState, type Registration } from '../registration.entity.ts';

/** A row that a party's change of state has reached: whoever asked, or one of their guests. */
export interface MemberOfParty {
  id: string;
  pool: Pool;
}

/** For how long the group holds an offered seat; null where a freed seat is given at once. */
export async function offerHoursOf(tx: EntityManager, groupId: string): Promise<number | null> {
  const [row]: { offer_hours: number | null }[] = await tx.query('SELECT offer_hours FROM meetup_group WHERE id = $1', [
    groupId,
  ]);
  return row?.offer_hours ?? null;
}

/** Gives these parties their seats, guests included. Answers with every row that changed. */
export async function seatParties(
  tx: EntityManager,
  parties: readonly { id: string }[],
  seat: { state: RegistrationState; offeredUntil: Date | null; confirmedAt: Date | null },
): Promise<MemberOfParty[]> {
  const [rows]: [MemberOfParty[], number] = await tx.query(
    `UPDATE registration SET state = $2, offered_until = $3, confirmed_at = $4, waitlist_number = NULL, passed_over = 0
      WHERE (id = ANY($1) OR party_id = ANY($1)) AND state <> 'CANCELLED' RETURNING id, pool`,
    [parties.map(({ id }) => id), seat.state, seat.offeredUntil, seat.confirmedAt],
  );
  return rows;
}

/** Notes by how many people each party was passed because it did not fit. */
export async function addToPassedOver(tx: EntityManager, passedBy: ReadonlyMap<Registration, number>): Promise<void> {
  if (passedBy.size === 0) return;
  await tx.query(
    `UPDATE registration SET passed_over = passed_over + passed.people
       FROM unnest($1::uuid[], $2::int[]) AS passed(id, people) WHERE registration.id = passed.id`,
    [[...passedBy.keys()].map(({ id }) => id), [...passedBy.values()]],
  );
}
