import { Clock, type Actor } from '#kernel';
import { inTransaction } from '#database';
import { EventState, lockEvent, type Event } from '#events';
import { Access } from '#groups';
import { record } from '#history';
import { Registration, WaitlistService, lockForChange } from '#registration';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { CheckInInput, ScanInput, UploadCheckInsInput } from './attendance.inputs.ts';
import { deriveAttendance } from './attendance.queries.ts';
import { timeOf, unreadable, type Admitted, type CheckIn, type Outcome, type Scan } from './door.ts';
import { isKnownOtherwise, liveCheckIns, undoCheckIns, writePlace } from './door.queries.ts';
import { DoorService } from './door.service.ts';
import { giveBack } from './walk-ins.ts';

/** What became of one scan of an uploaded queue. */
export interface Uploaded {
  nonce: string;
  outcome: Outcome;
}

/**
 * Who is let in, known by ticket, by name or picked from the list.
 *
 * - The same nonce again gives the same answer, whichever process is asked, also at the same time.
 * - Whoever is in already is refused with the time, and so is, without `letIn`, whoever has no seat.
 * - A scan made offline keeps its time, though never one in the future or more than a day before the start. The person is
 *   in, so they are recorded: without a seat as a walk-in, and the answer notes what they were. Of two scans of one
 *   person the earlier counts.
 * - After settling, hosts may still send what they scanned before the door closed; all else is for organizers.
 * - Undoing gives back exactly what was before: a place in line, an offer; who was added at the door is cancelled.
 */
@Injectable()
export class CheckInService {
  constructor(
    private readonly db: DataSource,
    private readonly access: Access,
    private readonly door: DoorService,
    private readonly waitlist: WaitlistService,
    private readonly clock: Clock,
  ) {}

  /**
   * Lets somebody in. Refusals: `UNKNOWN`, `AMBIGUOUS` (two of that name), `WRONG_EVENT`, `CANCELLED`, `WAITLISTED`,
   * `OFFERED`, `PENDING`, `ALREADY_IN` with the time; with `letIn` also `FULL` and `BLOCKED`.
   */
  async checkIn(actor: Actor, input: CheckInInput): Promise<Admitted> {
    return inTransaction(this.db, async (tx) => {
      const event = await lockEvent(tx, input.eventId);
      await this.door.requireHost(tx, actor, event);
      return this.door.admit(tx, actor, event, this.scanOf(event, input));
    });
  }

  /**
   * Takes the queue of a scanner that was offline, in the order in which it scanned. Every scan is answered for itself, in
   * the order sent; sending the queue again changes nothing.
   */
  async upload(actor: Actor, input: UploadCheckInsInput): Promise<Uploaded[]> {
    return inTransaction(this.db, async (tx) => {
      const event = await lockEvent(tx, input.eventId);
      await this.door.requireHost(tx, actor, event);
      const read = input.scans.map((sent) => ({ sent, scan: this.scanOf(event, sent), refusal: unreadable(sent) }));
      const scans = read.filter(({ refusal }) => !refusal).map(({ scan }) => scan);
      const outcomes = await this.door.decide(tx, actor, event, scans);
      const byScan = new Map(scans.map((scan, index) => [scan, outcomes[index]]));
      return read.flatMap(({ sent, scan, refusal }) => {
        const outcome = refusal ?? byScan.get(scan);
        return outcome ? { nonce: sent.nonce, outcome } : [];
      });
    });
  }

  /** Takes a check-in back, as when the wrong person was picked. Of somebody who is not in, it changes nothing. */
  async undo(actor: Actor, registrationId: string): Promise<Registration> {
    return inTransaction(this.db, async (tx) => {
      const { registration, event } = await lockForChange(tx, registrationId, 'registrationId');
      const permission = event.state === EventState.FINISHED ? 'attendees.manage' : 'attendees.checkIn';
      await this.access.require(tx, actor, permission, event.groupId);
      const [live] = await liveCheckIns(tx, [registration.id]);
      if (!live) return registration;
      await undoCheckIns(tx, [live.id], this.clock.now());
      const seatFreed = await this.putBack(tx, event, registration, live);
      await deriveAttendance(tx, event, [registration.id], this.clock.now());
      await record(tx, actor, [{ act: 'checkIn.undone', subjectId: registration.id, groupId: event.groupId }]);
      if (seatFreed) await this.waitlist.promoteNext(tx, actor, event);
      return tx.findOneByOrFail(Registration, { id: registration.id });
    });
  }

  /** A walk-in whom the call's file or their own link knows as well was there, whatever happened at the door. */
  private async putBack(
    tx: EntityManager,
    event: Event,
    registration: Registration,
    { method, before }: CheckIn,
  ): Promise<boolean> {
    if (method !== 'walk_in' || (await isKnownOtherwise(tx, registration.id))) return false;
    const seatFreed = giveBack(event, registration, before, this.clock.now());
    await writePlace(tx, event, registration, before);
    return seatFreed;
  }

  private scanOf(event: Event, sent: CheckInInput | ScanInput): Scan {
    const offline = Boolean(sent.at);
    const { letIn = false, beyondCapacity = false } = 'letIn' in sent ? sent : {};
    return {
      ticketCode: sent.ticketCode,
      registrationId: sent.registrationId,
      name: sent.name,
      nonce: sent.nonce ?? null,
      at: timeOf(sent.at, event, this.clock.now()),
      offline,
      letIn: letIn && !offline,
      beyondCapacity: beyondCapacity || offline,
    };
  }
}
