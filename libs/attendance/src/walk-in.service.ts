import { Clock, DomainError, type Actor } from '#kernel';
import { inTransaction } from '#database';
import { lockEvent, type Event, type Pool } from '#events';
import { upsertPeople } from '#identity';
import { poolFor, registrationsOf } from '#registration';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { AddWalkInInput } from './attendance.inputs.ts';
import { timeOf, type Admitted, type Scan } from './door.ts';
import { DoorService } from './door.service.ts';
import { newWalkIn } from './walk-ins.ts';

/**
 * People whom nobody expected. They get a seat when one is free that nobody waits for, or any free one once the event has
 * begun; beyond the capacity they are let in only when the host says so. An address that is registered already is
 * checked in as whoever it belongs to. Nobody is mailed about having come.
 */
@Injectable()
export class WalkInService {
  constructor(
    private readonly db: DataSource,
    private readonly door: DoorService,
    private readonly clock: Clock,
  ) {}

  /** Adds somebody at the door and lets them in. Refusals: `FULL`, `BLOCKED`, `ALREADY_IN`, `POOL_UNAVAILABLE`. */
  async add(actor: Actor, input: AddWalkInInput): Promise<Admitted> {
    return inTransaction(this.db, async (tx) => {
      const event = await lockEvent(tx, input.eventId);
      await this.door.requireHost(tx, actor, event);
      return this.door.admit(tx, actor, event, await this.scanOf(tx, event, input));
    });
  }

  private async scanOf(tx: EntityManager, event: Event, input: AddWalkInInput): Promise<Scan> {
    const at = timeOf(input.at, event, this.clock.now());
    const personId = input.email ? await this.personOf(tx, event, input.name, input.email) : null;
    const known = personId ? (await registrationsOf(tx, event.id, [personId])).get(personId) : undefined;
    return {
      registration:
        known ?? newWalkIn(event, { name: input.name.trim(), personId, pool: poolAtDoor(event, input), at }),
      isNew: !known,
      nonce: input.nonce ?? null,
      at,
      offline: Boolean(input.at),
      letIn: true,
      beyondCapacity: input.beyondCapacity ?? false,
    };
  }

  private async personOf(tx: EntityManager, event: Event, name: string, typed: string): Promise<string | null> {
    const email = typed.trim().toLowerCase();
    const people = await upsertPeople(tx, [{ name: name.trim(), email, language: event.language }]);
    return people.get(email) ?? null;
  }
}

/** A door stands in a room: where the event has one, that is where people are let in. */
function poolAtDoor(event: Event, { pool: asked }: AddWalkInInput): Pool {
  const pool = poolFor(event, asked ?? event.pools()[0] ?? null);
  if (pool instanceof DomainError) throw pool;
  return pool;
}
