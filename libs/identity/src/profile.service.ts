import { Clock, DomainError, SCOPES, notFound, type Actor } from '#kernel';
import { inTransaction } from '#database';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { canonicalLanguage } from './language.ts';
import { personById } from './people.queries.ts';
import { Person } from './person.entity.ts';

/** What a person may change about themselves. Null and undefined leave things as they are. */
export interface ProfileChange {
  name?: string | null;
  language?: string | null;
  timeZone?: string | null;
}

/** What people say about themselves. */
@Injectable()
export class ProfileService {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
  ) {}

  /** The person who acts, or null for a stranger. */
  async viewer(actor: Actor): Promise<Person | null> {
    return actor.personId === null ? null : personById(this.db.manager, actor.personId);
  }

  /** Changes name, language and time zone of the person who acts. An API key needs all scopes for it. */
  async update(actor: Actor, change: ProfileChange): Promise<Person> {
    const id = personOf(actor);
    if (!SCOPES.every((scope) => actor.scopes.has(scope))) {
      throw new DomainError('SCOPE', 'Changing your profile takes an API key with all scopes, or your browser.');
    }
    return inTransaction(this.db, async (tx) => {
      const person = await personById(tx, id);
      if (!person) throw notFound('person');
      if (change.name?.trim()) person.name = change.name.trim();
      person.language = canonicalLanguage(change.language ?? '') ?? person.language;
      person.timeZone = change.timeZone ?? person.timeZone;
      person.updatedAt = this.clock.now();
      return tx.save(person);
    });
  }
}

/** The id of the person who acts; strangers are asked to sign in. */
export function personOf(actor: Actor): string {
  if (actor.personId === null) throw new DomainError('SIGN_IN', 'Please sign in first.');
  return actor.personId;
}

/** Whether the actor may see what only this person and administrators see. */
export function maySeePrivately(actor: Actor, person: Person): boolean {
  return actor.administrator || actor.personId === person.id;
}
