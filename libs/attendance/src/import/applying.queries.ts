import { newId } from '#kernel';
import type { Event, Pool } from '#events';
import { upsertPeople } from '#identity';
import { RegistrationState, insertRegistrations, putSeats, seatsOf } from '#registration';
import type { EntityManager } from 'typeorm';
import { growParties } from '../door.queries.ts';
import { newWalkIn } from '../walk-ins.ts';
import type { AttendanceImport } from './attendance-import.ts';

const BATCH = 1_000;

/** The stays that this file tells of registrations, once it is decided who is who. */
const TOLD = `
  SELECT chosen AS registration_id, joined_at, left_at, file_stay.minutes
    FROM file_stay JOIN file_identity USING (email, name, shown)
    JOIN file_person USING (key) JOIN file_match USING (id)
   WHERE chosen IS NOT NULL`;

/** Whether applying the file would leave everything as it is. */
export async function isApplied(tx: EntityManager, importId: string): Promise<boolean> {
  const [row]: { same: boolean }[] = await tx.query(
    `WITH told AS (${TOLD}),
     kept AS (SELECT registration_id, joined_at, left_at, minutes FROM attendance_stay WHERE import_id = $1)
     SELECT NOT EXISTS (SELECT FROM file_match LEFT JOIN registration ON registration.id = chosen
                         WHERE decision = 'WALK_IN' OR registration.state <> 'CONFIRMED')
        AND NOT EXISTS (SELECT * FROM told EXCEPT ALL SELECT * FROM kept)
        AND NOT EXISTS (SELECT * FROM kept EXCEPT ALL SELECT * FROM told) AS same`,
    [importId],
  );
  return row?.same ?? false;
}

/** Remembers for the group what was decided by hand; a registration of nobody we know cannot be remembered. */
export async function rememberDecisions(
  tx: EntityManager,
  event: Event,
  by: { actorId: string | null; now: Date },
): Promise<void> {
  await tx.query(
    `WITH made AS (
       SELECT key, person_id, CASE act WHEN 'REGISTRATION' THEN 'PERSON' WHEN 'IGNORE' THEN 'IGNORED' ELSE act END AS decision
         FROM file_decision LEFT JOIN expected ON expected.id = registration_id),
     forgotten AS (
       DELETE FROM attendance_match USING made
        WHERE group_id = $1 AND name_key = key AND made.decision = 'PERSON' AND made.person_id IS NULL)
     INSERT INTO attendance_match AS known (group_id, name_key, decision, person_id, decided_by, decided_at)
     SELECT $1, key, decision, person_id, $2, $3 FROM made WHERE decision <> 'PERSON' OR person_id IS NOT NULL
     ON CONFLICT (group_id, name_key) DO UPDATE
        SET decision = excluded.decision, person_id = excluded.person_id, decided_by = $2, decided_at = $3
      WHERE (known.decision, known.person_id) IS DISTINCT FROM (excluded.decision, excluded.person_id)`,
    [event.groupId, by.actorId, by.now],
  );
}

/** Adds those whom nobody expected as registrations, and notes that this import made them. */
export async function makeWalkIns(
  tx: EntityManager,
  event: Event,
  by: { importId: string; pool: Pool },
): Promise<number> {
  await findWalkInPeople(tx, event);
  let after = 0;
  let made = 0;
  for (;;) {
    const leads: { id: number; key: string; name: string; personId: string | null; firstAt: Date | null }[] =
      await tx.query(
        `SELECT id, key, coalesce(name, split_part(email, '@', 1)) AS name, person_id AS "personId", first_at AS "firstAt"
           FROM file_match JOIN file_person USING (id)
          WHERE id IN (SELECT min(id) FROM file_match WHERE decision = 'WALK_IN'
                        GROUP BY coalesce(person_id::text, id::text) HAVING min(id) > $1 ORDER BY 1 LIMIT $2)
          ORDER BY id`,
        [after, BATCH],
      );
    const last = leads.at(-1);
    if (!last) return made;
    const registrations = leads.map(({ name, personId, firstAt }) => {
      const at = firstAt ?? event.startsAt;
      const walkIn = newWalkIn(event, { name, personId, pool: by.pool, at });
      return Object.assign(walkIn, { state: RegistrationState.CONFIRMED, confirmedAt: at });
    });
    await insertRegistrations(tx, event, registrations);
    await noteWalkIns(
      tx,
      by.importId,
      leads.map(({ id, key }, index) => ({ id, key, registrationId: registrations[index]?.id })),
    );
    made += leads.length;
    after = last.id;
  }
}

/** The person of each walk-in who left an address, in order of address: two imports then never wait for each other. */
async function findWalkInPeople(tx: EntityManager, event: Event): Promise<void> {
  let after = '';
  for (;;) {
    const people: { name: string; email: string }[] = await tx.query(
      `SELECT email, coalesce(name, split_part(email, '@', 1)) AS name
         FROM file_match JOIN file_person USING (id)
        WHERE decision = 'WALK_IN' AND person_id IS NULL AND email COLLATE "C" > $1 ORDER BY email COLLATE "C" LIMIT $2`,
      [after, BATCH],
    );
    const last = people.at(-1);
    if (!last) return;
    const ids = await upsertPeople(
      tx,
      people.map((person) => ({ ...person, language: event.language })),
    );
    await tx.query(
      `UPDATE file_match SET person_id = known.id
         FROM file_person JOIN json_to_recordset($1) AS known(email text, id uuid) USING (email)
        WHERE file_person.id = file_match.id AND decision = 'WALK_IN' AND person_id IS NULL`,
      [JSON.stringify([...ids].map(([email, id]) => ({ email, id })))],
    );
    after = last.email;
  }
}

/** Several in the file may turn out to be one person; all of them are then this walk-in. */
async function noteWalkIns(
  tx: EntityManager,
  importId: string,
  made: readonly { id: number; key: string; registrationId: string | undefined }[],
): Promise<void> {
  await tx.query(
    `WITH made AS (
       SELECT id, key, "registrationId" FROM json_to_recordset($2) AS made(id int, key text, "registrationId" uuid)),
     noted AS (
       INSERT INTO attendance_walk_in (registration_id, import_id, key) SELECT "registrationId", $1, key FROM made),
     lead AS (SELECT made.*, coalesce(person_id::text, id::text) AS who FROM made JOIN file_match USING (id))
     UPDATE file_match SET chosen = "registrationId" FROM lead
      WHERE decision = 'WALK_IN' AND coalesce(file_match.person_id::text, file_match.id::text) = who`,
    [importId, JSON.stringify(made)],
  );
}

/** Lets those in who are registered and have no seat, counted on the event, and keeps what they were before. */
export async function letInRegistered(tx: EntityManager, event: Event, importId: string): Promise<number> {
  const [rows]: [{ pool: Pool; was: string; partyId: string | null }[], number] = await tx.query(
    `WITH found AS (
       SELECT DISTINCT ON (registration.id) registration.*, key, first_at
         FROM file_match JOIN file_person USING (id) JOIN registration ON registration.id = chosen
        WHERE state <> 'CONFIRMED' ORDER BY registration.id, file_match.id),
     noted AS (
       INSERT INTO attendance_walk_in (registration_id, import_id, key, before)
       SELECT id, $1, key, jsonb_build_object('state', state, 'waitlistNumber', waitlist_number, 'offeredUntil', offered_until,
                'confirmedAt', confirmed_at, 'cancelledAt', cancelled_at, 'walkIn', walk_in, 'holdsSeat', holds_seat,
                'partyId', party_id)
         FROM found ON CONFLICT (registration_id) DO NOTHING)
     UPDATE registration
        SET state = 'CONFIRMED', waitlist_number = NULL, offered_until = NULL, cancelled_at = NULL, party_id = NULL,
            walk_in = true, holds_seat = found.state = 'OFFERED', confirmed_at = coalesce(first_at, $2)
       FROM found WHERE registration.id = found.id
      RETURNING registration.pool, found.state AS was, found.party_id AS "partyId"`,
    [importId, event.startsAt],
  );
  moveWaiting(event, rows, -1);
  await growParties(tx, partiesOf(rows), -1);
  return rows.length;
}

/** Puts the stays that the file tells in the place of those it told before. */
export async function replaceStays(tx: EntityManager, importId: string): Promise<void> {
  await tx.query('DELETE FROM attendance_stay WHERE import_id = $1', [importId]);
  await tx.query(
    `INSERT INTO attendance_stay (import_id, registration_id, joined_at, left_at, minutes) SELECT $1, * FROM (${TOLD}) AS told`,
    [importId],
  );
}

/** Whose stays an import has told so far. */
export async function registrationsIn(tx: EntityManager, importId: string): Promise<string[]> {
  const rows: { id: string }[] = await tx.query(
    'SELECT DISTINCT registration_id AS id FROM attendance_stay WHERE import_id = $1',
    [importId],
  );
  return rows.map(({ id }) => id);
}

/**
 * Gives back what people were before an import let them in, now that nothing says any more that they were there. Counted
 * on the event. Answers with those whom imports had made: they are cancelled, and nobody needs them.
 */
export async function putBack(
  tx: EntityManager,
  event: Event,
  registrationIds: readonly string[],
  now: Date,
): Promise<string[]> {
  const rows: { id: string; pool: Pool; was: string | null; partyId: string | null; back: boolean }[] = await tx.query(
    `WITH bare AS (
       DELETE FROM attendance_walk_in USING registration
        WHERE registration_id = ANY($1) AND registration.id = registration_id AND joined_at IS NULL
          AND NOT EXISTS (SELECT FROM check_in WHERE check_in.registration_id = registration.id AND undone_at IS NULL)
          AND NOT EXISTS (SELECT FROM attendance_stay JOIN attendance_import ON attendance_import.id = attendance_stay.import_id
                           WHERE attendance_stay.registration_id = registration.id AND undone_at IS NULL)
        RETURNING registration.id, pool, state = 'CONFIRMED' AS back, before, coalesce(before, jsonb_build_object(
                  'state', 'CANCELLED', 'cancelledAt', $2::timestamptz, 'walkIn', true, 'holdsSeat', false)) AS place),
     returned AS (
       UPDATE registration
          SET state = place->>'state', waitlist_number = (place->>'waitlistNumber')::int,
              offered_until = (place->>'offeredUntil')::timestamptz, confirmed_at = (place->>'confirmedAt')::timestamptz,
              cancelled_at = (place->>'cancelledAt')::timestamptz, walk_in = (place->>'walkIn')::boolean,
              holds_seat = (place->>'holdsSeat')::boolean, party_id = (place->>'partyId')::uuid
         FROM bare WHERE registration.id = bare.id AND back)
     SELECT id, pool, before->>'state' AS was, before->>'partyId' AS "partyId", back FROM bare`,
    [registrationIds, now],
  );
  const back = rows.filter((row) => row.back);
  moveWaiting(event, back, 1);
  await growParties(tx, partiesOf(back), 1);
  return rows.filter(({ was }) => was === null).map(({ id }) => id);
}

/** Deletes those whom an import made, and counts them no more; somebody with a line in the door's list stays, cancelled. */
export async function deleteMade(tx: EntityManager, event: Event, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const [, deleted]: [unknown, number] = await tx.query(
    `DELETE FROM registration
      WHERE id = ANY($1) AND NOT EXISTS (SELECT FROM check_in WHERE registration_id = registration.id)`,
    [ids],
  );
  Object.assign(event, { registrationCount: event.registrationCount - deleted });
}

function moveWaiting(event: Event, rows: readonly { pool: Pool; was: string | null }[], by: 1 | -1): void {
  for (const { pool, was } of rows) {
    if (was !== RegistrationState.WAITLISTED) continue;
    const seats = seatsOf(event, pool);
    putSeats(event, pool, { ...seats, waiting: seats.waiting + by });
  }
}

/** Those who bring these guests; a guest who had stepped back is counted in no party. */
function partiesOf(rows: readonly { partyId: string | null; was: string | null }[]): string[] {
  return rows.flatMap(({ partyId, was }) => (was === RegistrationState.CANCELLED ? [] : (partyId ?? [])));
}

/** The import of this content at the event, counting again if it had been taken back; made if it is new. */
export async function writeImport(
  tx: EntityManager,
  event: Event,
  facts: { digest: string; format: string; fileName: string | null; actorId: string | null; now: Date },
): Promise<string> {
  const { digest, format, fileName, actorId, now } = facts;
  const [row]: { id: string }[] = await tx.query(
    `INSERT INTO attendance_import (id, event_id, group_id, digest, format, file_name, applied_by, applied_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
     ON CONFLICT ON CONSTRAINT uq_attendance_import_event_digest DO UPDATE
        SET format = excluded.format, file_name = coalesce(excluded.file_name, attendance_import.file_name),
            applied_by = excluded.applied_by, applied_at = excluded.applied_at, undone_at = NULL
     RETURNING id`,
    [newId(), event.id, event.groupId, digest, format, fileName, actorId, now],
  );
  if (!row) throw new Error('The import was just written');
  return row.id;
}

/** Counts whom an import tells of, for the list of imports. */
export async function countImport(tx: EntityManager, importId: string): Promise<void> {
  await tx.query(
    `UPDATE attendance_import
        SET people = (SELECT count(DISTINCT registration_id) FROM attendance_stay WHERE import_id = $1),
            walk_ins = (SELECT count(DISTINCT attendance_stay.registration_id)
                          FROM attendance_stay JOIN attendance_walk_in USING (registration_id)
                         WHERE attendance_stay.import_id = $1)
      WHERE id = $1`,
    [importId],
  );
}

/** Takes the stays of an import back. */
export async function undoImport(tx: EntityManager, importId: string, now: Date): Promise<void> {
  await tx.query('DELETE FROM attendance_stay WHERE import_id = $1', [importId]);
  await tx.query('UPDATE attendance_import SET undone_at = $2 WHERE id = $1', [importId, now]);
}

const IMPORT = `attendance_import.id, event_id AS "eventId", format, file_name AS "fileName", applied_at AS "appliedAt",
  person.name AS "appliedBy", people, walk_ins AS "walkIns", undone_at AS "undoneAt"`;

/** The files applied to these events, the latest first; one query for all. */
export async function importsOf(db: EntityManager, eventIds: readonly string[]): Promise<AttendanceImport[]> {
  return db.query(
    `SELECT ${IMPORT} FROM attendance_import LEFT JOIN person ON person.id = applied_by
      WHERE event_id = ANY($1) ORDER BY applied_at DESC, attendance_import.id`,
    [eventIds],
  );
}

/** One import by its id. */
export async function importById(tx: EntityManager, id: string): Promise<AttendanceImport | null> {
  const [row]: AttendanceImport[] = await tx.query(
    `SELECT ${IMPORT} FROM attendance_import LEFT JOIN person ON person.id = applied_by WHERE attendance_import.id = $1`,
    [id],
  );
  return row ?? null;
}

/** The id of the import of this content that counts at the event, if there is one. */
export async function liveImport(tx: EntityManager, eventId: string, digest: string): Promise<string | null> {
  const [row]: { id: string }[] = await tx.query(
    'SELECT id FROM attendance_import WHERE event_id = $1 AND digest = $2 AND undone_at IS NULL',
    [eventId, digest],
  );
  return row?.id ?? null;
}
