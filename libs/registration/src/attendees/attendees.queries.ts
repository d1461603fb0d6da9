import { DomainError } from '#kernel';
import type { Event } from '#events';
import type { EntityManager, SelectQueryBuilder } from 'typeorm';
import { AttendeeSort, type AnswerFilter, type AttendeeFilter } from './attendees.inputs.ts';
import { Registration } from '../registration.entity.ts';

/** A part of a WHERE clause, with what it holds. */
interface Condition {
  sql: string;
  holds?: Record<string, unknown>;
}

/** A filter as it is looked for, and whether e-mail addresses are looked through for its text. */
export interface Wanted extends AttendeeFilter {
  byAddress: boolean;
}

/** Where a page begins: behind the row of this sort key and id. */
export interface Place {
  key: string;
  id: string;
}

/** How a sort reads in SQL, and what its cursors hold. Each is served by an index that ends in the id. */
interface Order {
  by: string;
  direction: 'ASC' | 'DESC';
  beyond: string;
  holds: 'instant' | 'words';
  keyOf: (registration: Registration) => string;
}

export const ORDERS: Record<AttendeeSort, Order> = {
  [AttendeeSort.REGISTERED_AT]: {
    by: 'registration.registeredAt',
    direction: 'ASC',
    beyond: '(registration.registeredAt, registration.id) > (:key, :id)',
    holds: 'instant',
    keyOf: ({ registeredAt }) => registeredAt.toISOString(),
  },
  [AttendeeSort.NAME]: {
    by: 'lower(registration.name)',
    direction: 'ASC',
    // The cursor holds the name as it is: only PostgreSQL knows how it writes it in lower case.
    beyond: '(lower(registration.name), registration.id) > (lower(:key), :id)',
    holds: 'words',
    keyOf: ({ name }) => name,
  },
  [AttendeeSort.CHECKED_IN_AT]: {
    by: 'registration.checkedInAt',
    direction: 'DESC',
    beyond: '(registration.checkedInAt, registration.id) < (:key, :id)',
    holds: 'instant',
    keyOf: ({ checkedInAt }) => checkedInAt?.toISOString() ?? '',
  },
};

/** What a list is narrowed by, beyond the event; empty when it holds everybody. */
export function conditionsOf(event: Event, wanted: Wanted, sort: AttendeeSort): Condition[] {
  const { states, pool, attendance, answer, answersMissing } = wanted;
  const text = wanted.text?.trim();
  const conditions: Condition[] = [];
  if (sort === AttendeeSort.CHECKED_IN_AT) conditions.push({ sql: 'registration.checkedInAt IS NOT NULL' });
  if (states) conditions.push({ sql: 'registration.state = ANY(:states)', holds: { states } });
  if (pool) conditions.push({ sql: 'registration.pool = :pool', holds: { pool } });
  if (attendance) conditions.push({ sql: 'registration.attendance = :attendance', holds: { attendance } });
  if (answer) conditions.push(answered(answer));
  if (answersMissing != null) {
    const sign = answersMissing ? '<' : '>=';
    const sql = `registration.partyId IS NULL AND registration.formVersion ${sign} :formVersion`;
    conditions.push({ sql, holds: { formVersion: event.formVersion } });
  }
  if (text) conditions.push({ sql: wanted.byAddress ? `(${NAMED} OR ${ADDRESSED})` : NAMED, holds: { text } });
  return conditions;
}

/** The registrations of an event to which these conditions apply. */
export function attendeesOf(
  db: EntityManager,
  event: Event,
  conditions: Condition[],
): SelectQueryBuilder<Registration> {
  const query = db
    .createQueryBuilder(Registration, 'registration')
    .where('registration.eventId = :eventId', { eventId: event.id });
  for (const { sql, holds } of conditions) query.andWhere(sql, holds);
  return query;
}

/** These registrations in order, from behind the place of a cursor. */
export function inOrder(
  query: SelectQueryBuilder<Registration>,
  sort: AttendeeSort,
  after: Place | null,
): SelectQueryBuilder<Registration> {
  const { by, direction, beyond } = ORDERS[sort];
  const ordered = query.clone().orderBy(by, direction).addOrderBy('registration.id', direction);
  return after ? ordered.andWhere(beyond, after) : ordered;
}

/** Each word is part of a word of the name. The patterns are made once, not for each row. */
const NAMED = `(name_key(:text) <> '' AND name_key(registration.name) LIKE ALL (
  ARRAY(SELECT '%' || word || '%' FROM regexp_split_to_table(name_key(:text), ' ') AS word)))`;

const ADDRESSED = `EXISTS (SELECT FROM person
  WHERE person.id = registration.personId AND strpos(person.email, lower(:text)) > 0)`;

function answered({ questionId, text, choice, yes }: AnswerFilter): Condition {
  if ([text, choice, yes].filter((given) => given != null).length !== 1)
    throw new DomainError(
      'ONE_ANSWER',
      'Please say what was answered by exactly one of `text`, `choice` and `yes`.',
      'filter.answer',
    );
  const answer = 'registration.answers -> CAST(:questionId AS text)';
  if (text != null)
    return {
      sql: `jsonb_typeof(${answer}) = 'string' AND strpos(lower((${answer}) #>> '{}'), lower(:written)) > 0`,
      holds: { questionId, written: text.trim() },
    };
  // In jsonb a list contains its entries, and a single value itself: one choice and many are asked alike.
  return { sql: `${answer} @> CAST(:said AS jsonb)`, holds: { questionId, said: JSON.stringify(choice ?? yes) } };
}
