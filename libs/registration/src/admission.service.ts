import { Clock, DomainError, groupedBy, isUuid, notFound } from '#kernel';
import { busy, inTransaction, violatedConstraint } from '#database';
import { lockEvent, type Event } from '#events';
import { record, type Act } from '#history';
import { upsertPeople } from '#identity';
import { Outbox, type NewMail } from '#mail';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { blockedAmong, comeBack, insertRegistrations, registrationsOf, saveCounters } from './admission.queries.ts';
import { blockedRefusal, isRepeat, place, poolFor, refusalFor, type Ask } from './admission.ts';
import { RegistrationState, type Registration } from './registration.entity.ts';

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
