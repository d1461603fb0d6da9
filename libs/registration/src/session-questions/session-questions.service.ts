import {
  Clock,
  DomainError,
  isUuid,
  newId,
  notFound,
  pageOf,
  pageSize,
  sortedCursorParts,
  type Actor,
  type Page,
} from '#kernel';
import { inTransaction } from '#database';
import { EventState, type Event } from '#events';
import { Access } from '#groups';
import { record } from '#history';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { HoldersService, type Held } from '../holder/holders.service.ts';
import { RegistrationState } from '../registration.entity.ts';
import { QuestionPhase, type SessionQuestion, type StoredQuestion } from './session-question.ts';
import type {
  AnswerQuestionInput,
  AskQuestionInput,
  HideQuestionInput,
  SessionQuestionsArgs,
  VoteForQuestionInput,
} from './session-questions.inputs.ts';
import {
  countAskedBy,
  countQuestions,
  questionOf,
  questionsByVotes,
  registrationIdOf,
} from './session-questions.queries.ts';

/** More than these from one person would drown the others. */
const MOST_QUESTIONS = 10;
const BY_VOTES = 'votes';

/** What people who registered want to know, before a session and after it, and what they are told (rule E4). */
@Injectable()
export class SessionQuestionsService {
  constructor(
    private readonly db: DataSource,
    private readonly access: Access,
    private readonly holders: HoldersService,
    private readonly clock: Clock,
  ) {}

  /** Most wanted first. What was hidden is for hosts and organizers. */
  async page(actor: Actor, event: Event, args: SessionQuestionsArgs): Promise<Page<SessionQuestion>> {
    const { hidden } = args;
    const size = pageSize(args.first);
    if (hidden) await this.access.require(this.db.manager, actor, 'attendees.names', event.groupId);
    const after = args.after ? placeIn(args.after) : null;
    const found = await questionsByVotes(this.db.manager, { eventId: event.id, hidden, size: size + 1, after });
    return pageOf(
      found,
      size,
      ({ votes, id }) => [BY_VOTES, String(votes), id],
      () => countQuestions(this.db.manager, event.id, hidden),
    );
  }

  /** Asks. Before the start it is there to prepare for; later it waits for the answer in writing. */
  async ask(actor: Actor, { eventId, text, manageToken }: AskQuestionInput): Promise<SessionQuestion> {
    return inTransaction(this.db, async (tx) => {
      const { registration, event } = await this.registered(tx, actor, eventId, manageToken ?? null);
      if ((await countAskedBy(tx, registration.id)) >= MOST_QUESTIONS)
        throw new DomainError(
          'TOO_MANY_QUESTIONS',
          `You have asked ${MOST_QUESTIONS} questions for this session. Please vote for those of others, or ask live.`,
          'text',
        );
      const now = this.clock.now();
      const id = newId();
      await tx.query(
        `INSERT INTO session_question (id, event_id, phase, text, person_id, registration_id, asked_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)`,
        [
          id,
          event.id,
          now < event.startsAt ? QuestionPhase.BEFORE : QuestionPhase.AFTER,
          text.trim(),
          registration.personId,
          registration.id,
          now,
        ],
      );
      return questionOf(tx, id);
    });
  }

  /** Says that somebody wants to know it too. Voting again changes nothing. */
  async vote(actor: Actor, { questionId, manageToken }: VoteForQuestionInput): Promise<SessionQuestion> {
    return inTransaction(this.db, async (tx) => {
      const question = await questionOf(tx, questionId);
      if (question.hiddenAt) throw notFound('question', 'questionId');
      const { registration } = await this.registered(tx, actor, question.eventId, manageToken ?? null);
      await tx.query('INSERT INTO session_question_vote (question_id, voter) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
        question.id,
        registration.id,
      ]);
      return questionOf(tx, question.id);
    });
  }

  /** Answers in writing, or takes the answer back. For hosts and organizers. */
  async answer(actor: Actor, { questionId, answer }: AnswerQuestionInput): Promise<SessionQuestion> {
    return inTransaction(this.db, async (tx) => {
      const question = await this.led(tx, actor, questionId);
      await tx.query('UPDATE session_question SET answer = $2, answered_at = $3 WHERE id = $1', [
        question.id,
        answer?.trim() ?? null,
        answer ? this.clock.now() : null,
      ]);
      await this.recordAct(tx, actor, question, answer ? 'question.answered' : 'question.reopened');
      return questionOf(tx, question.id);
    });
  }

  /** Takes a question from the list, or puts it back. For hosts and organizers. */
  async hide(actor: Actor, { questionId, hidden }: HideQuestionInput): Promise<SessionQuestion> {
    return inTransaction(this.db, async (tx) => {
      const question = await this.led(tx, actor, questionId);
      await tx.query(
        'UPDATE session_question SET hidden_at = CASE WHEN $2 THEN coalesce(hidden_at, $3::timestamptz) END WHERE id = $1',
        [question.id, hidden, this.clock.now()],
      );
      await this.recordAct(tx, actor, question, hidden ? 'question.hidden' : 'question.shown');
      return questionOf(tx, question.id);
    });
  }

  /** The own registration for an event: of whoever holds the manage link, or of the person signed in. Both rows are locked. */
  private async registered(
    tx: EntityManager,
    actor: Actor,
    eventId: string,
    manageToken: string | null,
  ): Promise<Held> {
    const registrationId =
      manageToken === null && actor.personId && isUuid(eventId)
        ? await registrationIdOf(tx, eventId, actor.personId)
        : null;
    if (manageToken === null && !registrationId) throw notRegistered(actor);
    const held = await this.holders.lock(tx, actor, { manageToken, registrationId });
    const { registration, event } = held;
    if (event.id !== eventId || !held.own || registration.state === RegistrationState.CANCELLED)
      throw notRegistered(actor);
    if (event.state === EventState.CANCELLED)
      throw new DomainError('EVENT_CANCELLED', 'This session was called off, so nobody can answer here.', 'eventId');
    return held;
  }

  private async led(tx: EntityManager, actor: Actor, questionId: string): Promise<StoredQuestion> {
    const question = await questionOf(tx, questionId);
    await this.access.require(tx, actor, 'attendees.names', question.groupId); // those who meet the attendees
    return question;
  }

  private async recordAct(tx: EntityManager, actor: Actor, question: StoredQuestion, act: string): Promise<void> {
    await record(tx, actor, [{ act, subjectId: question.id, groupId: question.groupId }]);
  }
}

function notRegistered(actor: Actor): DomainError {
  return actor.personId
    ? new DomainError('NOT_REGISTERED', 'Questions are for people who registered. Please register first.', 'eventId')
    : new DomainError(
        'NOT_REGISTERED',
        'Questions are for people who registered. Please use the link in your mail, or sign in.',
        'manageToken',
      );
}

/** Where a page of questions ended. Votes move, so a question may show twice or slip by; nobody is hurt by that. */
function placeIn(after: string): { votes: number; id: string } {
  const { key, id } = sortedCursorParts(after, BY_VOTES, 'words');
  const votes = Number(key);
  if (!/^\d{1,9}$/.test(key))
    throw new DomainError(
      'CURSOR',
      'That page marker is not one of ours. Please start again without `after`.',
      'after',
    );
  return { votes, id };
}
