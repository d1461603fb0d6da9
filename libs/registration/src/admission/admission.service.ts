import { Clock, DomainError, SYSTEM, groupedBy, isUuid, notFound, type Actor } from '#kernel';
import { busy, inTransaction, violatedConstraint } from '#database';
import { lockEvent, type Event } from '#events';
import { requireScope } from '#groups';
import { record, type Act } from '#history';
import { upsertPeople } from '#identity';
import { Outbox } from '#mail';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { blockedAmong, comeBack, insertRegistrations, registrationsOf, saveCounters } from './admission.queries.ts';
import { blockedRefusal, isRepeat, newParty, refusalFor, termsOf, type Ask } from './admission.ts';
import type { RegisterForEventInput } from '../registration.inputs.ts';
import { RegistrationState, type Registration } from '../registration.entity.ts';
import { seatsFree, seatsOf } from './seats.ts';
import { WaitlistService } from '../waitlist/waitlist.service.ts';
import { welcomeMail } from './welcome.ts';

type Answer = Registration | DomainError;

interface Waiting {
  ask: Ask;
  answer: (answer: Answer) => void;
  fail: (error: unknown) => void;
}

/** Somebody who is let ask, with the guests they bring. */
interface Party {
  ask: Ask;
  lead: Registration;
  guests: Registration[];
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
    private readonly waitlist: WaitlistService,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** Asks for a seat, for a stranger by name and e-mail, for a signed-in person by who they are. */
  async register(actor: Actor, input: RegisterForEventInput): Promise<Registration> {
    if (actor.personId) requireScope(actor, 'attendees');
    const name = (input.name ?? actor.name ?? '').trim();
    const email = (input.email ?? actor.email ?? '').trim().toLowerCase();
    if (!name) throw new DomainError('NAME_NEEDED', 'Please tell us your name.', 'name');
    if (!email)
      throw new DomainError(
        'EMAIL_NEEDED',
        'Please tell us your e-mail address, so that we can confirm your seat.',
        'email',
      );
    return this.admit({
      actor,
      eventId: input.eventId,
      name,
      email,
      pool: input.pool ?? null,
      guests: (input.guests ?? []).map((guest) => guest.name.trim()),
      answers: input.answers ?? [],
      language: input.language ?? null,
      idempotencyKey: input.idempotencyKey ?? null,
    });
  }

  /** The registration of whoever asks: CONFIRMED, WAITLISTED, PENDING, or the one they had. Throws `DomainError` when refused. */
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

    const terms = new Map(asks.map((ask) => [ask, termsOf(event, ask)]));
    const people = await upsertPeople(
      tx,
      asks // whoever is refused leaves nothing behind
        .filter((ask) => !(terms.get(ask) instanceof DomainError))
        .map(({ name, email, language }) => ({ name, email, language: language ?? event.language })),
    );
    const ids = [...people.values()];
    const known = await registrationsOf(tx, event.id, ids);
    const blocked = await blockedAmong(tx, event.groupId, ids);

    const fresh: Party[] = [];
    const answers = asks.map((ask): Answer => {
      const agreed = terms.get(ask) ?? termsOf(event, ask);
      if (agreed instanceof DomainError) return agreed;
      const personId = people.get(ask.email) ?? '';
      if (blocked.has(personId)) return blockedRefusal();
      const before = known.get(personId);
      if (before && (before.state !== RegistrationState.CANCELLED || isRepeat(before, ask))) return before;
      const [lead, ...guests] = newParty(event, { ask, terms: agreed, personId, before, now });
      if (!lead) throw new Error('A party has somebody who asked');
      known.set(personId, lead);
      fresh.push({ ask, lead, guests });
      return lead;
    });

    if (fresh.length > 0) await this.write(tx, event, fresh);
    return answers;
  }

  private async write(tx: EntityManager, event: Event, fresh: Party[]): Promise<void> {
    const leads = fresh.map(({ lead }) => lead);
    for (const lead of leads) if (lead.round > 1) await comeBack(tx, lead);
    await insertRegistrations(
      tx,
      event,
      fresh.flatMap(({ lead, guests }) => (lead.round === 1 ? [lead, ...guests] : guests)),
    );
    await saveCounters(tx, event);
    for (const [actor, made] of groupedBy(fresh, ({ ask }) => ask.actor))
      await record(tx, actor, made.flatMap(({ lead, guests }) => [lead, ...guests]).map(actOf));
    const promoted = await this.letPass(tx, event, leads);
    await this.outbox.add(
      tx,
      fresh.filter(({ lead }) => !promoted.has(lead.id)).map(({ ask, lead }) => welcomeMail(lead, ask.email)),
    );
  }

  /** Newcomers behind a large party that does not fit: those whom it lets pass need not wait. See `nextInLine`. */
  private async letPass(tx: EntityManager, event: Event, leads: Registration[]): Promise<Set<string>> {
    const kept = event.pools().some((pool) => {
      const seats = seatsOf(event, pool);
      return seats.waiting > 0 && seatsFree(seats) > 0;
    });
    const promoted = kept ? await this.waitlist.promoteNext(tx, SYSTEM, event) : [];
    const byId = new Map(promoted.map((registration) => [registration.id, registration]));
    for (const lead of leads) Object.assign(lead, byId.get(lead.id));
    return new Set(byId.keys());
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

const ACTS: Partial<Record<RegistrationState, string>> = {
  [RegistrationState.CONFIRMED]: 'registration.confirmed',
  [RegistrationState.WAITLISTED]: 'registration.waitlisted',
  [RegistrationState.PENDING]: 'registration.requested',
};

function actOf({ id, state, groupId, pool }: Registration): Act {
  return { act: ACTS[state] ?? 'registration.requested', subjectId: id, groupId, details: { pool } };
}
