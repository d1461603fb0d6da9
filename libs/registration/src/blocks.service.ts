import { Clock, isUuid, notFound, type Actor } from '#kernel';
import { inTransaction } from '#database';
import { lockEvent } from '#events';
import { Access, Group } from '#groups';
import { record } from '#history';
import { personFor, personIdOf } from '#identity';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { BlockPersonInput, UnblockPersonInput } from './registration.inputs.ts';
import { Attendance, Registration, RegistrationState } from './registration.entity.ts';
import { RegistrationService } from './registration.service.ts';

/** People whom a group no longer takes registrations from (rule G4). */
@Injectable()
export class BlocksService {
  constructor(
    private readonly db: DataSource,
    private readonly access: Access,
    private readonly registrations: RegistrationService,
    private readonly clock: Clock,
  ) {}

  /** Blocks an address and gives back the seats it holds at coming events, which go to the longest waiting. */
  async block(actor: Actor, input: BlockPersonInput): Promise<Group> {
    return inTransaction(this.db, async (tx) => {
      const group = await this.mayBlock(tx, actor, input.groupId);
      const personId = await personFor(tx, input.email, group.language);
      await tx.query(
        `INSERT INTO blocked_person (group_id, person_id, reason, blocked_by) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
        [group.id, personId, input.reason ?? null, actor.personId],
      );
      await record(tx, actor, [{ act: 'person.blocked', subjectId: personId, groupId: group.id }]);
      for (const { event_id, id } of await comingRegistrations(tx, group.id, personId, this.clock.now())) {
        const event = await lockEvent(tx, event_id);
        const registration = await tx.findOneByOrFail(Registration, { id });
        const stays = registration.attendance === Attendance.ATTENDED; // in already: who was there, was there
        if (registration.state !== RegistrationState.CANCELLED && !stays)
          await this.registrations.giveUp(tx, actor, event, registration, 'blocked');
      }
      return group;
    });
  }

  async unblock(actor: Actor, input: UnblockPersonInput): Promise<Group> {
    return inTransaction(this.db, async (tx) => {
      const group = await this.mayBlock(tx, actor, input.groupId);
      const personId = await personIdOf(tx, input.email);
      if (!personId) throw notFound('person', 'email');
      await tx.query('DELETE FROM blocked_person WHERE group_id = $1 AND person_id = $2', [group.id, personId]);
      await record(tx, actor, [{ act: 'person.unblocked', subjectId: personId, groupId: group.id }]);
      return group;
    });
  }

  private async mayBlock(tx: EntityManager, actor: Actor, groupId: string): Promise<Group> {
    const group = isUuid(groupId) ? await tx.findOneBy(Group, { id: groupId }) : null;
    if (!group) throw notFound('group', 'groupId');
    await this.access.require(tx, actor, 'people.block', group.id);
    return group;
  }
}

/** In the order of their events, so that two blocks never wait for each other. */
async function comingRegistrations(
  tx: EntityManager,
  groupId: string,
  personId: string,
  now: Date,
): Promise<{ id: string; event_id: string }[]> {
  return tx.query(
    `SELECT registration.id, event_id FROM registration JOIN event ON event.id = event_id
      WHERE registration.group_id = $1 AND person_id = $2 AND registration.state <> 'CANCELLED'
        AND event.state = 'PUBLISHED' AND event.starts_at > $3 ORDER BY event_id`,
    [groupId, personId, now],
  );
}
