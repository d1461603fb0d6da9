import type { EntityManager } from 'typeorm';
import { Group } from './group.entity.ts';
import type { Membership } from './membership.entity.ts';

/** The groups with these ids, by id. */
export async function groupsById(db: EntityManager, ids: readonly string[]): Promise<Map<string, Group>> {
  const groups = await db
    .createQueryBuilder(Group, 'meetup_group')
    .where('meetup_group.id = ANY(:ids)', { ids })
    .getMany();
  return new Map(groups.map((group) => [group.id, group]));
}

/** Locks the owners' rows of a group, so that two owners cannot remove each other at the same time. */
export async function lockOwners(tx: EntityManager, groupId: string): Promise<Membership[]> {
  return tx.query(
    `SELECT group_id AS "groupId", person_id AS "personId", role FROM membership
      WHERE group_id = $1 AND role = 'OWNER' ORDER BY person_id FOR UPDATE`,
    [groupId],
  );
}

/** Gives the person this role in the group, whatever they had before. */
export async function putMembership(tx: EntityManager, groupId: string, personId: string, role: string): Promise<void> {
  await tx.query(
    `INSERT INTO membership (group_id, person_id, role) VALUES ($1, $2, $3)
     ON CONFLICT (group_id, person_id) DO UPDATE SET role = excluded.role`,
    [groupId, personId, role],
  );
}
