import type { EntityManager } from 'typeorm';
import type { Stay } from '../files/attendance-file.ts';

/** No stay is longer than a month; what says so is a slip of the pen. */
const LONGEST_MINUTES = 44_640;

/** Names as they are compared; one of signs only, of which nothing would be left, is compared as it is. */
export function nameKey(name: string): string {
  return `coalesce(nullif(name_key(${name}), ''), lower(${name}))`;
}

/** The tables in which a file is put together and matched. They are seen by this transaction alone and end with it. */
const TABLES = `
  SET LOCAL statement_timeout = '120s';
  SET LOCAL idle_in_transaction_session_timeout = '60s';
  SET LOCAL work_mem = '32MB';
  SET LOCAL jit = off;
  SET LOCAL pg_trgm.similarity_threshold = 0.45;
  CREATE TEMP TABLE file_stay (line int, name text NOT NULL, shown text NOT NULL, email text NOT NULL, organizer boolean,
    joined_at timestamptz, left_at timestamptz, minutes numeric(9, 3)) ON COMMIT DROP;
  CREATE TEMP TABLE file_identity (email text, name text, shown text, name_key text, shown_key text, key text) ON COMMIT DROP;
  CREATE TEMP TABLE file_person (id int PRIMARY KEY, key text NOT NULL, name text, email text, first_at timestamptz,
    last_at timestamptz, minutes int, organizer boolean) ON COMMIT DROP;
  CREATE TEMP TABLE file_decision (key text, act text, registration_id uuid) ON COMMIT DROP;
  CREATE TEMP TABLE expected (id uuid PRIMARY KEY, name text, name_key text, person_id uuid, email text, cancelled boolean) ON COMMIT DROP;
  CREATE TEMP TABLE unmatched (id uuid, name_key text) ON COMMIT DROP;
  CREATE TEMP TABLE file_match (id int PRIMARY KEY, certainty text NOT NULL, registration_id uuid, let_in_as uuid,
    memory text, person_id uuid, decision text, chosen uuid) ON COMMIT DROP;
  CREATE TEMP TABLE file_proposal (id int, registration_id uuid, similarity real) ON COMMIT DROP;
  CREATE INDEX ON file_proposal (id)`;

/**
 * Makes room for a file in this transaction. It may take longer than others, but not wait for ever for somebody who stops
 * sending or reading in the middle.
 */
export async function openStaging(tx: EntityManager): Promise<void> {
  await tx.query(TABLES);
}

/** Keeps some of the stays. Where the file tells a length, that counts and not when they left. */
export async function keepStays(tx: EntityManager, stays: readonly Stay[]): Promise<void> {
  const rows = stays.map(({ line, name, originalName, email, role, joinedAt, leftAt, minutes }) => ({
    line,
    name: originalName ?? name ?? '',
    shown: originalName ? name : '',
    email: email?.toLowerCase() ?? '',
    organizer: role === 'organizer',
    joined_at: joinedAt,
    left_at: minutes === null ? leftAt : null,
    minutes: minutes === null ? null : Math.min(minutes, LONGEST_MINUTES),
  }));
  await tx.query(
    `INSERT INTO file_stay
     SELECT * FROM json_to_recordset($1) AS stay(line int, name text, shown text, email text, organizer boolean,
                                                 joined_at timestamptz, left_at timestamptz, minutes numeric(9, 3))`,
    [JSON.stringify(rows)],
  );
}

/** How many stays there are, and the SHA-256 of what they say, in whatever order. */
export async function contentOf(tx: EntityManager): Promise<{ rows: number; digest: string }> {
  const [content]: { rows: number; digest: string }[] = await tx.query(
    `SELECT count(*)::int AS rows, encode(sha256(convert_to(coalesce(string_agg(said, E'\\n' ORDER BY said), ''), 'UTF8')), 'hex') AS digest
       FROM (SELECT concat(name, E'\\t', shown, E'\\t', email, E'\\t', extract(epoch FROM joined_at), E'\\t',
                           extract(epoch FROM left_at), E'\\t', minutes) COLLATE "C" AS said FROM file_stay) AS stay`,
  );
  if (!content) throw new Error('Counting always answers');
  return content;
}

/**
 * Puts the stays together to people: those of one address, else of one name. A name that stands in some rows with an
 * address and in others without is one person, unless several addresses go with it.
 */
export async function groupPeople(tx: EntityManager): Promise<void> {
  await tx.query(
    `INSERT INTO file_identity
     WITH said AS (
       SELECT email, name, shown, ${nameKey('name')} AS name_key, CASE WHEN shown <> '' THEN ${nameKey('shown')} ELSE '' END AS shown_key
         FROM (SELECT DISTINCT email, name, shown FROM file_stay) AS stay),
     owner AS (
       SELECT name_key, min(email) AS email FROM said WHERE email <> '' AND name_key <> ''
        GROUP BY name_key HAVING count(DISTINCT email) = 1)
     SELECT said.*, coalesce(nullif(said.email, ''), owner.email, said.name_key)
       FROM said LEFT JOIN owner ON said.email = '' AND owner.name_key = said.name_key`,
  );
  await tx.query(
    `INSERT INTO file_person
     WITH person AS (
       SELECT key, min(line) AS line, (array_agg(name ORDER BY line) FILTER (WHERE name <> ''))[1] AS name,
              nullif(max(email), '') AS email, min(joined_at) AS first_at, max(coalesce(left_at, joined_at)) AS last_at,
              bool_or(organizer) AS organizer,
              range_agg(tstzrange(joined_at, left_at)) FILTER (WHERE joined_at IS NOT NULL AND left_at IS NOT NULL) AS spans,
              sum(minutes) FILTER (WHERE joined_at IS NULL OR left_at IS NULL) AS told
         FROM file_stay JOIN file_identity USING (email, name, shown) GROUP BY key)
     SELECT row_number() OVER (ORDER BY line, key), key, name, email, first_at, last_at,
            CASE WHEN spans IS NOT NULL OR told IS NOT NULL THEN round(coalesce(told, 0) + coalesce(
              (SELECT sum(extract(epoch FROM upper(span) - lower(span))) / 60 FROM unnest(spans) AS span), 0))::int END,
            organizer
       FROM person`,
  );
  await tx.query('ANALYZE file_identity, file_person');
}
