import { Clock, DomainError, given, isTimeZone, isUuid, newId, notFound, type Actor } from '#kernel';
import { inTransaction, violatedConstraint } from '#database';
import { record } from '#history';
import { personFor, personIdOf } from '#identity';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Access } from './access.ts';
import { Group } from './group.entity.ts';
import type { CreateGroupInput, RemoveMemberInput, SetRoleInput, UpdateGroupInput } from './groups.inputs.ts';
import { lockOwners, putMembership } from './groups.queries.ts';
import { Role } from './membership.entity.ts';

const CLEARABLE = new Set(['city', 'country', 'latitude', 'longitude', 'codeOfConduct', 'offerHours']);

/** Groups and who does what in them. */
@Injectable()
export class GroupsService {
  constructor(
    private readonly db: DataSource,
    private readonly access: Access,
    private readonly clock: Clock,
  ) {}

  async find(slug: string): Promise<Group | null> {
    return this.db.manager.findOneBy(Group, { slug });
  }

  /** Administrators create a group and appoint its first owner (rule G5). */
  async create(actor: Actor, input: CreateGroupInput): Promise<Group> {
    this.access.requireAdministrator(actor);
    checkTimeZone(input.timeZone);
    return inTransaction(this.db, async (tx) => {
      const now = this.clock.now();
      const group = tx.create(Group, {
        id: newId(),
        slug: input.slug,
        name: input.name.trim(),
        description: input.description ?? '',
        city: input.city ?? null,
        country: input.country ?? null,
        latitude: null,
        longitude: null,
        timeZone: input.timeZone,
        language: input.language ?? 'en',
        links: [],
        codeOfConduct: null,
        offerHours: null,
        changedAt: now,
        createdAt: now,
      });
      await tx.insert(Group, group).catch(slugTaken);
      const ownerId = await personFor(tx, input.ownerEmail, group.language);
      await putMembership(tx, group.id, ownerId, Role.OWNER);
      await record(tx, actor, [
        { act: 'group.created', subjectId: group.id, groupId: group.id },
        { act: 'member.roleSet', subjectId: ownerId, groupId: group.id, details: { role: Role.OWNER } },
      ]);
      return group;
    });
  }

  async update(actor: Actor, { groupId, ...changes }: UpdateGroupInput): Promise<Group> {
    if (changes.timeZone) checkTimeZone(changes.timeZone);
    return inTransaction(this.db, async (tx) => {
      const group = await this.lock(tx, groupId);
      await this.access.require(tx, actor, 'group.edit', group.id);
      Object.assign(group, given(changes, CLEARABLE), { changedAt: this.clock.now() });
      await tx.save(group);
      await record(tx, actor, [{ act: 'group.updated', subjectId: group.id, groupId: group.id }]);
      return group;
    });
  }

  /** Gives somebody a role, as the first one or instead of another. The last owner cannot step down. */
  async setRole(actor: Actor, input: SetRoleInput): Promise<Group> {
    return inTransaction(this.db, async (tx) => {
      const group = await this.lock(tx, input.groupId);
      await this.access.require(tx, actor, 'members.manage', group.id);
      const personId = await personFor(tx, input.email, group.language, input.name);
      if (input.role !== Role.OWNER) await this.keepAnOwner(tx, group.id, personId);
      await putMembership(tx, group.id, personId, input.role);
      await record(tx, actor, [
        { act: 'member.roleSet', subjectId: personId, groupId: group.id, details: { role: input.role } },
      ]);
      return group;
    });
  }

  async removeMember(actor: Actor, input: RemoveMemberInput): Promise<Group> {
    return inTransaction(this.db, async (tx) => {
      const group = await this.lock(tx, input.groupId);
      await this.access.require(tx, actor, 'members.manage', group.id);
      const personId = await personIdOf(tx, input.email);
      if (!personId) throw notFound('person', 'email');
      await this.keepAnOwner(tx, group.id, personId);
      await tx.query('DELETE FROM membership WHERE group_id = $1 AND person_id = $2', [group.id, personId]);
      await record(tx, actor, [{ act: 'member.removed', subjectId: personId, groupId: group.id }]);
      return group;
    });
  }

  private async lock(tx: EntityManager, groupId: string): Promise<Group> {
    const group = isUuid(groupId)
      ? await tx.findOne(Group, { where: { id: groupId }, lock: { mode: 'for_no_key_update' } })
      : null;
    if (!group) throw notFound('group', 'groupId');
    return group;
  }

  private async keepAnOwner(tx: EntityManager, groupId: string, leaverId: string): Promise<void> {
    const owners = await lockOwners(tx, groupId);
    if (owners.some((owner) => owner.personId !== leaverId) || !owners.some((owner) => owner.personId === leaverId))
      return;
    throw new DomainError('LAST_OWNER', 'A group needs an owner. Please make somebody else an owner first.', 'email');
  }
}

export function checkTimeZone(timeZone: string): void {
  if (!isTimeZone(timeZone))
    throw new DomainError(
      'ZONE_UNKNOWN',
      `We do not know the time zone “${timeZone.slice(0, 64)}”. Please give an IANA name, such as Europe/Lisbon.`,
      'timeZone',
    );
}

function slugTaken(error: unknown): never {
  if (violatedConstraint(error) === 'uq_meetup_group_slug')
    throw new DomainError('SLUG_TAKEN', 'Another group has this address already. Please choose another slug.', 'slug');
  throw error;
}
