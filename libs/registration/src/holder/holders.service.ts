import { CONFIG, isPersonalToken, notFound, rowOfToken, type Actor, type Config } from '#kernel';
import type { Event } from '#events';
import { Access } from '#groups';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { lockForChange } from '../registration.queries.ts';
import { Registration } from '../registration.entity.ts';

/** The purpose that manage links are signed for; see `personalToken`. */
export const MANAGE = 'manage';

/** Which registration is meant: by the secret of its manage link, or by its id. */
export interface RegistrationRef {
  manageToken?: string | null;
  registrationId?: string | null;
}

/** A registration about to be changed, and whether by the person it belongs to. Both rows are locked. */
export interface Held {
  registration: Registration;
  event: Event;
  own: boolean;
}

/** Who may touch a registration: whoever holds its link, the person signed in, or an organizer. */
@Injectable()
export class HoldersService {
  constructor(
    private readonly db: DataSource,
    private readonly access: Access,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** The registration behind a manage link; the link is the proof of who holds it. Null for any other token. */
  async findByToken(token: string): Promise<Registration | null> {
    const id = rowOfToken(token);
    const registration = id ? await this.db.manager.findOneBy(Registration, { id }) : null;
    if (!registration || !this.opens(registration, token)) return null;
    registration.heldByViewer = true;
    return registration;
  }

  /** The registration and its event, locked, for its holder or an organizer; refused for anybody else. */
  async lock(tx: EntityManager, actor: Actor, { manageToken, registrationId }: RegistrationRef): Promise<Held> {
    const field = manageToken ? 'manageToken' : 'registrationId';
    const id = manageToken ? rowOfToken(manageToken) : registrationId;
    if (!id) throw notFound('registration', field);
    const { registration, event } = await lockForChange(tx, id, field);
    // Under the lock: a link that was made useless a moment ago opens nothing.
    if (manageToken && !this.opens(registration, manageToken)) throw notFound('registration', field);
    const own =
      Boolean(manageToken) ||
      (actor.personId !== null && actor.personId === registration.personId && actor.scopes.has('attendees'));
    if (!own) await this.access.require(tx, actor, 'attendees.manage', event.groupId);
    registration.heldByViewer = own;
    return { registration, event, own };
  }

  private opens({ id, manageVersion }: Registration, token: string): boolean {
    return isPersonalToken(this.config.secret, MANAGE, id, manageVersion, token);
  }
}
