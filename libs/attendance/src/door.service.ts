import { Clock, DomainError, type Actor } from '#kernel';
import { EventState, type Event } from '#events';
import { Access } from '#groups';
import { record, type Act } from '#history';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { deriveAttendance } from './attendance.queries.ts';
import { Door, checkInClosesAt, type Admitted, type Entry, type Outcome, type Scan } from './door.ts';
import { knownFor, registrationsBy, writeEntries } from './door.queries.ts';

/** The one way in: decides scans in the order in which they were made and writes down what was decided. */
@Injectable()
export class DoorService {
  constructor(
    private readonly access: Access,
    private readonly clock: Clock,
  ) {}

  /** One scan, or the refusal thrown. The caller holds the lock on `event`. */
  async admit(tx: EntityManager, actor: Actor, event: Event, scan: Scan): Promise<Admitted> {
    const [outcome] = await this.decide(tx, actor, event, [scan]);
    if (!outcome || outcome instanceof DomainError) throw outcome ?? new Error('Every scan has an outcome');
    return outcome;
  }

  /**
   * Answers in the order of `scans`. However many there are, the same few statements; a scan that is refused leaves
   * nothing behind. The caller holds the lock on `event`.
   */
  async decide(tx: EntityManager, actor: Actor, event: Event, scans: readonly Scan[]): Promise<Outcome[]> {
    const now = this.clock.now();
    const countsUntil = await this.countsUntil(tx, actor, event);
    const door = new Door(event, { ...(await knownFor(tx, event, scans)), countsUntil }, now);
    const outcomes = new Map<Scan, Outcome>();
    for (const scan of [...scans].sort((one, other) => one.at.getTime() - other.at.getTime()))
      outcomes.set(scan, door.decide(scan));
    if (door.entries.length > 0) await this.write(tx, actor, event, door.entries, now);
    return scans.flatMap((scan) => outcomes.get(scan) ?? []);
  }

  /** Refuses whoever may not stand at this door, and every door of an event that is not taking place. */
  async requireHost(tx: EntityManager, actor: Actor, event: Event): Promise<void> {
    await this.access.require(tx, actor, 'attendees.checkIn', event.groupId);
    if (event.state !== EventState.PUBLISHED && event.state !== EventState.FINISHED)
      throw new DomainError('NOT_HELD', 'This event is not taking place, so nobody can be let in.', 'eventId');
  }

  /**
   * Until when what was seen at the door counts for this actor. Once attendance is settled, a correction is the
   * organizers' to make; but a device that was offline meanwhile may still tell what its host saw in time.
   */
  private async countsUntil(tx: EntityManager, actor: Actor, event: Event): Promise<Date | null> {
    if (event.state !== EventState.FINISHED) return null;
    return (await this.access.can(tx, actor, 'attendees.manage', event.groupId)) ? null : checkInClosesAt(event);
  }

  private async write(tx: EntityManager, actor: Actor, event: Event, entries: Entry[], now: Date): Promise<void> {
    await writeEntries(tx, event, entries, { actorId: actor.personId, now });
    const ids = [...new Set(entries.map(({ registration }) => registration.id))];
    await deriveAttendance(tx, event, ids, now);
    await record(
      tx,
      actor,
      entries.map((entry) => actOf(event, entry)),
    );
    const fresh = new Map((await registrationsBy(tx, [], ids)).map((row) => [row.id, row]));
    for (const { registration } of entries) Object.assign(registration, fresh.get(registration.id));
  }
}

function actOf(event: Event, { checkIn, registration, replaces, offline }: Entry): Act {
  const { method, at, before } = checkIn;
  return {
    act: replaces ? 'checkIn.corrected' : method === 'walk_in' ? 'walkIn.added' : 'checkIn.made',
    subjectId: registration.id,
    groupId: event.groupId,
    details: { method, at, beyondCapacity: !registration.holdsSeat, ...(before ? { was: before.state } : {}) },
    ...(offline ? { at } : {}),
  };
}
