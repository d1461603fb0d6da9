import { Clock, DomainError, groupedBy, isUuid, newId, notFound, type Actor } from '#kernel';
import { busy, inTransaction, violatedConstraint } from '#database';
import { EventState, lockEvent, Pool, type Event } from '#events';
import { record, type Act } from '#history';
import { upsertPeople } from '#identity';
import { Outbox, type NewMail } from '#mail';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Attendance, Registration, RegistrationState } from './registration.entity.ts';
import { hasRoom, putSeats, seatsOf } from './seats.ts';
import { newTicketCode } from './ticket-code.ts';

/** Somebody asks for a seat. E-mail in lower case; `name` and `email` are checked already. */
export interface Ask {
  actor: Actor;
  eventId: string;
  name: string;
  email: string;
  pool: Pool | null;
  language: string | null;
  idempotencyKey: string | null;
}

type Answer = Registration | DomainError;

interface Waiting {
  ask: Ask;
  answer: (answer: Answer) => void;
  fail: (error: unknown) => void;
}

/** Asks decided by one transaction. More would make the first of them wait longer than the lock is worth. */
const LARGEST_BATCH = 500;
/** Asks that may wait for one event in this process; beyond, people are asked to try again. */
const LONGEST_LINE = 20_000;

/**
 * Admission: who gets a seat, who waits. Asks for one event that arrive while a transaction is in flight are decided
 * together by the next one, in their order of arrival: one lock and one flush to disk for all of them instead of one
 * each, which is what limits a popular event. An ask that comes alone is a batch of one, on the same path. Across
 * processes the event's row lock takes turns; seats are counters under a CHECK, never a count.
 */
@Injectable()
export class AdmissionService {
  private readonly lines = new Map<string, Waiting[]>();

  constructor(
    private readonly db: DataSource,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** The registration of whoever asks: CONFIRMED, WAITLISTED, or the one they had. Throws `DomainError` when refused. */
  async admit(ask: Ask): Promise<Registration> {
    if (!isUuid(ask.eventId)) throw notFound('event', 'eventId');
    const answer = await new Promise<Answer>((resolve, reject) => {
      const waiting = { ask, answer: resolve, fail: reject };
      const line = this.lines.get(ask.eventId);
      if (!line) {
        this.lines.set(ask.eventId, [waiting]);
        void this.serve(ask.eventId);
      } else if (line.length < LONGEST_LINE) line.push(waiting);
      else resolve(busy());
    });
    if (answer instanceof DomainError) throw answer;
    return answer;
  }

  /** Decides batch after batch until nobody waits at this event's door. */
  private async serve(eventId: string): Promise<void> {
    for (;;) {
      const batch = this.lines.get(eventId)?.splice(0, LARGEST_BATCH) ?? [];
      if (batch.length === 0) break;
      await this.decideBatch(eventId, batch);
    }
    this.lines.delete(eventId);
  }

  /** A batch that fails as a whole is tried one by one, so that whoever caused it fails alone. */
  private async decideBatch(eventId: string, batch: Waiting[]): Promise<void> {
    try {
      const answers = await inTransaction(this.db, (tx) =>
        this.decide(
          tx,
          eventId,
          batch.map(({ ask }) => ask),
        ),
      );
      batch.forEach(({ answer, fail }, index) => {
        const found = answers[index];
        if (found) answer(found);
        else fail(new Error('Every ask has an answer'));
      });
    } catch (error) {
      const [only] = batch;
      if (batch.length > 1 && !(error instanceof DomainError)) {
        for (const waiting of batch) await this.decideBatch(eventId, [waiting]);
      } else if (error instanceof DomainError) for (const { answer } of batch) answer(error);
      else only?.fail(refusalOf(error));
    }
  }

  /** Answers in the order of the asks. Locks the event's row first: a foreign key's share lock before it costs 2.6 ×. */
  private async decide(tx: EntityManager, eventId: string, asks: Ask[]): Promise<Answer[]> {
    const event = await lockEvent(tx, eventId);
    const now = this.clock.now();
    const closed = refusalFor(event, now);
    if (closed) return asks.map(() => closed);

    const pools = new Map(asks.map((ask) => [ask, poolFor(event, ask.pool)]));
    const people = await upsertPeople(
      tx,
      asks // whoever is refused leaves nothing behind
        .filter((ask) => !(pools.get(ask) instanceof DomainError))
        .map(({ name, email, language }) => ({ name, email, language: language ?? event.language })),
    );
    const ids = [...people.values()];
    const known = await registrationsOf(tx, event.id, ids);
    const blocked = await blockedAmong(tx, event.groupId, ids);

    const fresh: { ask: Ask; registration: Registration }[] = [];
    const answers = asks.map((ask): Answer => {
      const pool = pools.get(ask) ?? poolFor(event, ask.pool);
      if (pool instanceof DomainError) return pool;
      const personId = people.get(ask.email) ?? '';
      if (blocked.has(personId)) return blockedRefusal();
      const before = known.get(personId);
      if (before && (before.state !== RegistrationState.CANCELLED || isRepeat(before, ask))) return before;
      const registration = place(event, pool, { ask, personId, before, now });
      known.set(personId, registration);
      fresh.push({ ask, registration });
      return registration;
    });

    if (fresh.length > 0) await this.write(tx, event, fresh);
    return answers;
  }

  private async write(
    tx: EntityManager,
    event: Event,
    fresh: { ask: Ask; registration: Registration }[],
  ): Promise<void> {
    const registrations = fresh.map(({ registration }) => registration);
    await insertRegistrations(
      tx,
      registrations.filter(({ round }) => round === 1),
    );
    for (const registration of registrations) if (registration.round > 1) await comeBack(tx, registration);
    await saveCounters(tx, event);
    for (const [actor, made] of groupedBy(fresh, ({ ask }) => ask.actor))
      await record(
        tx,
        actor,
        made.map(({ registration }) => actOf(registration)),
      );
    await this.outbox.add(
      tx,
      fresh.map(({ ask, registration }) => mailFor(ask, registration)),
    );
  }
}

/** Gives the next seat or the next place in line, and counts it on the event. */
function place(
  event: Event,
  pool: Pool,
  by: { ask: Ask; personId: string; before: Registration | undefined; now: Date },
): Registration {
  const seats = seatsOf(event, pool);
  const seated = hasRoom(seats);
  if (seated) seats.taken += 1;
  else seats.waiting += 1;
  putSeats(event, pool, seats);
  const registration = Object.assign(new Registration(), by.before ?? {}, {
    id: by.before?.id ?? newId(),
    eventId: event.id,
    groupId: event.groupId,
    personId: by.personId,
    name: by.ask.name,
    language: by.ask.language ?? event.language,
    pool,
    state: seated ? RegistrationState.CONFIRMED : RegistrationState.WAITLISTED,
    waitlistNumber: seated ? null : ++event.lastWaitlistNumber,
    round: (by.before?.round ?? 0) + 1,
    ticketCode: by.before?.ticketCode ?? newTicketCode(),
    manageVersion: by.before?.manageVersion ?? 1,
    idempotencyKey: by.ask.idempotencyKey,
    registeredAt: by.now,
    confirmedAt: seated ? by.now : null,
    cancelledAt: null,
    attendance: Attendance.UNKNOWN,
    attendanceBasis: null,
    checkedInAt: null,
  });
  if (!seated) registration.knownPosition = seats.waiting;
  return registration;
}

/** Why nobody can register for this event now, or null. */
export function refusalFor(event: Event, now: Date): DomainError | null {
  if (event.state === EventState.DRAFT) return notFound('event', 'eventId');
  if (event.state === EventState.CANCELLED)
    return new DomainError(
      'EVENT_CANCELLED',
      'This event was cancelled, so there is nothing to register for.',
      'eventId',
    );
  if (event.state === EventState.FINISHED)
    return new DomainError('EVENT_OVER', 'This event is over. See the group’s page for the next one.', 'eventId');
  if (event.registrationOpensAt && now < event.registrationOpensAt)
    return new DomainError(
      'REGISTRATION_NOT_OPEN',
      `Registration opens at ${event.registrationOpensAt.toISOString()}. Please come back then.`,
      'eventId',
    );
  if (now >= (event.registrationClosesAt ?? event.startsAt))
    return new DomainError('REGISTRATION_CLOSED', 'Registration for this event has closed.', 'eventId');
  return null;
}

function poolFor(event: Event, asked: Pool | null): Pool | DomainError {
  const pools = event.pools();
  const [only] = pools;
  if (!asked && pools.length === 1 && only) return only;
  if (!asked) return new DomainError('POOL_NEEDED', 'Please choose whether you come IN_PERSON or join ONLINE.', 'pool');
  if (pools.includes(asked)) return asked;
  return new DomainError(
    'POOL_UNAVAILABLE',
    asked === Pool.ONLINE ? 'This event takes place in person only.' : 'This event takes place online only.',
    'pool',
  );
}

/** Says nothing of why: that stays between the organizers. */
function blockedRefusal(): DomainError {
  return new DomainError(
    'BLOCKED',
    'We cannot take this registration. Please write to the organizers of the group.',
    'email',
  );
}

/** The same request again, after the person had cancelled: it must not undo that. */
function isRepeat(before: Registration, ask: Ask): boolean {
  return ask.idempotencyKey !== null && ask.idempotencyKey === before.idempotencyKey;
}

function refusalOf(error: unknown): unknown {
  if (violatedConstraint(error) !== 'uq_registration_event_idempotency_key') return error;
  return new DomainError(
    'IDEMPOTENCY_KEY_REUSED',
    'This idempotency key was used for somebody else. Please make up a new one.',
    'idempotencyKey',
  );
}

function actOf(registration: Registration): Act {
  const act = registration.state === RegistrationState.CONFIRMED ? 'registration.confirmed' : 'registration.waitlisted';
  return { act, subjectId: registration.id, groupId: registration.groupId, details: { pool: registration.pool } };
}

function mailFor(ask: Ask, registration: Registration): NewMail {
  const kind = registration.state === RegistrationState.CONFIRMED ? 'registered' : 'waitlisted';
  return {
    kind,
    intentKey: `${kind}:${registration.id}:${registration.round}`,
    personId: registration.personId,
    toAddress: ask.email,
    language: registration.language,
    eventId: registration.eventId,
    registrationId: registration.id,
    facts: registration.knownPosition ? { position: registration.knownPosition } : {},
  };
}

async function registrationsOf(
  tx: EntityManager,
  eventId: string,
  personIds: string[],
): Promise<Map<string, Registration>> {
  const found = await tx
    .createQueryBuilder(Registration, 'registration')
    .where('registration.eventId = :eventId AND registration.personId = ANY(:personIds)', { eventId, personIds })
    .getMany();
  return new Map(found.map((registration) => [registration.personId, registration]));
}

async function blockedAmong(tx: EntityManager, groupId: string, personIds: string[]): Promise<Set<string>> {
  const rows: { person_id: string }[] = await tx.query(
    'SELECT person_id FROM blocked_person WHERE group_id = $1 AND person_id = ANY($2)',
    [groupId, personIds],
  );
  return new Set(rows.map((row) => row.person_id));
}

/** All new registrations in one statement. */
async function insertRegistrations(tx: EntityManager, registrations: Registration[]): Promise<void> {
  if (registrations.length === 0) return;
  await tx.query(
    `INSERT INTO registration (id, event_id, group_id, person_id, name, language, pool, state, waitlist_number, ticket_code,
                               idempotency_key, registered_at, confirmed_at)
     SELECT id, "eventId", "groupId", "personId", name, language, pool, state, "waitlistNumber", "ticketCode",
            "idempotencyKey", "registeredAt", "confirmedAt"
       FROM jsonb_to_recordset($1) AS new(id uuid, "eventId" uuid, "groupId" uuid, "personId" uuid, name text, language text,
            pool text, state text, "waitlistNumber" int, "ticketCode" text, "idempotencyKey" text, "registeredAt" timestamptz,
            "confirmedAt" timestamptz)`,
    [JSON.stringify(registrations)],
  );
}

/** The row of somebody who had cancelled, as `place` made it anew. */
async function comeBack(tx: EntityManager, { id, ...changes }: Registration): Promise<void> {
  const { knownPosition: _position, heldByViewer: _held, ...columns } = changes;
  await tx.update(Registration, { id }, columns);
}

async function saveCounters(tx: EntityManager, event: Event): Promise<void> {
  await tx.query(
    `UPDATE event SET taken_in_person = $2, taken_online = $3, waiting_in_person = $4, waiting_online = $5,
                      last_waitlist_number = $6 WHERE id = $1`,
    [
      event.id,
      event.takenInPerson,
      event.takenOnline,
      event.waitingInPerson,
      event.waitingOnline,
      event.lastWaitlistNumber,
    ],
  );
}
