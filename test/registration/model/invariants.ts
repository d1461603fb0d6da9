import type { DataSource } from 'typeorm';

interface Row {
  id: string;
  party_id: string | null;
  party_size: number;
  passed_over: number;
  pool: string;
  state: string;
  waitlist_number: number | null;
  holds_seat: boolean;
  attendance: string;
  round: number;
  person_id: string | null;
}

interface EventRow {
  capacity_in_person: number;
  capacity_online: number;
  taken_in_person: number;
  taken_online: number;
  waiting_in_person: number;
  waiting_online: number;
  registration_count: number;
  attended_in_person: number;
  attended_online: number;
}

/** What an act of the history makes of a registration, and of which state it may be told. */
const ACTS: Record<string, { from: (string | undefined)[]; to: string | null }> = {
  'registration.confirmed': { from: [undefined, 'CANCELLED'], to: 'CONFIRMED' },
  'registration.waitlisted': { from: [undefined, 'CANCELLED'], to: 'WAITLISTED' },
  'registration.promoted': { from: ['WAITLISTED'], to: 'CONFIRMED' },
  'registration.offered': { from: ['WAITLISTED'], to: 'OFFERED' },
  'registration.accepted': { from: ['OFFERED'], to: 'CONFIRMED' },
  'registration.switched': { from: ['CONFIRMED', 'OFFERED', 'WAITLISTED'], to: 'CONFIRMED' },
  'registration.left': { from: ['CONFIRMED', 'WAITLISTED'], to: 'CANCELLED' },
  'registration.declined': { from: ['OFFERED'], to: 'CANCELLED' },
  'registration.expired': { from: ['OFFERED'], to: 'CANCELLED' },
  'registration.removed': { from: ['CONFIRMED', 'OFFERED', 'WAITLISTED'], to: 'CANCELLED' },
  'registration.blocked': { from: ['CONFIRMED', 'OFFERED', 'WAITLISTED'], to: 'CANCELLED' },
};

/** One look at an event, all of it. */
export interface Snapshot {
  event: EventRow;
  rows: Row[];
}

export async function snapshotOf(db: DataSource, eventId: string): Promise<Snapshot> {
  const [event] = await db.query('SELECT * FROM event WHERE id = $1', [eventId]);
  const rows = await db.query('SELECT * FROM registration WHERE event_id = $1 ORDER BY id', [eventId]);
  return { event, rows };
}

/** Everything that must hold of an event at any time, in sentences; empty when it does. */
export async function faultsOf(db: DataSource, eventId: string, keepsSeats: boolean): Promise<string[]> {
  const { event, rows } = await snapshotOf(db, eventId);
  const faults: string[] = [];
  if (event.registration_count !== rows.length) faults.push('registration_count is not the number of rows');
  for (const pool of ['IN_PERSON', 'ONLINE'] as const) faults.push(...faultsOfPool(event, rows, pool, keepsSeats));
  faults.push(...faultsOfPeople(rows), ...(await faultsOfHistory(db, rows)), ...(await faultsOfMail(db, eventId)));
  return faults;
}

function faultsOfPool(event: EventRow, rows: Row[], pool: 'IN_PERSON' | 'ONLINE', keepsSeats: boolean): string[] {
  const faults: string[] = [];
  const suffix = pool === 'IN_PERSON' ? 'in_person' : 'online';
  const here = rows.filter((row) => row.pool === pool);
  const seated = here.filter((row) => ['CONFIRMED', 'OFFERED'].includes(row.state) && row.holds_seat).length;
  const waiting = here.filter((row) => row.state === 'WAITLISTED').length;
  const capacity = event[`capacity_${suffix}`];
  if (seated > capacity) faults.push(`${pool}: ${seated} people on ${capacity} seats`);
  if (event[`taken_${suffix}`] !== seated) faults.push(`${pool}: taken is ${event[`taken_${suffix}`]}, not ${seated}`);
  if (event[`waiting_${suffix}`] !== waiting)
    faults.push(`${pool}: waiting is ${event[`waiting_${suffix}`]}, not ${waiting}`);
  const attended = here.filter((row) => row.attendance === 'ATTENDED').length;
  if (event[`attended_${suffix}`] !== attended)
    faults.push(`${pool}: attended is ${event[`attended_${suffix}`]}, not ${attended}`);

  // No seat stays free while somebody waits who may have it.
  const free = capacity - seated;
  const line = here
    .filter((row) => row.state === 'WAITLISTED' && !row.party_id)
    .sort((a, b) => Number(a.waitlist_number) - Number(b.waitlist_number));
  for (const [place, party] of line.entries()) {
    if (party.party_size > free) continue;
    const kept = line
      .slice(0, place)
      .some((other) => other.party_size <= capacity && other.passed_over + party.party_size > other.party_size);
    if (!keepsSeats || !kept)
      faults.push(`${pool}: ${free} seats are free and ${party.id} (${party.party_size}) waits`);
  }
  return faults;
}

function faultsOfPeople(rows: Row[]): string[] {
  const faults: string[] = [];
  const byId = new Map(rows.map((row) => [row.id, row]));
  const people = rows.flatMap(({ person_id }) => person_id ?? []);
  if (new Set(people).size < people.length) faults.push('somebody is registered twice');
  for (const row of rows) {
    const lead = row.party_id ? byId.get(row.party_id) : undefined;
    if (lead && row.state !== 'CANCELLED')
      for (const shared of ['state', 'pool', 'waitlist_number'] as const)
        if (row[shared] !== lead[shared] && lead.state !== 'CANCELLED')
          faults.push(`guest ${row.id} has another ${shared} than who brings them`);
    if (row.attendance === 'ATTENDED' && row.state !== 'CONFIRMED') faults.push(`${row.id} attended without a seat`);
  }
  return faults;
}

/** Told again from the history, every registration ends where it stands: no change without a line, no line without one. */
async function faultsOfHistory(db: DataSource, rows: Row[]): Promise<string[]> {
  const faults: string[] = [];
  const acts: { subject_id: string; act: string }[] = await db.query(
    `SELECT subject_id, act FROM history_entry WHERE subject_id = ANY($1) AND act = ANY($2) ORDER BY id`,
    [rows.map(({ id }) => id), Object.keys(ACTS)],
  );
  const told = new Map<string, string>();
  for (const { subject_id: id, act } of acts) {
    const rule = ACTS[act];
    if (!rule?.from.includes(told.get(id))) faults.push(`${act} is told of ${id}, which was ${told.get(id)}`);
    if (rule?.to) told.set(id, rule.to);
  }
  for (const { id, state } of rows)
    if (told.get(id) !== state) faults.push(`${id} is ${state}, and its history says ${told.get(id)}`);
  return faults;
}

/** At most one mail of a kind for each time something happened. */
async function faultsOfMail(db: DataSource, eventId: string): Promise<string[]> {
  const rows: { registration_id: string; kind: string; mails: number; acts: number }[] = await db.query(
    `SELECT registration_id, kind, count(*)::int AS mails,
            (SELECT count(*)::int FROM history_entry WHERE subject_id = registration_id
                AND act = ANY(CASE kind
                  WHEN 'registered' THEN ARRAY['registration.confirmed', 'registration.accepted']
                  WHEN 'left' THEN ARRAY['registration.left', 'registration.declined']
                  WHEN 'offer-expired' THEN ARRAY['registration.expired']
                  ELSE ARRAY['registration.' || kind] END)) AS acts
       FROM message WHERE event_id = $1 GROUP BY registration_id, kind`,
    [eventId],
  );
  return rows
    .filter(({ mails, acts }) => mails > acts)
    .map(({ registration_id, kind, mails, acts }) => `${mails} mails “${kind}” to ${registration_id} for ${acts} acts`);
}

/** Whoever was overtaken between two looks: they wait still, and somebody behind them or new has a seat, not by hand. */
export function overtakenBetween(before: Snapshot, after: Snapshot, byHand: ReadonlySet<string>): string[] {
  const was = new Map(before.rows.map((row) => [row.id, row]));
  const faults: string[] = [];
  for (const waiting of after.rows) {
    const then = was.get(waiting.id);
    if (waiting.state !== 'WAITLISTED' || waiting.party_id || then?.waitlist_number !== waiting.waitlist_number)
      continue;
    const passed = after.rows
      .filter((row) => {
        const past = was.get(row.id);
        const gotSeat = ['CONFIRMED', 'OFFERED'].includes(row.state) && row.pool === waiting.pool && row.holds_seat;
        const hadSeat = past && ['CONFIRMED', 'OFFERED'].includes(past.state) && past.pool === row.pool;
        const wasAhead = past?.state === 'WAITLISTED' && Number(past.waitlist_number) < Number(waiting.waitlist_number);
        return gotSeat && !hadSeat && !wasAhead && !byHand.has(row.party_id ?? row.id);
      })
      .map(({ id }) => id);
    // A party that does not fit is passed by as many people as it has itself, and by no more.
    const may = waiting.party_size > 1 ? waiting.party_size - (then.passed_over ?? 0) : 0;
    if (passed.length > may) faults.push(`${waiting.id} (${waiting.party_size}) was overtaken by ${passed.join(', ')}`);
  }
  return faults;
}
