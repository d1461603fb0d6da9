import { isUuid } from '#kernel';
import type { Event } from '#events';
import type { EntityManager } from 'typeorm';
import type { CertaintyCount, FilePerson } from './attendance-import.ts';
import { nameKey } from './staging.queries.ts';

/** Names looked at for similar ones. Each costs a look through the names of all who are not matched yet. */
export const MOST_COMPARED = 2_000;
const PAGE = 1_000;

/** What an organizer decided about one person of the file. */
export interface Decision {
  key: string;
  act: 'REGISTRATION' | 'WALK_IN' | 'IGNORE';
  registrationId: string | null;
}

/** Registrations of the very name of somebody in the file; those given up only where there is no other. */
const CALLED = `
  SELECT id, registration_id FROM (
    SELECT name.id, expected.id AS registration_id, rank() OVER (PARTITION BY name.id ORDER BY cancelled) AS place
      FROM (SELECT file_person.id, name_key FROM file_person JOIN file_identity USING (key)
             UNION SELECT file_person.id, shown_key FROM file_person JOIN file_identity USING (key)) AS name
      JOIN expected USING (name_key)) AS choice
   WHERE place = 1`;

/** All that is known of each person of the file: what was decided, who has their address, who is called as they are. */
const KNOWN = `
  named AS (
    SELECT id, (array_agg(registration_id))[1] AS registration_id, count(*) AS choices FROM called GROUP BY id),
  let_in AS (
    SELECT DISTINCT ON (file_person.id) file_person.id, expected.id AS registration_id
      FROM expected JOIN attendance_walk_in ON registration_id = expected.id
      JOIN file_person ON file_person.key = attendance_walk_in.key
     ORDER BY file_person.id, cancelled, expected.id),
  host AS (
    SELECT email FROM person WHERE id IN (
      SELECT person_id FROM membership WHERE group_id = $2 AND role IN ('OWNER', 'ORGANIZER', 'HOST')
      UNION SELECT person_id FROM event_person WHERE event_id = $1)),
  known AS (
    SELECT file_person.id, file_person.email IS NOT NULL AS addressed, decision AS memory, memory.person_id,
           coalesce(let_in.registration_id, by_email.id) AS certain, named.registration_id AS called, choices,
           by_memory.id AS remembered,
           organizer OR file_person.email IN (SELECT email FROM host) AS is_host
      FROM file_person
      LEFT JOIN attendance_match AS memory ON memory.group_id = $2 AND memory.name_key = file_person.key
      LEFT JOIN expected AS by_memory ON by_memory.person_id = memory.person_id
      LEFT JOIN let_in ON let_in.id = file_person.id
      LEFT JOIN expected AS by_email ON by_email.email = file_person.email
      LEFT JOIN named ON named.id = file_person.id)`;

/**
 * Says of everybody in the file who they are, as well as we can tell: remembered, by address, by name. Whoever shares the
 * name of a registration with another in the file or of two registrations is left for an organizer to decide.
 */
export async function matchPeople(tx: EntityManager, event: Event): Promise<void> {
  await tx.query(
    `INSERT INTO expected
     SELECT registration.id, registration.name, ${nameKey('registration.name')}, person_id, person.email, state = 'CANCELLED'
       FROM registration LEFT JOIN person ON person.id = person_id WHERE event_id = $1`,
    [event.id],
  );
  await tx.query('ANALYZE expected');
  await tx.query(
    `INSERT INTO file_match (id, certainty, registration_id, let_in_as, memory, person_id)
     WITH called AS (${CALLED}),
     ${KNOWN},
     judged AS (
       SELECT *, CASE WHEN memory IS NOT NULL THEN 'REMEMBERED'
                      WHEN certain IS NOT NULL THEN CASE WHEN addressed THEN 'EMAIL' ELSE 'NAME' END
                      WHEN choices = 1 THEN 'NAME'
                      WHEN is_host THEN 'HOST'
                      WHEN choices > 1 THEN 'SIMILAR' ELSE 'NONE' END AS certainty,
              CASE memory WHEN 'PERSON' THEN remembered WHEN 'WALK_IN' THEN certain WHEN 'IGNORED' THEN NULL
                   ELSE coalesce(certain, CASE WHEN choices = 1 THEN called END) END AS registration_id
         FROM known),
     shared AS (
       SELECT registration_id FROM judged WHERE registration_id IS NOT NULL GROUP BY registration_id HAVING count(*) > 1)
     SELECT id, CASE WHEN doubtful THEN 'SIMILAR' ELSE certainty END, CASE WHEN NOT doubtful THEN registration_id END,
            certain, memory, person_id
       FROM (SELECT *, memory IS NULL AND certain IS NULL AND registration_id IN (SELECT registration_id FROM shared) AS doubtful
               FROM judged) AS person`,
    [event.id, event.groupId],
  );
}

/**
 * Who those may be that are not matched: up to three registrations that nobody else is matched with, by how alike the
 * names are written. Answers with how many were not compared because there are too many.
 */
export async function proposeSimilar(tx: EntityManager): Promise<number> {
  await tx.query(
    `INSERT INTO file_proposal
     SELECT id, registration_id, 1 FROM file_match WHERE registration_id IS NOT NULL
     UNION SELECT called.id, called.registration_id, 1 FROM (${CALLED}) AS called JOIN file_match USING (id)
            WHERE certainty = 'SIMILAR'`,
  );
  await tx.query(
    `INSERT INTO unmatched SELECT id, name_key FROM expected
      WHERE NOT EXISTS (SELECT FROM file_match WHERE file_match.registration_id = expected.id)`,
  );
  await tx.query('CREATE INDEX ON unmatched USING gin (name_key gin_trgm_ops)');
  await tx.query(
    `INSERT INTO file_proposal
     SELECT person.id, near.id, near.similarity
       FROM (SELECT file_person.id, ${nameKey('name')} AS name_key FROM file_match JOIN file_person USING (id)
              WHERE certainty = 'NONE' AND name IS NOT NULL ORDER BY id LIMIT $1) AS person
      CROSS JOIN LATERAL (
        SELECT unmatched.id, similarity(unmatched.name_key, person.name_key) AS similarity FROM unmatched
         WHERE unmatched.name_key % person.name_key ORDER BY 2 DESC, 1 LIMIT 3) AS near`,
    [MOST_COMPARED],
  );
  const [left]: { people: number }[] = await tx.query(
    `WITH alike AS (
       UPDATE file_match SET certainty = 'SIMILAR'
        WHERE certainty = 'NONE' AND EXISTS (SELECT FROM file_proposal WHERE file_proposal.id = file_match.id))
     SELECT greatest(0, count(*) FILTER (WHERE certainty = 'NONE' AND name IS NOT NULL) - $1)::int AS people
       FROM file_match JOIN file_person USING (id)`,
    [MOST_COMPARED],
  );
  return left?.people ?? 0;
}

/** Takes in what an organizer decided, and answers with the keys and the registrations that are not to be found. */
export async function takeDecisions(
  tx: EntityManager,
  decisions: readonly Decision[],
): Promise<{ keys: string[]; registrationIds: string[] }> {
  const strange = decisions.flatMap(({ registrationId }) => registrationId ?? []).filter((id) => !isUuid(id));
  if (decisions.length === 0 || strange.length > 0) return { keys: [], registrationIds: strange };
  await tx.query(
    `INSERT INTO file_decision
     SELECT key, act, "registrationId" FROM json_to_recordset($1) AS made(key text, act text, "registrationId" uuid)`,
    [JSON.stringify(decisions)],
  );
  const [unknown]: { keys: string[]; registrationIds: string[] }[] = await tx.query(
    `SELECT array(SELECT key FROM file_decision EXCEPT SELECT key FROM file_person) AS keys,
            array(SELECT registration_id FROM file_decision WHERE registration_id IS NOT NULL
                  EXCEPT SELECT id FROM expected) AS "registrationIds"`,
  );
  return unknown ?? { keys: [], registrationIds: [] };
}

/**
 * What becomes of everybody: as an organizer decided, else as we are sure. A walk-in whose address is registered, or whom
 * an earlier file let in, is that registration.
 */
export async function decideAll(tx: EntityManager): Promise<void> {
  await tx.query(
    `UPDATE file_match
        SET person_id = CASE WHEN act IS NULL THEN file_match.person_id END,
            chosen = CASE act WHEN 'REGISTRATION' THEN file_decision.registration_id WHEN 'WALK_IN' THEN let_in_as
                              WHEN 'IGNORE' THEN NULL ELSE file_match.registration_id END,
            decision = CASE
              WHEN act = 'WALK_IN' AND let_in_as IS NULL THEN 'WALK_IN' WHEN act = 'IGNORE' THEN 'IGNORE'
              WHEN act IS NOT NULL THEN 'REGISTRATION'
              WHEN certainty = 'SIMILAR' THEN 'UNDECIDED'
              WHEN certainty = 'HOST' OR memory = 'IGNORED' THEN 'IGNORE'
              WHEN file_match.registration_id IS NULL THEN 'WALK_IN' ELSE 'REGISTRATION' END
       FROM file_person LEFT JOIN file_decision USING (key)
      WHERE file_person.id = file_match.id`,
  );
  await tx.query('ANALYZE file_match, file_proposal');
}

/** The figures of a summary. */
export interface Figures {
  people: number;
  from: Date | null;
  to: Date | null;
  walkIns: number;
  undecided: number;
  matched: CertaintyCount[];
}

export async function figuresOf(tx: EntityManager): Promise<Figures> {
  const [figures]: Figures[] = await tx.query(
    `SELECT count(*)::int AS people, min(first_at) AS "from", max(last_at) AS "to",
            count(*) FILTER (WHERE decision = 'WALK_IN')::int AS "walkIns",
            count(*) FILTER (WHERE decision = 'UNDECIDED')::int AS undecided,
            (SELECT coalesce(json_agg(line ORDER BY array_position(ARRAY['REMEMBERED', 'EMAIL', 'NAME', 'SIMILAR', 'HOST', 'NONE'], certainty)), '[]')
               FROM (SELECT certainty, count(*)::int AS people FROM file_match GROUP BY certainty) AS line) AS matched
       FROM file_person JOIN file_match USING (id)`,
  );
  if (!figures) throw new Error('Counting always answers');
  return figures;
}

/** Everybody in the file, or those of one decision, in the order of the file, a thousand at a time. */
export async function* peopleInFile(tx: EntityManager, decision: string | null = null): AsyncGenerator<FilePerson[]> {
  let after = 0;
  for (;;) {
    const rows: (FilePerson & { id?: number })[] = await tx.query(
      `SELECT id, key, name, email, minutes, first_at AS "firstAt", last_at AS "lastAt", certainty, decision,
              chosen AS "registrationId",
              (SELECT coalesce(json_agg(json_build_object('registrationId', registration_id, 'name', expected.name,
                                                          'similarity', round(similarity::numeric, 2))
                                        ORDER BY similarity DESC, registration_id), '[]')
                 FROM file_proposal JOIN expected ON expected.id = registration_id
                WHERE file_proposal.id = person.id) AS proposals
         FROM (SELECT * FROM file_person JOIN file_match USING (id)
                WHERE id > $1 AND ($2::text IS NULL OR decision = $2) ORDER BY id LIMIT $3) AS person ORDER BY id`,
      [after, decision, PAGE],
    );
    const last = rows.at(-1)?.id;
    for (const row of rows) {
      delete row.id;
      row.proposals.splice(3);
    }
    if (rows.length > 0) yield rows;
    if (rows.length < PAGE || !last) return;
    after = last;
  }
}
