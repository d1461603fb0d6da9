import { isUuid, notFound } from '#kernel';
import type { EntityManager } from 'typeorm';
import { RegistrationState } from '../registration.entity.ts';
import type { SessionQuestion, StoredQuestion } from './session-question.ts';

const SHOWN = `question.id, question.phase, question.text, question.asked_at AS "askedAt", question.answer,
  question.answered_at AS "answeredAt", question.hidden_at AS "hiddenAt",
  (SELECT count(*)::int FROM session_question_vote WHERE question_id = question.id) AS votes`;

/** The questions of a session, those most people want to know first. */
export async function questionsByVotes(
  db: EntityManager,
  wanted: { eventId: string; hidden: boolean; size: number; after: { votes: number; id: string } | null },
): Promise<SessionQuestion[]> {
  const { eventId, hidden, size, after } = wanted;
  return db.query(
    `SELECT * FROM (SELECT ${SHOWN} FROM session_question question
                     WHERE event_id = $1 AND (hidden_at IS NOT NULL) = $2) AS listed
      WHERE $4::int IS NULL OR votes < $4 OR (votes = $4 AND id > $5::uuid)
      ORDER BY votes DESC, id LIMIT $3`,
    [eventId, hidden, size, after?.votes ?? null, after?.id ?? null],
  );
}

export async function countQuestions(db: EntityManager, eventId: string, hidden: boolean): Promise<number> {
  const [row]: { count: number }[] = await db.query(
    'SELECT count(*)::int FROM session_question WHERE event_id = $1 AND (hidden_at IS NOT NULL) = $2',
    [eventId, hidden],
  );
  return row?.count ?? 0;
}

/** The question and the group that its session belongs to. */
export async function questionOf(tx: EntityManager, questionId: string): Promise<StoredQuestion> {
  const [question]: StoredQuestion[] = isUuid(questionId)
    ? await tx.query(
        `SELECT ${SHOWN}, event.id AS "eventId", event.group_id AS "groupId"
           FROM session_question question JOIN event ON event.id = question.event_id WHERE question.id = $1`,
        [questionId],
      )
    : [];
  if (!question) throw notFound('question', 'questionId');
  return question;
}

/** The registration of a person for an event, unless it was given up. */
export async function registrationIdOf(tx: EntityManager, eventId: string, personId: string): Promise<string | null> {
  const [row]: { id: string }[] = await tx.query(
    'SELECT id FROM registration WHERE event_id = $1 AND person_id = $2 AND state <> $3',
    [eventId, personId, RegistrationState.CANCELLED],
  );
  return row?.id ?? null;
}

export async function countAskedBy(tx: EntityManager, registrationId: string): Promise<number> {
  const [row]: { count: number }[] = await tx.query(
    'SELECT count(*)::int FROM session_question WHERE registration_id = $1',
    [registrationId],
  );
  return row?.count ?? 0;
}
