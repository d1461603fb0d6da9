import { DomainError, type Actor, type Scope } from '#kernel';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Role } from './membership.entity.ts';

/**
 * The whole policy: who may do what in a group, and which scope an API key needs for it. Site administrators create
 * groups and appoint owners (rule G5); they hold no other permission by being administrators.
 */
const POLICY = {
  'group.edit': { roles: [Role.OWNER], scope: 'events' },
  'members.manage': { roles: [Role.OWNER], scope: 'events' },
  'people.block': { roles: [Role.OWNER, Role.ORGANIZER], scope: 'attendees' },
  'event.edit': { roles: [Role.OWNER, Role.ORGANIZER], scope: 'events' },
  'event.viewDraft': { roles: [Role.OWNER, Role.ORGANIZER, Role.HOST], scope: 'read' },
  'attendees.contact': { roles: [Role.OWNER, Role.ORGANIZER], scope: 'attendees' },
  'attendees.names': { roles: [Role.OWNER, Role.ORGANIZER, Role.HOST], scope: 'attendees' },
  'attendees.manage': { roles: [Role.OWNER, Role.ORGANIZER], scope: 'attendees' },
  'attendees.checkIn': { roles: [Role.OWNER, Role.ORGANIZER, Role.HOST], scope: 'attendees' },
} satisfies Record<string, { roles: Role[]; scope: Scope }>;

export type Permission = keyof typeof POLICY;

/** Decides whether an actor may touch a row that was loaded. Ask with the row's group, never with what a client sent. */
@Injectable()
export class Access {
  async can(tx: EntityManager, actor: Actor, permission: Permission, groupId: string): Promise<boolean> {
    return (await this.among(tx, actor, permission, [groupId])).has(groupId);
  }

  /** Those of the groups in which the actor may do it, in one query: for lists. */
  async among(
    tx: EntityManager,
    actor: Actor,
    permission: Permission,
    groupIds: readonly string[],
  ): Promise<Set<string>> {
    const { roles, scope } = POLICY[permission];
    if (actor.kind === 'system') return new Set(groupIds);
    if (!actor.personId || !actor.scopes.has(scope)) return new Set();
    const rows: { group_id: string }[] = await tx.query(
      'SELECT group_id FROM membership WHERE person_id = $1 AND group_id = ANY($2) AND role = ANY($3)',
      [actor.personId, groupIds, roles],
    );
    return new Set(rows.map((row) => row.group_id));
  }

  /** Throws the refusal that fits: sign in first, ask for another key, or not yours. */
  async require(tx: EntityManager, actor: Actor, permission: Permission, groupId: string): Promise<void> {
    requireScope(actor, POLICY[permission].scope);
    if (await this.can(tx, actor, permission, groupId)) return;
    throw new DomainError('FORBIDDEN', 'Only organizers of this group may do that. Please ask one of its owners.');
  }

  /** For what only administrators of the whole site do. */
  requireAdministrator(actor: Actor): void {
    requireScope(actor, 'events');
    if (!actor.administrator) throw new DomainError('FORBIDDEN', 'Only administrators of this site may do that.');
  }
}

/** A signed-in person, whose key (if it is one) reaches that far. */
export function requireScope(actor: Actor, scope: Scope): void {
  if (actor.kind === 'system') return;
  if (!actor.personId) throw new DomainError('SIGN_IN', 'Please sign in first.');
  if (!actor.scopes.has(scope))
    throw new DomainError('SCOPE', `This API key lacks the scope \`${scope}\`. Please create one that has it.`);
}
