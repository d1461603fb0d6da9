import { newId } from '#kernel';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import ICAL from 'ical.js';
import { simpleParser } from 'mailparser';
import nodeIcal from 'node-ical';
import { readFileSync, writeFileSync } from 'node:fs';
import { StandingClock } from '../support/clock.ts';
import { testSystem, type TestSystem } from '../support/system.ts';

/** Gmail cuts a longer mail off. */
const GMAIL_CLIPS_AT = 102 * 1024;

interface Case {
  kind: string;
  title: string;
  format?: 'IN_PERSON' | 'ONLINE' | 'HYBRID';
  pool?: 'IN_PERSON' | 'ONLINE';
  state?: string;
  eventState?: string;
  sequence?: number;
  seatVersion?: number;
  startsAtLocal?: string;
  facts?: Record<string, unknown>;
  told?: 'REQUEST';
  /** What the calendar part says; null for a mail without one. */
  says: { method: string; sequence: number; startsAt: string; endsAt: string } | null;
}

const MARCH = { startsAt: '2026-03-17T18:00:00.000Z', endsAt: '2026-03-17T20:00:00.000Z' };
/** The mails that golden files hold, by file name. */
const CASES: Record<string, Case> = {
  'registered-in-person': {
    kind: 'registered',
    title: 'Mapas para o banco alimentar: “Juntos!”',
    says: { method: 'REQUEST', sequence: 0, ...MARCH },
  },
  'registered-online': {
    kind: 'registered',
    title: '地図で手伝う夜 🗺️',
    format: 'ONLINE',
    pool: 'ONLINE',
    says: { method: 'REQUEST', sequence: 0, ...MARCH },
  },
  promoted: { kind: 'promoted', title: 'Repair café', says: { method: 'REQUEST', sequence: 0, ...MARCH } },
  changed: {
    kind: 'changed',
    title: 'Repair café',
    sequence: 1,
    startsAtLocal: '2026-03-31T18:00', // the clocks have changed by then
    facts: { startsAt: MARCH.startsAt, timeZone: 'Europe/Lisbon' },
    says: { method: 'REQUEST', sequence: 1, startsAt: '2026-03-31T17:00:00.000Z', endsAt: '2026-03-31T19:00:00.000Z' },
  },
  switched: {
    kind: 'switched',
    title: 'Repair café',
    format: 'HYBRID',
    pool: 'ONLINE',
    seatVersion: 1,
    says: { method: 'REQUEST', sequence: 1, ...MARCH },
  },
  left: {
    kind: 'left',
    title: 'Repair café',
    state: 'CANCELLED',
    seatVersion: 1,
    told: 'REQUEST',
    says: { method: 'CANCEL', sequence: 1, ...MARCH },
  },
  'event-cancelled': {
    kind: 'event-cancelled',
    title: 'Repair café',
    eventState: 'CANCELLED',
    sequence: 2,
    told: 'REQUEST',
    says: { method: 'CANCEL', sequence: 2, ...MARCH },
  },
  waitlisted: { kind: 'waitlisted', title: 'Repair café', state: 'WAITLISTED', facts: { position: 3 }, says: null },
};

let t: TestSystem;
const written = new Map<string, Buffer>();
beforeAll(async () => {
  t = await testSystem(new StandingClock('2026-03-02T09:30:00Z'));
  await t.db.query(
    `INSERT INTO meetup_group (id, slug, name, description, time_zone, language, changed_at, created_at)
     VALUES ($1, 'lisboa', 'Código Solidário Lisboa', '', 'Europe/Lisbon', 'en', '2026-01-01Z', '2026-01-01Z')`,
    [id('group', 0)],
  );
  await t.db.query(
    `INSERT INTO venue (id, group_id, name, address, latitude, longitude, changed_at)
     VALUES ($1, $2, 'Biblioteca de Marvila', 'R. António Gedeão, 1950 Lisboa', 38.7436, -9.1024, '2026-01-01Z')`,
    [id('venue', 0), id('group', 0)],
  );
  for (const [index, name] of Object.keys(CASES).entries()) written.set(name, await mailOf(name, index));
  if (process.env.UPDATE_GOLDEN === '1') for (const [name, bytes] of written) writeFileSync(fileOf(name), bytes);
}, 60_000);
afterAll(() => t.stop());

/** Ids that are the same each time: manage links and UIDs are made of them. */
function id(what: 'group' | 'venue' | 'person' | 'event' | 'registration' | 'message', number: number): string {
  const kind = ['group', 'venue', 'person', 'event', 'registration', 'message'].indexOf(what);
  return `00000000-000${kind}-4000-8000-${String(number).padStart(12, '0')}`;
}

function fileOf(name: string): URL {
  return new URL(`${name}.eml`, import.meta.url);
}

/** Makes what the mail is about, sends it, and gives its bytes with boundaries that are the same each time. */
async function mailOf(name: string, index: number): Promise<Buffer> {
  const mail = CASES[name];
  if (!mail) throw new Error(`No case ${name}`);
  const { format = 'IN_PERSON', startsAtLocal = '2026-03-17T18:00', state = 'CONFIRMED' } = mail;
  const endsAtLocal = startsAtLocal.replace('T18', 'T20');
  await t.db.query(
    `INSERT INTO event (id, group_id, slug, title, description, starts_at_local, ends_at_local, time_zone, starts_at, ends_at, language,
                        format, state, venue_id, join_url, sequence, cancel_reason, changed_at, created_at)
     VALUES ($1, $2, $3, $4, 'Bring a **laptop**, and a friend.', $5::text, $6::text, 'Europe/Lisbon',
             $5::timestamp AT TIME ZONE 'Europe/Lisbon', $6::timestamp AT TIME ZONE 'Europe/Lisbon', 'en', $7::text, $8::text, $9,
             'https://meet.example/secret', $10, CASE WHEN $8::text = 'CANCELLED' THEN 'The library has no heating.' END,
             '2026-02-01T08:00Z', '2026-01-15T08:00Z')`,
    [
      ...[id('event', index), id('group', 0), `${name}-2026`, mail.title, startsAtLocal, endsAtLocal, format],
      ...[mail.eventState ?? 'PUBLISHED', format === 'ONLINE' ? null : id('venue', 0), mail.sequence ?? 0],
    ],
  );
  await t.db.query(`INSERT INTO person (id, name, email, language) VALUES ($1, 'Inês', $2, 'en')`, [
    id('person', index),
    `ines+${name}@example.org`,
  ]);
  await t.db.query(
    `INSERT INTO registration (id, event_id, group_id, person_id, name, language, pool, state, waitlist_number, ticket_code,
                               registered_at, confirmed_at, calendar_sequence)
     VALUES ($1, $2, $3, $4, 'Inês', 'en', $5, $6::text, CASE WHEN $6::text = 'WAITLISTED' THEN 3 END, $7,
             '2026-03-01T10:00Z', '2026-03-01T10:00Z', $8)`,
    [
      ...[
        id('registration', index),
        id('event', index),
        id('group', 0),
        id('person', index),
        mail.pool ?? 'IN_PERSON',
        state,
      ],
      ...[`7K2MX-Q9RT${index}`, mail.seatVersion ?? 0],
    ],
  );
  if (mail.told) await addMessage(index, newId(), 'registered', { state: 'SENT', told: mail.told });
  await addMessage(index, id('message', index), mail.kind, { state: 'QUEUED', facts: mail.facts });
  await t.sendMail();
  const received = t.smtp.mails.find(({ recipient }) => recipient === `ines+${name}@example.org`);
  if (!received) throw new Error(`The mail ${name} was not sent`);
  return Buffer.from(
    received.bytes.toString('latin1').replace(/--_NmP-[0-9a-f]+-Part_/g, '--_boundary-Part_'),
    'latin1',
  );
}

async function addMessage(
  index: number,
  messageId: string,
  kind: string,
  { state, facts = {}, told = null }: { state: string; facts?: Record<string, unknown>; told?: string | null },
): Promise<void> {
  await t.db.query(
    `INSERT INTO message (id, kind, intent_key, person_id, to_address, language, event_id, registration_id, facts, message_id,
                          state, calendar_method, created_at)
     SELECT $1::uuid, $2, $1::text, person.id, person.email, 'en', $4, $5, $6, '<' || $1::text || '@goodturn.test>', $7, $8,
            '2026-03-02T09:30Z' FROM person WHERE person.id = $3`,
    [messageId, kind, id('person', index), id('event', index), id('registration', index), facts, state, told],
  );
}

describe.each(Object.entries(CASES))('the mail %s', (name, { title, says }) => {
  const golden = () => readFileSync(fileOf(name));

  it('has the bytes of its golden file', () => {
    const bytes = written.get(name);
    expect(bytes?.toString('utf8')).toBe(golden().toString('utf8')); // the readable difference first
    expect(bytes?.equals(golden())).toBe(true);
  });

  it('can be read as plain text alone, and fetches nothing from elsewhere', async () => {
    const { text, html, subject, headers } = await simpleParser(golden());
    expect(subject).toContain(title);
    expect(text).toContain('Hello Inês');
    expect(text).toContain(title);
    expect(text).toContain('http://goodturn.test/');
    expect(text).not.toMatch(/<\w+|&\w+;/);
    expect(Buffer.byteLength(String(html))).toBeLessThan(GMAIL_CLIPS_AT);
    expect(html).not.toMatch(/<(img|link|script|iframe|object|video)\b|src=|url\(|@import/i);
    expect(headers.get('auto-submitted')).toBe('auto-generated');
    expect(golden().toString('latin1')).not.toContain('meet.example');
    expect(golden().toString('latin1').replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  });

  it(
    says ? `tells the calendar ${says.method}, and two programs read the same` : 'tells the calendar nothing',
    async () => {
      const { attachments } = await simpleParser(golden());
      const parts = attachments.map(({ content }) => content.toString('utf8'));
      expect(parts).toHaveLength(says ? 2 : 0);
      if (!says) return;
      expect(parts[0]).toBe(parts[1]);
      const calendar = new ICAL.Component(ICAL.parse(parts[0] ?? ''));
      const [vevent, ...more] = calendar.getAllSubcomponents('vevent');
      const event = new ICAL.Event(vevent);
      expect(more).toEqual([]);
      expect({
        method: calendar.getFirstPropertyValue('method'),
        sequence: event.sequence,
        startsAt: event.startDate.toJSDate().toISOString(),
        endsAt: event.endDate.toJSDate().toISOString(),
      }).toEqual(says);
      expect(event.summary).toContain(title);
      const [read] = Object.values(nodeIcal.sync.parseICS(parts[0] ?? '')).flatMap((part) =>
        part?.type === 'VEVENT' ? [part] : [],
      );
      expect([read?.start.toISOString(), read?.end?.toISOString()]).toEqual([says.startsAt, says.endsAt]);
      expect(read?.method).toBe(says.method);
      expect(read?.uid).toBe(event.uid);
    },
  );
});
