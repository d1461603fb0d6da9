import { loaderOf, type Actor, type GraphqlContext } from '#kernel';
import { Access } from '#groups';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Registration } from './registration.entity.ts';

type Sight = 'attendees.names' | 'attendees.contact';

/** Who sees what of a registration: its holder all that is theirs, those who run the group what their role allows. */
@Injectable()
export class RegistrationSight {
  constructor(
    private readonly db: DataSource,
    private readonly access: Access,
  ) {}

  /** For what a holder sees of their own, and others by permission. */
  async shows(permission: Sight, registration: Registration, context: GraphqlContext): Promise<boolean> {
    return isHolder(context.actor, registration) || this.allows(permission, registration, context);
  }

  /** For what is seen by permission only. One query for all registrations of an answer. */
  async allows(permission: Sight, { groupId }: Registration, context: GraphqlContext): Promise<boolean> {
    if (!context.actor.personId) return false;
    const allowed = loaderOf(context, permission, async (ids) => {
      const groups = await this.access.among(this.db.manager, context.actor, permission, ids);
      return new Map(ids.map((id) => [id, groups.has(id)]));
    });
    return (await allowed.load(groupId)) ?? false;
  }
}

/** Whether who asks holds the registration: by its manage link, or signed in as its person. */
export function isHolder(actor: Actor, registration: Registration): boolean {
  if (registration.heldByViewer) return true;
  return actor.personId !== null && actor.personId === registration.personId && actor.scopes.has('read');
}
