import { isUuid } from '#kernel';
import type { Event } from '#events';
import {
  Registration,
  RegistrationState,
  blockedAmong,
  insertRegistrations,
  saveCounters,
  ticketCodeOf,
} from '#registration';
import type { EntityManager } from 'typeorm';
import type { CheckIn, Entry, Known, Scan } from './door.ts';
import { readPlace, type Place } from './walk-ins.ts';

type Kept = Omit<CheckIn, 'before'> & { before: Parameters<typeof readPlace>[0] | null };

const CHECK_IN = `id, registration_id AS "registrationId", nonce, method, at, before`;

/** All that the door has to know for these scans, in the same few queries for one as for hundreds. */
export async function knownFor(
  tx: EntityManager,
  event: Event,
  scans: readonly Scan[],
): Promise<Omit<Known, 'countsUntil'>> {
  const nonces = scans.flatMap(({ nonce }) => nonce ?? []);
  const earlier = nonces.length > 0 ? await scansByNonce(tx, event.id, nonces) : [];
  const typed = scans.flatMap(({ name, ticketCode, registrationId }) =>
    name?.trim() && !ticketCode && !registrationId ? name.trim() : [],
  );
  const names = typed.length > 0 ? await idsByName(tx, event.id, typed) : new Map<string, string[]>();
  const found = await registrationsBy(
    tx,
    scans.flatMap(({ ticketCode }) => (ticketCode ? ticketCodeOf(ticketCode) : [])),
    [
      ...scans.flatMap(({ registrationId }) => registrationId ?? []).filter(isUuid),
      ...earlier.map(({ registrationId }) => registrationId),
      ...[...names.values()].flat(),
    ],
  );
  const made = scans.flatMap(({ registration }) => registration ?? []);
  const registrations = [...found, ...made];
  const live = await liveCheckIns(
    tx,
    registrations.map(({ id }) => id),
  );
  const asked = scans.some(({ letIn }) => letIn);
  return {
    scans: new Map(earlier.map((scan) => [scan.nonce ?? '', scan])),
    live: new Map(live.map((scan) => [scan.registrationId, scan])),
    registrations,
    names,
    blocked: asked
      ? await blockedAmong(
          tx,
          event.groupId,
          registrations.flatMap(({ personId }) => personId ?? []),
        )
      : new Set(),
  };
}

async function scansByNonce(tx: EntityManager, eventId: string, nonces: string[]): Promise<CheckIn[]> {
  const rows: Kept[] = await tx.query(`SELECT ${CHECK_IN} FROM check_in WHERE event_id = $1 AND nonce = ANY($2)`, [
    eventId,
    nonces,
  ]);
  return rows.map(readCheckIn);
}

/** What the door knows of those of these registrations that are in. */
export async function liveCheckIns(tx: EntityManager, registrationIds: string[]): Promise<CheckIn[]> {
  const rows: Kept[] = await tx.query(
    `SELECT ${CHECK_IN} FROM check_in WHERE registration_id = ANY($1) AND undone_at IS NULL`,
    [registrationIds],
  );
  return rows.map(readCheckIn);
}

function readCheckIn({ before, ...row }: Kept): CheckIn {
  return { ...row, before: before && readPlace(before) };
}

async function idsByName(tx: EntityManager, eventId: string, names: string[]): Promise<Map<string, string[]>> {
  const rows: { name: string; ids: string[] }[] = await tx.query(
    `SELECT typed.name, array_agg(registration.id) AS ids
       FROM (SELECT DISTINCT unnest($2::text[]) AS name) AS typed
       JOIN registration ON event_id = $1 AND lower(registration.name) = lower(typed.name)
      WHERE state <> 'CANCELLED' GROUP BY typed.name`,
    [eventId, names],
  );
  return new Map(rows.map(({ name, ids }) => [name, ids]));
}

/** Registrations by the code of their ticket or by id, of whatever event. */
export async function registrationsBy(tx: EntityManager, codes: string[], ids: string[]): Promise<Registration[]> {
  return tx
    .createQueryBuilder(Registration, 'registration')
    .where('registration.ticketCode = ANY(:codes) OR registration.id = ANY(:ids)', { codes, ids })
    .getMany();
}

/** Writes what was decided: whoever was let in without a seat, the event's counters, and the door's list. */
export async function writeEntries(
  tx: EntityManager,
  event: Event,
  entries: readonly Entry[],
  by: { actorId: string | null; now: Date },
): Promise<void> {
  const walkIns = entries.filter(({ checkIn, replaces }) => checkIn.method === 'walk_in' && !replaces);
  await writeWalkIns(
    tx,
    event,
    walkIns.map(({ registration, checkIn: { before } }) => ({ registration, before })),
  );
  const replaced = entries.flatMap(({ replaces }) => replaces?.id ?? []);
  if (replaced.length > 0) await undoCheckIns(tx, replaced, by.now);
  await tx.query(
    `INSERT INTO check_in (id, event_id, registration_id, nonce, method, at, before, actor_id)
     SELECT id, $1, "registrationId", nonce, method, at, nullif(before, 'null'), $2
       FROM jsonb_to_recordset($3) AS made(id uuid, "registrationId" uuid, nonce text, method text, at timestamptz, before jsonb)`,
    [event.id, by.actorId, JSON.stringify(entries.map(({ checkIn }) => checkIn))],
  );
}

export async function undoCheckIns(tx: EntityManager, ids: string[], now: Date): Promise<void> {
  await tx.query('UPDATE check_in SET undone_at = $2 WHERE id = ANY($1)', [ids, now]);
}

/** Writes those who were let in without a seat, new or known before, and the event's counters. See `letIn`. */
export async function writeWalkIns(
  tx: EntityManager,
  event: Event,
  walkIns: readonly { registration: Registration; before: Place | null }[],
): Promise<void> {
  if (walkIns.length === 0) return;
  const made = walkIns.filter(({ before }) => !before);
  const known = walkIns.filter(({ before }) => before);
  await insertRegistrations(
    tx,
    event,
    made.map(({ registration }) => registration),
  );
  if (known.length > 0)
    await tx.query(
      `UPDATE registration
          SET state = 'CONFIRMED', waitlist_number = NULL, offered_until = NULL, cancelled_at = NULL, party_id = NULL,
              confirmed_at = place."confirmedAt", walk_in = true, holds_seat = place."holdsSeat"
         FROM jsonb_to_recordset($1) AS place(id uuid, "confirmedAt" timestamptz, "holdsSeat" boolean)
        WHERE registration.id = place.id`,
      [JSON.stringify(known.map(({ registration }) => registration))],
    );
  await growParties(tx, partiesOf(known.map(({ before }) => before)), -1);
  await saveCounters(tx, event);
}

/** Puts somebody back where they were. */
export async function writePlace(
  tx: EntityManager,
  event: Event,
  registration: Registration,
  before: Place | null,
): Promise<void> {
  const { state, cancelledAt } = registration;
  await tx.update(Registration, { id: registration.id }, before ?? { state, cancelledAt });
  await growParties(tx, partiesOf([before]), 1);
  await saveCounters(tx, event);
}

/** Those who bring these guests; a guest who had stepped back is counted in no party. */
function partiesOf(places: readonly (Place | null)[]): string[] {
  return places.flatMap((place) => (place?.state === RegistrationState.CANCELLED ? [] : (place?.partyId ?? [])));
}

/** Guests who come on their own account leave their party, and are counted in it again when that is undone. */
export async function growParties(tx: EntityManager, partyIds: string[], by: 1 | -1): Promise<void> {
  if (partyIds.length === 0) return;
  await tx.query(
    `UPDATE registration SET party_size = greatest(1, party_size + guest.people * $2)
       FROM (SELECT id, count(*)::int AS people FROM unnest($1::uuid[]) AS id GROUP BY id) AS guest
      WHERE registration.id = guest.id`,
    [partyIds, by],
  );
}

/** Whether a file of the call or the own link also says that somebody was there. */
export async function isKnownOtherwise(tx: EntityManager, registrationId: string): Promise<boolean> {
  const [row]: { known: boolean }[] = await tx.query(
    `SELECT joined_at IS NOT NULL OR EXISTS (
              SELECT FROM attendance_stay JOIN attendance_import ON attendance_import.id = import_id
               WHERE registration_id = registration.id AND undone_at IS NULL) AS known
       FROM registration WHERE id = $1`,
    [registrationId],
  );
  return row?.known ?? false;
}
