import { AttendanceImportService } from '#attendance';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { payload, type TestEvent, type TestGroup, type TestPerson } from '../support/builders.ts';
import { CANCEL, CHECK_IN, FINISH_EVENT, UNDO_CHECK_IN } from '../support/documents.ts';
import type { Answer } from '../support/graphql.ts';
import { testSystem, type TestSystem } from '../support/system.ts';

const AFTER = '2026-03-17T18:00:00Z';
const PERSON =
  'key name email minutes firstAt lastAt certainty decision registrationId proposals { registrationId name similarity }';
const IMPORT = `mutation($input: ImportAttendanceInput!) { importAttendance(input: $input) {
  import { id format fileName appliedAt appliedBy people walkIns undoneAt }
  preview { summary { format digest title rows people from to walkIns undecided problemCount problems { line message } matched { certainty people } } people { ${PERSON} } }
  userErrors { code field message } } }`;
const UNDO = `mutation($input: UndoAttendanceImportInput!) { undoAttendanceImport(input: $input) { import { id people undoneAt } userErrors { code field message } } }`;

let t: TestSystem;
let group: TestGroup;
let count = 0;
beforeAll(async () => {
  t = await testSystem();
});
afterAll(() => t.stop());
beforeEach(async () => {
  t.clock.moveTo('2026-03-01T12:00:00Z');
  group = await t.a.group('Europe/Berlin');
});

type Options = Record<string, unknown>;
const send = async (event: TestEvent, file: string | Buffer, options: Options = {}, by: TestPerson = group.organizer) =>
  (
    await t.graphql(
      IMPORT,
      { input: { eventId: event.id, file: Buffer.from(file).toString('base64'), dryRun: false, ...options } },
      by.key,
    )
  ).importAttendance;
const preview = async (event: TestEvent, file: string | Buffer, options: Options = {}) =>
  payload(await send(event, file, { ...options, dryRun: true })).preview;
const apply = async (event: TestEvent, file: string | Buffer, options: Options = {}) =>
  payload(await send(event, file, options));
const undo = async (importId: string) =>
  payload((await t.graphql(UNDO, { input: { importId } }, group.organizer.key)).undoAttendanceImport);
const finish = async (event: TestEvent) => {
  t.clock.moveTo(AFTER);
  payload((await t.graphql(FINISH_EVENT, { input: { eventId: event.id } }, group.organizer.key)).finishEvent);
};
/** An event of the past with these people, by name; their addresses are made of it. */
const eventWith = async (names: string[], facts: Record<string, unknown> = {}) => {
  const event = await t.a.event(group, facts);
  const ids: Record<string, string> = {};
  for (const name of names) ids[name] = (await t.a.registration(event, addressOf(name), { name })).id;
  t.clock.moveTo(AFTER);
  return { event, ids };
};
const addressOf = (name: string) => `${name.toLowerCase().replaceAll(' ', '.')}.${group.slug}@example.org`;
const known = (event: TestEvent): Promise<Answer[]> =>
  t.db.query(
    `SELECT name, state, walk_in, holds_seat, attendance, attendance_basis AS basis, checked_in_at AS at, attended_minutes AS minutes
       FROM registration WHERE event_id = $1 ORDER BY name, registered_at`,
    [event.id],
  );
const countersOf = async (event: TestEvent) =>
  (
    await t.db.query(
      `SELECT taken_online AS taken, waiting_online AS waiting, attended_online AS attended, registration_count AS registrations
         FROM event WHERE id = $1`,
      [event.id],
    )
  )[0];
/** All rows there are, each with the transaction that wrote it. Keys note when they were last used. */
const everything = async () => {
  const tables: { name: string }[] = await t.db.query(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'api_key' ORDER BY 1`,
  );
  const rows: Record<string, unknown> = {};
  for (const { name } of tables)
    rows[name] = await t.db.query(`SELECT xmin::text, one.* FROM "${name}" AS one ORDER BY one::text`);
  return rows;
};
const csv = (...lines: string[]) => ['Name,Email,Join Time,Leave Time', ...lines].join('\n');
const whole = (name: string, email = '') => `${name},${email},2026-03-17 17:00,2026-03-17 18:00`;
const byKey = (people: Answer[]) => Object.fromEntries(people.map((person: Answer) => [person.key, person]));

describe('a report of Teams', () => {
  const GERMAN = [
    '1. Zusammenfassung',
    'Titel der Besprechung\tKarten für die Tafel',
    '',
    '2. Teilnehmer',
    'Name\tErste Teilnahme\tLetzte Abmeldung\tDauer der Besprechung\tE-Mail\tTeilnehmer-ID (UPN)\tRolle',
    'Zoë Almeida\t17.03.26, 17:00:00\t17.03.26, 18:20:00\t1 Std. 10 Min.\tZOE\tZOE\tTeilnehmer',
    '',
    '3. Aktivitäten während der Besprechung',
    'Name\tBeitrittszeit\tVerlassen um\tDauer\tE-Mail\tRolle',
    'Zoë Almeida\t17.03.26, 17:00:00\t17.03.26, 17:40:00\t40 Min.\tZOE\tTeilnehmer',
    'Zoë Almeida\t17.03.26, 17:50:00\t17.03.26, 18:20:00\t30 Min.\tZOE\tTeilnehmer',
  ];
  const ENGLISH = [
    '1. Summary',
    'Meeting title\tMaps for the food bank',
    '',
    '2. Participants',
    'Name\tFirst Join\tLast Leave\tIn-Meeting Duration\tEmail\tParticipant ID (UPN)\tRole',
    'Zoë Almeida\t3/17/26, 5:00:00 PM\t3/17/26, 6:20:00 PM\t1h 10m\tZOE\tZOE\tAttendee',
    '',
    '3. In-Meeting Activities',
    'Name\tJoin Time\tLeave Time\tDuration\tEmail\tRole',
    'Zoë Almeida\t3/17/26, 5:00:00 PM\t3/17/26, 5:40:00 PM\t40m\tZOE\tAttendee',
    'Zoë Almeida\t3/17/26, 5:50:00 PM\t3/17/26, 6:20:00 PM\t30m\tZOE\tAttendee',
  ];
  const utf16 = (lines: string[]) =>
    Buffer.from(`\ufeff${lines.join('\r\n').replaceAll('ZOE', addressOf('Zoë Almeida'))}`, 'utf16le');

  it.each([
    ['German', GERMAN],
    ['English', ENGLISH],
  ])('in %s marks who was there, with the minutes of both stays', async (_language, lines) => {
    const { event } = await eventWith(['Zoë Almeida', 'Jo Park']);
    const file = utf16(lines);
    const { summary, people } = await preview(event, file);
    expect(summary).toMatchObject({
      format: 'TEAMS',
      rows: 2,
      people: 1,
      from: '2026-03-17T16:00:00.000Z',
      to: '2026-03-17T17:20:00.000Z',
      walkIns: 0,
      matched: [{ certainty: 'EMAIL', people: 1 }],
    });
    expect(people).toMatchObject([{ name: 'Zoë Almeida', minutes: 70, certainty: 'EMAIL', decision: 'REGISTRATION' }]);
    const applied = await apply(event, file, { fileName: 'call.csv' });
    expect(applied.import).toMatchObject({ format: 'TEAMS', fileName: 'call.csv', appliedBy: 'Organizer', people: 1 });
    expect(await known(event)).toMatchObject([
      { name: 'Jo Park', attendance: 'UNKNOWN' },
      {
        name: 'Zoë Almeida',
        attendance: 'ATTENDED',
        basis: 'imported',
        minutes: 70,
        at: new Date('2026-03-17T16:00:00Z'),
      },
    ]);
    expect(await countersOf(event)).toMatchObject({ attended: 1, registrations: 2 });
  });

  it('is the same import in another encoding, order and language', async () => {
    const { event } = await eventWith(['Zoë Almeida']);
    const first = await apply(event, utf16(ENGLISH));
    const [header, one, two] = ENGLISH.slice(-3);
    const turned = [...ENGLISH.slice(0, -3), header ?? '', two ?? '', one ?? ''];
    const before = await everything();
    for (const file of [utf16(ENGLISH).toString('utf16le'), utf16(turned), utf16(GERMAN)])
      expect((await apply(event, file)).import.id).toBe(first.import.id);
    expect(await everything()).toEqual(before);
  });

  it('of a call that was restarted adds to the first, and counts no minute twice', async () => {
    const { event } = await eventWith(['Zoë Almeida']);
    const email = addressOf('Zoë Almeida');
    await apply(event, csv(`Zoë Almeida,${email},2026-03-17 17:00,2026-03-17 17:30`));
    await apply(event, csv(`Zoë Almeida,${email},2026-03-17 17:20,2026-03-17 17:50`));
    expect(await known(event)).toMatchObject([{ minutes: 50 }]);
    expect(await countersOf(event)).toMatchObject({ attended: 1 });
  });
});

describe('the list of who is taken for whom', () => {
  it('says how sure it is of each', async () => {
    const { event, ids } = await eventWith(['Zoë Almeida', 'Jürgen Müller', 'Priya Rao', 'Tomasz Lis', 'Anna Schmidt']);
    await t.a
      .registration({ ...event }, `second.${group.slug}@example.org`, { name: 'Anna Schmidt' })
      .catch(() => null);
    const { summary, people } = await preview(
      event,
      csv(
        whole('Someone else', addressOf('Zoë Almeida')),
        whole('Mueller Jürgen'),
        whole('MÜLLER JURGEN'),
        whole('Tomasz Liss'),
        whole('The host', group.host.email),
        whole('Walter Wegner'),
        whole('Priya Rao', 'priya@work.example'),
        'Priya Rao,,2026-03-17 18:10,2026-03-17 18:20',
      ),
    );
    expect(byKey(people)).toMatchObject({
      [addressOf('Zoë Almeida')]: { certainty: 'EMAIL', registrationId: ids['Zoë Almeida'] },
      'jurgen muller': { certainty: 'NAME', decision: 'REGISTRATION', registrationId: ids['Jürgen Müller'] },
      'liss tomasz': {
        certainty: 'SIMILAR',
        decision: 'UNDECIDED',
        registrationId: null,
        proposals: [{ registrationId: ids['Tomasz Lis'], name: 'Tomasz Lis' }],
      },
      [group.host.email]: { certainty: 'HOST', decision: 'IGNORE' },
      'walter wegner': { certainty: 'NONE', decision: 'WALK_IN', proposals: [] },
      'priya@work.example': { certainty: 'NAME', minutes: 70, registrationId: ids['Priya Rao'] },
    });
    expect(summary).toMatchObject({ rows: 8, undecided: expect.any(Number) });
  });

  it('leaves it to an organizer when two share the name of one, or one the name of two', async () => {
    const { event, ids } = await eventWith(['Anna Schmidt', 'Bo Li']);
    t.clock.moveTo('2026-03-01T12:00:00Z');
    await t.a.registration(event, `second.${group.slug}@example.org`, { name: 'Bo Li' });
    t.clock.moveTo(AFTER);
    const file = csv(
      whole('Anna Schmidt', 'a@one.example'),
      whole('Anna Schmidt', 'a@two.example'),
      whole('Li, Bo'.replace(',', '')),
    );
    const { people } = await preview(event, file);
    const found = byKey(people);
    for (const key of ['a@one.example', 'a@two.example'])
      expect(found[key]).toMatchObject({
        certainty: 'SIMILAR',
        decision: 'UNDECIDED',
        proposals: [{ registrationId: ids['Anna Schmidt'], similarity: 1 }],
      });
    expect(found['bo li']).toMatchObject({ certainty: 'SIMILAR', decision: 'UNDECIDED' });
    expect(found['bo li'].proposals).toHaveLength(2);
    const applied = await apply(event, file);
    expect(applied.preview.summary.undecided).toBe(3);
    expect(applied.preview.people.map(({ key }: Answer) => key)).toEqual(['a@one.example', 'a@two.example', 'bo li']);
    expect(await countersOf(event)).toMatchObject({ attended: 0, registrations: 3 });
  });

  it('knows guests by name, and Zoom people by the name behind the one shown', async () => {
    const event = await t.a.event(group, { guestLimit: 1 });
    await t.a.registration(event, addressOf('Tomasz Lis'), { name: 'Tomasz Lis', guests: [{ name: 'Gail Guest' }] });
    t.clock.moveTo(AFTER);
    const file = [
      'Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest,Recording Consent,In Waiting Room',
      'tom (Tomasz Lis),,03/17/2026 05:08:00 PM,03/17/2026 06:08:00 PM,60,Yes,,No',
      'gail guest,,03/17/2026 05:08:00 PM,03/17/2026 06:08:00 PM,60,Yes,,No',
      'gail guest,,03/17/2026 05:08:00 PM,03/17/2026 05:38:00 PM,30,Yes,,No',
    ].join('\n');
    expect((await apply(event, file)).preview.summary).toMatchObject({ format: 'ZOOM', people: 2, walkIns: 0 });
    expect(await known(event)).toMatchObject([
      { name: 'Gail Guest', basis: 'imported', minutes: 60 },
      { name: 'Tomasz Lis', basis: 'imported', minutes: 60 },
    ]);
  });

  it('reads a spreadsheet whose columns the organizer names', async () => {
    const { event } = await eventWith(['Zoë Almeida']);
    const file = 'Wer;Kontakt;Wie lange\nZoë Almeida;;90\nZoë Almeida;;12,4';
    expect((await send(event, file)).userErrors).toMatchObject([{ code: 'COLUMNS_NEEDED', field: 'columns' }]);
    await apply(event, file, { columns: { name: 'Wer', email: 'Kontakt', minutes: 'Wie lange' } });
    expect(await known(event)).toMatchObject([{ attendance: 'ATTENDED', basis: 'imported', minutes: 102, at: null }]);
  });

  it('asks for the order of dates where both make sense', async () => {
    const { event } = await eventWith(['Jo Park']);
    const file = 'Name,Join Time,Leave Time\nJo Park,5/4/2026 17:00,5/4/2026 18:00';
    expect((await send(event, file)).userErrors).toMatchObject([{ code: 'DATE_ORDER_NEEDED', field: 'dateOrder' }]);
    const { people } = await preview(event, file, { dateOrder: 'DMY', timeZone: 'America/New_York' });
    expect(people).toMatchObject([{ firstAt: '2026-04-05T21:00:00.000Z' }]);
  });
});

describe('a preview', () => {
  it('stores nothing at all', async () => {
    const { event } = await eventWith(['Zoë Almeida']);
    const before = await everything();
    await preview(event, csv(whole('Zoë Almeida'), whole('Walter', 'walter@example.org')), {
      decisions: [{ key: 'walter@example.org', ignore: true }],
    });
    expect(await everything()).toEqual(before);
  });

  it('comes before applying by default, and takes decisions to see what they do', async () => {
    const { event } = await eventWith(['Zoë Almeida']);
    const input = { eventId: event.id, file: Buffer.from(csv(whole('Walter'))).toString('base64') };
    const answer = payload((await t.graphql(IMPORT, { input }, group.organizer.key)).importAttendance);
    expect(answer.import).toBeNull();
    const { people } = await preview(event, csv(whole('Walter')), { decisions: [{ key: 'walter', ignore: true }] });
    expect(people).toMatchObject([{ key: 'walter', certainty: 'NONE', decision: 'IGNORE' }]);
  });

  it('asks the database as often for 500 people as for ten, and so does applying', async () => {
    const { event } = await eventWith(['Zoë Almeida']);
    const statementsFor = async (work: () => Promise<unknown>): Promise<number> => {
      const { logger } = t.api.app.get(DataSource);
      let statements = 0;
      const logQuery = logger.logQuery.bind(logger);
      logger.logQuery = () => void (statements += 1);
      try {
        await work();
      } finally {
        logger.logQuery = logQuery;
      }
      return statements;
    };
    const file = (people: number) =>
      csv(
        ...Array.from({ length: people }, (_, at) =>
          whole(`Nobody ${at * 7919}`, at % 2 ? `n${at}@${people}.example` : ''),
        ),
      );
    await preview(event, file(1)); // notes that the key was used
    const previews = await statementsFor(() => preview(event, file(10)));
    expect(previews).toBeGreaterThan(5);
    expect(await statementsFor(() => preview(event, file(500)))).toBe(previews);
    const applies = await statementsFor(() => apply(event, file(10)));
    expect(await statementsFor(() => apply(event, file(500)))).toBe(applies);
  });
});

describe('applying', () => {
  it('is refused before the event, for a draft and for one that was cancelled', async () => {
    const event = await t.a.event(group);
    const file = csv(whole('Walter'));
    expect((await send(event, file)).userErrors).toMatchObject([{ code: 'NOT_HELD', field: 'eventId' }]);
    t.clock.moveTo('2026-03-17T16:00:00Z');
    for (const state of ['DRAFT', 'CANCELLED']) {
      await t.db.query('UPDATE event SET state = $2 WHERE id = $1', [event.id, state]);
      expect((await send(event, file)).userErrors).toMatchObject([{ code: 'NOT_HELD' }]);
    }
    await t.db.query(`UPDATE event SET state = 'PUBLISHED' WHERE id = $1`, [event.id]);
    expect((await send(event, file)).userErrors).toEqual([]);
  });

  it('adds people whom nobody expected as walk-ins, without taking seats and without mail', async () => {
    const { event } = await eventWith(['Zoë Almeida'], { capacityOnline: 1 });
    const [{ count: mails }] = await t.db.query('SELECT count(*)::int FROM message');
    const email = `wanda.${group.slug}@example.org`;
    const applied = await apply(event, csv(whole('Walter Wegner'), whole('Wanda', email), whole('', `solo.${email}`)));
    expect(applied.import).toMatchObject({ people: 3, walkIns: 3 });
    const walkIn = {
      state: 'CONFIRMED',
      walk_in: true,
      holds_seat: false,
      attendance: 'ATTENDED',
      basis: 'imported',
      minutes: 60,
    };
    expect(await known(event)).toMatchObject([
      { name: 'Walter Wegner', ...walkIn },
      { name: 'Wanda', ...walkIn },
      { name: 'Zoë Almeida', attendance: 'UNKNOWN' },
      { name: `solo.${email}`.split('@')[0], ...walkIn },
    ]);
    expect(await countersOf(event)).toEqual({ taken: 1, waiting: 0, attended: 3, registrations: 4 });
    expect((await t.db.query('SELECT count(*)::int FROM message'))[0].count).toBe(mails);
    const people = await t.db.query(
      `SELECT registration.name, person.email FROM registration LEFT JOIN person ON person.id = person_id WHERE event_id = $1 AND walk_in ORDER BY 1`,
      [event.id],
    );
    expect(people).toEqual([
      { name: 'Walter Wegner', email: null },
      { name: 'Wanda', email },
      { name: `solo.${email}`.split('@')[0], email: `solo.${email}` },
    ]);
    const [{ act, details }] = await t.db.query(
      `SELECT act, details FROM history_entry WHERE subject_id = $1 ORDER BY id DESC LIMIT 1`,
      [event.id],
    );
    expect({ act, details }).toEqual({
      act: 'attendance.imported',
      details: { importId: applied.import.id, format: 'TABLE', people: 3, walkIns: 3, undecided: 0 },
    });
  });

  it('again changes nothing at all, walk-ins, decisions and all', async () => {
    const { event, ids } = await eventWith(['Zoë Almeida', 'Tomasz Lis', 'Cleo Cancelled']);
    payload(
      (await t.graphql(CANCEL, { input: { registrationId: ids['Cleo Cancelled'] } }, group.organizer.key))
        .cancelRegistration,
    );
    const file = csv(
      whole('Zoë'),
      whole('Tomasz Liss'),
      whole('Walter'),
      whole('Wanda', 'wanda@again.example'),
      whole('Cleo Cancelled'),
    );
    const decisions = [
      { key: 'zoe', registrationId: ids['Zoë Almeida'] },
      { key: 'liss tomasz', walkIn: true },
      { key: 'walter', walkIn: true },
    ];
    await apply(event, file, { decisions });
    const before = await everything();
    t.clock.moveTo('2026-03-18T09:00:00Z');
    await apply(event, file, { decisions });
    await apply(event, file);
    expect(await everything()).toEqual(before);
  });

  it('with other decisions takes the place of the first time', async () => {
    const { event, ids } = await eventWith(['Zoë Almeida', 'Tomasz Lis']);
    const file = csv(whole('Z. A.'), whole('T L'));
    await apply(event, file, {
      decisions: [
        { key: 'a z', walkIn: true },
        { key: 'l t', registrationId: ids['Zoë Almeida'] },
      ],
    });
    expect(await countersOf(event)).toMatchObject({ attended: 2, registrations: 3 });
    const again = await apply(event, file, {
      decisions: [
        { key: 'a z', registrationId: ids['Zoë Almeida'] },
        { key: 'l t', registrationId: ids['Tomasz Lis'] },
      ],
    });
    expect(again.import).toMatchObject({ people: 2, walkIns: 0 });
    expect(await known(event)).toMatchObject([
      { name: 'Tomasz Lis', attendance: 'ATTENDED', walk_in: false },
      { name: 'Zoë Almeida', attendance: 'ATTENDED', walk_in: false },
    ]);
    expect(await countersOf(event)).toMatchObject({ attended: 2, registrations: 2 });
  });

  it('keeps the registration of a walk-in when others are decided anew', async () => {
    const { event, ids } = await eventWith(['Zoë Almeida']);
    const file = csv(whole('Walter Wegner'), whole('Z'));
    const idOf = async () =>
      (await t.db.query(`SELECT id FROM registration WHERE event_id = $1 AND name = 'Walter Wegner'`, [event.id]))[0]
        .id;
    await apply(event, file, { decisions: [{ key: 'z', ignore: true }] });
    const before = await idOf();
    await apply(event, file, { decisions: [{ key: 'z', registrationId: ids['Zoë Almeida'] }] });
    expect(await idOf()).toBe(before);
  });

  it('lets those in who had no seat', async () => {
    const { event, ids } = await eventWith(['Seated', 'Waits Long', 'Gave Up'], { capacityOnline: 1 });
    payload(
      (await t.graphql(CANCEL, { input: { registrationId: ids['Gave Up'] } }, group.organizer.key)).cancelRegistration,
    );
    const applied = await apply(event, csv(whole('Waits Long'), whole('Gave Up')));
    expect(await known(event)).toMatchObject([
      { name: 'Gave Up', state: 'CONFIRMED', walk_in: true, holds_seat: false, attendance: 'ATTENDED' },
      { name: 'Seated', state: 'CONFIRMED', walk_in: false },
      { name: 'Waits Long', state: 'CONFIRMED', walk_in: true, holds_seat: false, attendance: 'ATTENDED' },
    ]);
    expect(await countersOf(event)).toEqual({ taken: 1, waiting: 0, attended: 2, registrations: 3 });
    await undo(applied.import.id);
    expect(await known(event)).toMatchObject([
      { name: 'Gave Up', state: 'CANCELLED', walk_in: false, attendance: 'UNKNOWN' },
      { name: 'Seated' },
      { name: 'Waits Long', state: 'WAITLISTED', walk_in: false, attendance: 'UNKNOWN' },
    ]);
    expect(await countersOf(event)).toEqual({ taken: 1, waiting: 1, attended: 0, registrations: 3 });
  });

  it('takes one name for two people when two files say so by hand', async () => {
    const { event, ids } = await eventWith(['Seated', 'Waits Long', 'Waits Too'], { capacityOnline: 1 });
    await apply(event, csv(whole('Sam')), { decisions: [{ key: 'sam', registrationId: ids['Waits Long'] }] });
    const later = csv('Sam,,2026-03-17 18:10,2026-03-17 18:20');
    await apply(event, later, { decisions: [{ key: 'sam', registrationId: ids['Waits Too'] }] });
    expect(await countersOf(event)).toEqual({ taken: 1, waiting: 0, attended: 2, registrations: 3 });
    expect((await preview(event, later)).people).toMatchObject([
      { certainty: 'REMEMBERED', registrationId: ids['Waits Too'] },
    ]);
  });

  it('takes two names for one person when they were known by both before', async () => {
    const first = await eventWith(['Zoë Almeida']);
    await apply(first.event, csv(whole('zuzu'), whole('Phone of Z')), {
      decisions: ['zuzu', 'of phone z'].map((key) => ({ key, registrationId: first.ids['Zoë Almeida'] })),
    });
    t.clock.moveTo('2026-03-01T12:00:00Z');
    const next = await eventWith([]);
    const file = csv('zuzu,,2026-03-17 17:00,2026-03-17 17:30', 'Phone of Z,,2026-03-17 17:20,2026-03-17 17:50');
    await apply(next.event, file);
    expect(await known(next.event)).toMatchObject([{ name: 'zuzu', walk_in: true, minutes: 50 }]);
    expect(await countersOf(next.event)).toMatchObject({ attended: 1, registrations: 1 });
  });

  it('refuses decisions about nobody, about nothing and about both', async () => {
    const { event } = await eventWith(['Zoë Almeida']);
    const elsewhere = await t.a.registration(await t.a.event(await t.a.group()), 'x@example.org').catch(() => null);
    const file = csv(whole('Walter'));
    const refused = async (...decisions: unknown[]) =>
      (await send(event, file, { decisions })).userErrors.map(({ code, field }: Answer) => `${code} ${field}`);
    expect(await refused({ key: 'walter', ignore: true }, { key: 'nobody', ignore: true })).toEqual([
      'DECISION decisions.1.key',
    ]);
    expect(await refused({ key: 'walter', registrationId: elsewhere?.id ?? 'nothing' })).toEqual([
      'DECISION decisions.0.registrationId',
    ]);
    expect(await refused({ key: 'walter' })).toEqual(['DECISION decisions.0']);
    expect(await refused({ key: 'walter', walkIn: true, ignore: true })).toEqual(['DECISION decisions.0']);
    expect(await refused({ key: 'walter', walkIn: true }, { key: 'walter', ignore: true })).toEqual([
      'DECISION decisions.1.key',
    ]);
    expect(await countersOf(event)).toMatchObject({ attended: 0, registrations: 1 });
  });

  it('remembers decisions for the next event of the group, and of no other', async () => {
    const first = await eventWith(['Zoë Almeida', 'Tomasz Lis']);
    await apply(first.event, csv(whole('zuzu'), whole('TL'), whole('Notetaker Bot')), {
      decisions: [
        { key: 'zuzu', registrationId: first.ids['Zoë Almeida'] },
        { key: 'tl', registrationId: first.ids['Tomasz Lis'] },
        { key: 'bot notetaker', ignore: true },
      ],
    });
    t.clock.moveTo('2026-03-01T12:00:00Z');
    const next = await eventWith(['Zoë Almeida']);
    const file = csv(whole('Zuzu'), whole('tl'), whole('notetaker bot'));
    const { people } = await preview(next.event, file);
    expect(byKey(people)).toMatchObject({
      zuzu: { certainty: 'REMEMBERED', decision: 'REGISTRATION', registrationId: next.ids['Zoë Almeida'] },
      tl: { certainty: 'REMEMBERED', decision: 'WALK_IN' },
      'bot notetaker': { certainty: 'REMEMBERED', decision: 'IGNORE' },
    });
    await apply(next.event, file);
    const [{ person_id: person }] = await t.db.query('SELECT person_id FROM registration WHERE id = $1', [
      first.ids['Tomasz Lis'],
    ]);
    const walkIns = await t.db.query('SELECT name, person_id FROM registration WHERE event_id = $1 AND walk_in', [
      next.event.id,
    ]);
    expect(walkIns).toEqual([{ name: 'tl', person_id: person }]);
    group = await t.a.group();
    t.clock.moveTo('2026-03-01T12:00:00Z');
    const elsewhere = await eventWith([]);
    expect((await preview(elsewhere.event, file)).people).toMatchObject([1, 2, 3].map(() => ({ certainty: 'NONE' })));
  });
});

describe('undoing an import', () => {
  it('leaves what other evidence says, and applying again brings it back', async () => {
    const { event, ids } = await eventWith(['Zoë Almeida', 'Jo Park']);
    payload(
      (await t.graphql(CHECK_IN, { input: { eventId: event.id, registrationId: ids['Jo Park'] } }, group.host.key))
        .checkIn,
    );
    const file = csv(whole('Zoë Almeida'), whole('Jo Park'), whole('Walter'));
    const before = await known(event);
    const applied = await apply(event, file);
    const after = await known(event);
    expect(await undo(applied.import.id)).toMatchObject({ import: { undoneAt: AFTER.replace('Z', '.000Z') } });
    expect(await known(event)).toEqual(before);
    expect(await countersOf(event)).toMatchObject({ attended: 1, registrations: 2 });
    const once = await everything();
    await undo(applied.import.id);
    expect(await everything()).toEqual(once);
    expect((await apply(event, file)).import).toMatchObject({ id: applied.import.id, undoneAt: null });
    expect(await known(event)).toEqual(after);
  });

  it('keeps a walk-in of whom another file tells too, until that is undone as well', async () => {
    const { event } = await eventWith([]);
    const one = await apply(event, csv(whole('Walter')));
    const two = await apply(event, csv('Walter,,2026-03-17 18:10,2026-03-17 18:20'));
    await undo(one.import.id);
    expect(await known(event)).toMatchObject([{ name: 'Walter', attendance: 'ATTENDED', minutes: 10 }]);
    await undo(two.import.id);
    expect(await known(event)).toEqual([]);
    expect(await countersOf(event)).toMatchObject({ attended: 0, registrations: 0 });
  });

  it('cancels a walk-in whom the door knew for a while, because the history speaks of them', async () => {
    const { event } = await eventWith([]);
    const applied = await apply(event, csv(whole('Walter')));
    const [{ id }] = await t.db.query('SELECT id FROM registration WHERE event_id = $1', [event.id]);
    payload((await t.graphql(CHECK_IN, { input: { eventId: event.id, registrationId: id } }, group.host.key)).checkIn);
    payload((await t.graphql(UNDO_CHECK_IN, { input: { registrationId: id } }, group.host.key)).undoCheckIn);
    await undo(applied.import.id);
    expect(await known(event)).toMatchObject([{ state: 'CANCELLED', attendance: 'UNKNOWN' }]);
    expect(await countersOf(event)).toMatchObject({ attended: 0, registrations: 1 });
  });
});

describe('after the event was finished', () => {
  it('an import corrects who did not come, and the impact record is due again', async () => {
    const { event } = await eventWith(['Zoë Almeida', 'Jo Park', 'Tomasz Lis']);
    await apply(event, csv(whole('Zoë Almeida')));
    await finish(event);
    const attendance = async () => Object.fromEntries((await known(event)).map((one) => [one.name, one.attendance]));
    expect(await attendance()).toEqual({ 'Zoë Almeida': 'ATTENDED', 'Jo Park': 'NO_SHOW', 'Tomasz Lis': 'NO_SHOW' });
    const changedAt = async () =>
      (await t.db.query('SELECT attendance_changed_at AS at FROM event WHERE id = $1', [event.id]))[0].at.getTime();
    const before = await changedAt();
    t.clock.moveTo('2026-03-18T09:00:00Z');
    const late = await apply(event, csv(whole('Jo Park'), whole('Walter')));
    expect(await attendance()).toEqual({
      'Zoë Almeida': 'ATTENDED',
      'Jo Park': 'ATTENDED',
      'Tomasz Lis': 'NO_SHOW',
      Walter: 'ATTENDED',
    });
    expect(await changedAt()).toBeGreaterThan(before);
    const corrected = await changedAt();
    await undo(late.import.id);
    expect(await attendance()).toEqual({ 'Zoë Almeida': 'ATTENDED', 'Jo Park': 'NO_SHOW', 'Tomasz Lis': 'NO_SHOW' });
    expect(await changedAt()).toBeGreaterThan(corrected);
  });
});

describe('two organizers', () => {
  it('who apply the same file at once make one import of it', async () => {
    const { event } = await eventWith(['Zoë Almeida']);
    const file = csv(whole('Zoë Almeida'), whole('Walter'), whole('Wanda', `wanda-${++count}@race.example`));
    const answers = await Promise.all([send(event, file), send(event, file, {}, group.owner)]);
    expect(new Set(answers.map((answer) => payload(answer).import.id)).size).toBe(1);
    expect(await t.db.query('SELECT people, walk_ins FROM attendance_import WHERE event_id = $1', [event.id])).toEqual([
      { people: 3, walk_ins: 2 },
    ]);
    expect(await countersOf(event)).toMatchObject({ attended: 3, registrations: 3 });
  });

  it('see the imports of an event, a host does not', async () => {
    const { event } = await eventWith([]);
    const applied = await apply(event, csv(whole('Walter')), { fileName: 'tuesday.csv' });
    const query =
      'query($slug: String!) { event(slug: $slug) { attendanceImports { id fileName people undoneAt appliedBy } } }';
    const listed = async (key?: string) => (await t.graphql(query, { slug: event.slug }, key)).event.attendanceImports;
    expect(await listed(group.owner.key)).toEqual([
      { id: applied.import.id, fileName: 'tuesday.csv', people: 1, undoneAt: null, appliedBy: 'Organizer' },
    ]);
    expect(await listed(group.host.key)).toBeNull();
    expect(await listed()).toBeNull();
  });
});

describe('over plain HTTP', () => {
  const post = async (
    event: TestEvent,
    path: string,
    body: string | Buffer | undefined,
    headers: Record<string, string> = {},
  ) => {
    const response = await fetch(`${t.url}/events/${event.slug}/attendance${path}`, {
      method: 'POST',
      headers: { 'content-type': 'text/csv', authorization: `Bearer ${group.organizer.key}`, ...headers },
      body,
    });
    return { status: response.status, answer: (await response.json()) as Answer };
  };

  it('a file of many people is shown and applied', async () => {
    const { event } = await eventWith(['Zoë Almeida']);
    const people = Array.from({ length: 2_500 }, (_, at) => whole(`Nobody ${at * 7919}`, `nobody-${at}@http.example`));
    const file = csv(...people, whole('Zoë Almeida'));
    const shown = await post(event, '/preview?fileName=big.csv&timeZone=Europe/Berlin', file);
    expect(shown.status).toBe(200);
    expect(shown.answer.summary).toMatchObject({ people: 2_501, walkIns: 2_500 });
    expect(shown.answer.people).toHaveLength(2_501);
    expect(shown.answer.people.at(-1)).toMatchObject({ key: 'almeida zoe', certainty: 'NAME' });
    const done = await post(event, '?fileName=big.csv', file, { 'content-type': 'application/octet-stream' });
    expect(done).toMatchObject({ status: 200, answer: { summary: { people: 2_501 }, undecided: [] } });
    expect(await countersOf(event)).toMatchObject({ attended: 2_501, registrations: 2_501 });
  });

  it('decisions go in the first line, before the file', async () => {
    const { event } = await eventWith(['Zoë Almeida']);
    const type = { 'content-type': 'application/x-goodturn-attendance' };
    const body = `${JSON.stringify([{ key: 'walter', ignore: true }])}\n${csv(whole('Walter'), whole('Zoë Almeida'))}`;
    expect((await post(event, '/preview', body, type)).answer.people).toMatchObject([
      { decision: 'IGNORE' },
      { decision: 'REGISTRATION' },
    ]);
    expect((await post(event, '', body, type)).status).toBe(200);
    expect(await countersOf(event)).toMatchObject({ attended: 1, registrations: 1 });
    for (const wrong of [
      csv(whole('Walter')),
      '{"key":"walter"}\nName\nWalter',
      '[1, null]\nName\nWalter',
      '[{"key":5}]\nName\nWalter',
      '[]',
      'x'.repeat(5_000_000),
    ])
      expect(await post(event, '', wrong, type)).toMatchObject({
        status: 422,
        answer: { userErrors: expect.arrayContaining([expect.anything()]) },
      });
  });

  it('columns are named in the address', async () => {
    const { event } = await eventWith(['Zoë Almeida']);
    const shown = await post(
      event,
      '/preview?nameColumn=Wer&minutesColumn=Wie%20lange',
      'Wer,Wie lange\nZoë Almeida,90',
    );
    expect(shown.answer.people).toMatchObject([{ name: 'Zoë Almeida', minutes: 90 }]);
    const refused = await post(event, '/preview?dateOrder=XYZ&timeZone=Nowhere', 'Name\nZoë Almeida');
    expect(refused.status).toBe(422);
    expect(refused.answer.userErrors.map(({ field }: Answer) => field).sort()).toEqual(['dateOrder', 'timeZone']);
  });

  it('only organizers get in, and sessions only from our own pages', async () => {
    const { event } = await eventWith([]);
    const file = csv(whole('Walter'));
    const status = async (headers: Record<string, string>) => {
      const { status: code, answer } = await post(event, '', file, headers);
      return `${code} ${answer.userErrors?.[0]?.code}`;
    };
    expect(await status({ authorization: '' })).toBe('401 SIGN_IN');
    expect(await status({ authorization: 'Bearer gt_nothing' })).toBe('401 KEY_UNKNOWN');
    expect(await status({ authorization: `Bearer ${group.host.key}` })).toBe('403 FORBIDDEN');
    expect(await status({ authorization: '', 'sec-fetch-site': 'cross-site' })).toBe('403 FORBIDDEN');
    expect((await post({ ...event, slug: 'nowhere' }, '', file)).status).toBe(404);
    expect((await post(event, '', '{"a":1}', { 'content-type': 'application/json' })).answer.userErrors).toMatchObject([
      { code: 'FILE_TYPE' },
    ]);
    expect(await countersOf(event)).toMatchObject({ registrations: 0 });
  });

  it('no other address takes files', async () => {
    const response = await fetch(`${t.url}/sign-in`, {
      method: 'POST',
      headers: { 'content-type': 'text/csv' },
      body: 'Name',
    });
    expect(response.status).toBe(415);
  });

  it('more files than three at once are asked to come back', async () => {
    const { event } = await eventWith([]);
    const imports = t.api.app.get(AttendanceImportService);
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => void (release = resolve));
    async function* slow() {
      await held;
      yield Buffer.from('Name\nWalter\n');
    }
    const actor = {
      kind: 'system' as const,
      personId: null,
      name: null,
      email: null,
      administrator: false,
      scopes: new Set<never>(),
    };
    const reading = [1, 2, 3].map(() =>
      imports.preview(actor, event.id, slow(), {}, async ({ summary }) => summary.people),
    );
    expect(await post(event, '/preview', csv(whole('Walter')))).toMatchObject({
      status: 503,
      answer: { userErrors: [{ code: 'BUSY' }] },
    });
    release();
    expect(await Promise.all(reading)).toEqual([1, 1, 1]);
    expect((await post(event, '/preview', csv(whole('Walter')))).status).toBe(200);
  });
});
