import { CONFIG, Clock, STRANGER, isPersonalToken, rowOfToken, type Config } from '#kernel';
import { inTransaction } from '#database';
import { Event, EventState, Pool, lockEvent } from '#events';
import { record } from '#history';
import { JOIN, Registration, RegistrationState } from '#registration';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { deriveAttendance } from './attendance.queries.ts';

const MINUTE = 60_000;
/** How long before the start and after the end the link leads into the session. */
const OPENS_MINUTES = 15;
const CLOSES_MINUTES = 30;

/**
 * What a link to the online session leads to now. Before the window WAITING, in it OPEN (or NO_URL while the organizers
 * have not said where), after it or once the event is called off OVER. NO_SEAT for whoever is not confirmed online.
 */
export type JoinState = 'WAITING' | 'OPEN' | 'OVER' | 'NO_SEAT' | 'NO_URL';

export interface Joining {
  state: JoinState;
  event: Event;
  registration: Registration;
  opensAt: Date;
  /** The current address of the session; null unless OPEN. */
  joinUrl: string | null;
}

/** The personal way into the online session (rule R7): its holder follows the link, and it is noted once that they came. */
@Injectable()
export class JoinService {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** What the link leads to. Changes nothing: mail scanners open links too. Null for a link that is not ours or was renewed. */
  async open(token: string): Promise<Joining | null> {
    const registration = await this.behind(this.db.manager, token);
    if (!registration) return null;
    return this.joining(await this.db.manager.findOneByOrFail(Event, { id: registration.eventId }), registration);
  }

  /** Goes in: the first time it is recorded, and each time the address is the current one. */
  async join(token: string): Promise<Joining | null> {
    const before = await this.open(token);
    if (before?.state !== 'OPEN' || before.registration.joinedAt) return before; // whoever comes back waits for nobody
    return inTransaction(this.db, async (tx) => {
      const event = await lockEvent(tx, before.event.id);
      const registration = await this.behind(tx, token); // under the lock: it may have been cancelled or renewed meanwhile
      const now = registration && this.joining(event, registration);
      if (now?.state === 'OPEN') await this.noteJoined(tx, event, now.registration);
      return now;
    });
  }

  private async noteJoined(tx: EntityManager, event: Event, registration: Registration): Promise<void> {
    const [, first]: [unknown, number] = await tx.query(
      'UPDATE registration SET joined_at = $2 WHERE id = $1 AND joined_at IS NULL',
      [registration.id, this.clock.now()],
    );
    if (first === 0) return;
    await deriveAttendance(tx, event, [registration.id], this.clock.now());
    await record(tx, STRANGER, [{ act: 'registration.joined', subjectId: registration.id, groupId: event.groupId }]);
    Object.assign(registration, await tx.findOneByOrFail(Registration, { id: registration.id }));
  }

  private async behind(tx: EntityManager, token: string): Promise<Registration | null> {
    const id = rowOfToken(token);
    const registration = id ? await tx.findOneBy(Registration, { id }) : null;
    if (!registration) return null;
    const ours = isPersonalToken(this.config.secret, JOIN, registration.id, registration.manageVersion, token);
    return ours ? registration : null;
  }

  private joining(event: Event, registration: Registration): Joining {
    const opensAt = new Date(event.startsAt.getTime() - OPENS_MINUTES * MINUTE);
    const state = this.stateOf(event, registration, opensAt);
    return { state, event, registration, opensAt, joinUrl: state === 'OPEN' ? event.joinUrl : null };
  }

  private stateOf(event: Event, registration: Registration, opensAt: Date): JoinState {
    const now = this.clock.now();
    const over = now.getTime() > event.endsAt.getTime() + CLOSES_MINUTES * MINUTE;
    if (registration.state !== RegistrationState.CONFIRMED || registration.pool !== Pool.ONLINE) return 'NO_SEAT';
    if (over || (event.state !== EventState.PUBLISHED && event.state !== EventState.FINISHED)) return 'OVER';
    if (now < opensAt) return 'WAITING';
    return event.joinUrl ? 'OPEN' : 'NO_URL';
  }
}
