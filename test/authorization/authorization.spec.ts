import { SCOPES, newId, type Scope } from '#kernel';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { payload, type TestEvent, type TestGroup } from '../support/builders.ts';
import { CHECK_IN, CREATE_SERIES } from '../support/documents.ts';
import { post } from '../support/graphql.ts';
import { linkIn } from '../support/smtp.ts';
import { testSystem, type TestSystem } from '../support/system.ts';

const PEOPLE = ['stranger', 'member', 'host', 'organizer elsewhere', 'organizer', 'owner', 'administrator'] as const;
const WITHOUT_SCOPE = 'organizer whose key lacks the scope';
type Who = (typeof PEOPLE)[number] | typeof WITHOUT_SCOPE;

const OWNER: Who[] = ['owner'];
const ORGANIZERS: Who[] = ['organizer', 'owner'];
const DOOR: Who[] = ['host', 'organizer', 'owner'];
const SIGNED_IN: Who[] = PEOPLE.filter((who) => who !== 'stranger');
const EVERYBODY: Who[] = [...PEOPLE];

/** Who may do what: those allowed succeed, the others hear a code. */
interface Rule {
  allowed: Who[];
  /** What a key needs for it; null where no key is refused for its scopes. */
  scope: Scope | null;
  /** Makes what the mutation is about, fresh, and says so. */
  input: () => Promise<Record<string, unknown> | undefined>;
  /** What a stranger hears, and somebody signed in who may not. */
  refusals?: { stranger?: string; others?: string };
}

let t: TestSystem;
let group: TestGroup;
let keys: Record<(typeof PEOPLE)[number], string | undefined>;
const keysWithout = new Map<Scope, string>();
const inputTypes = new Map<string, string | undefined>();
let count = 0;

beforeAll(async () => {
  t = await testSystem();
  group = await t.a.group();
  keys = {
    stranger: undefined,
    member: group.member.key,
    host: group.host.key,
    'organizer elsewhere': (await t.a.group()).organizer.key,
    organizer: group.organizer.key,
    owner: group.owner.key,
    administrator: (await t.a.administrator()).key,
  };
  for (const scope of SCOPES) {
    const { id, key } = await t.a.person(
      `Organizer without ${scope}`,
      SCOPES.filter((other) => other !== scope),
    );
    await join(id, 'ORGANIZER');
    keysWithout.set(scope, key);
  }
  const { __type } = await t.graphql(
    `{ __type(name: "Mutation") { fields { name args { type { ofType { name } } } } } }`,
  );
  for (const { name, args } of __type.fields) inputTypes.set(name, args[0]?.type.ofType.name);
});
afterAll(() => t.stop());
beforeEach(() => t.clock.moveTo('2026-03-01T12:00:00Z'));

const join = (personId: string, role: string) =>
  t.db.query('INSERT INTO membership (group_id, person_id, role) VALUES ($1, $2, $3)', [group.id, personId, role]);
const address = () => `somebody-${++count}@example.org`;
const aMember = async () => {
  const person = await t.a.person();
  await join(person.id, 'MEMBER');
  return person;
};
const anEvent = async () => ({ eventId: (await t.a.event(group)).id });
const aDraft = async (): Promise<TestEvent> => {
  const event = await t.a.event(group);
  await t.db.query(`UPDATE event SET state = 'DRAFT' WHERE id = $1`, [event.id]);
  return event;
};
const aSeries = async () => {
  const input = { ...facts(), groupId: group.id, slug: `series-${++count}`, rule: 'FREQ=WEEKLY;COUNT=1' };
  const { createSeries } = await t.graphql(CREATE_SERIES, { input }, group.organizer.key);
  return { seriesId: payload(createSeries).series.id };
};
const aTask = async (eventId: string): Promise<string> => {
  const [{ id }] = await t.db.query(
    `INSERT INTO runbook_task (event_id, key, title, due_on) VALUES ($1, 'open', 'Choose the speaker', '2026-03-10') RETURNING id`,
    [eventId],
  );
  return id;
};
const aQuestion = async (): Promise<string> => {
  const id = newId();
  await t.db.query(
    `INSERT INTO session_question (id, event_id, phase, text, asked_at) VALUES ($1, $2, 'BEFORE', 'Why?', now())`,
    [id, (await anEvent()).eventId],
  );
  return id;
};
const someoneWaiting = async () => {
  const event = await t.a.event(group, { capacityOnline: 1 });
  await t.a.registration(event, address());
  const waiting = await t.a.registration(event, address());
  await t.db.query('UPDATE event SET capacity_online = 2 WHERE id = $1', [event.id]);
  return waiting;
};
const someoneWithTicket = async () => {
  const event = await t.a.event(group);
  return { eventId: event.id, ticketCode: (await t.a.registration(event, address())).ticketCode };
};
const someoneAtTheEvent = async () => {
  const { checkIn } = await t.graphql(CHECK_IN, { input: await someoneWithTicket() }, group.host.key);
  return { registrationId: payload(checkIn).registration.id };
};
const anImport = async (eventId: string): Promise<string> => {
  const id = newId();
  await t.db.query(
    `INSERT INTO attendance_import (id, event_id, group_id, digest, format, applied_at) VALUES ($1, $2, $3, '', 'ZOOM', now())`,
    [id, eventId, group.id],
  );
  return id;
};
/** A registration in that state, whatever led there. */
const someoneIn = async (state: 'OFFERED' | 'PENDING' | 'CONFIRMED'): Promise<string> => {
  const { id } = await t.a.registration(await t.a.event(group, { approvalRequired: state === 'PENDING' }), address());
  if (state === 'OFFERED')
    await t.db.query(
      `UPDATE registration SET state = 'OFFERED', confirmed_at = NULL, offered_until = '2026-03-16T12:00Z' WHERE id = $1`,
      [id],
    );
  return id;
};
const aContribution = async (): Promise<string> => {
  const id = newId();
  await t.db.query(
    `INSERT INTO contribution (id, person_id, role, kind, title, happened_on) VALUES ($1, $2, 'SPEAKER', 'event', 'A talk', '2026-02-01')`,
    [id, group.organizer.id],
  );
  return id;
};
const facts = () => ({
  title: 'An event',
  startsAtLocal: '2026-03-17T17:00',
  endsAtLocal: '2026-03-17T18:30',
  format: 'ONLINE',
  joinUrl: 'https://meet.example/secret-room',
});

const RULES: Record<string, Rule> = {
  createGroup: {
    allowed: ['administrator'],
    scope: 'events',
    input: async () => ({ slug: `new-${++count}`, name: 'New', timeZone: 'Asia/Tokyo', ownerEmail: address() }),
  },
  updateGroup: { allowed: OWNER, scope: 'events', input: async () => ({ groupId: group.id, city: 'Berlin' }) },
  setRole: {
    allowed: OWNER,
    scope: 'events',
    input: async () => ({ groupId: group.id, email: address(), role: 'ORGANIZER' }),
  },
  removeMember: {
    allowed: OWNER,
    scope: 'events',
    input: async () => ({ groupId: group.id, email: (await aMember()).email }),
  },
  blockPerson: {
    allowed: ORGANIZERS,
    scope: 'attendees',
    input: async () => ({ groupId: group.id, email: address() }),
  },
  unblockPerson: {
    allowed: ORGANIZERS,
    scope: 'attendees',
    input: async () => ({ groupId: group.id, email: (await t.a.person('Blocked')).email }),
  },

  createEvent: {
    allowed: ORGANIZERS,
    scope: 'events',
    input: async () => ({ ...facts(), groupId: group.id, slug: `event-made-${++count}` }),
  },
  copyEvent: {
    allowed: ORGANIZERS,
    scope: 'events',
    input: async () => ({ ...(await anEvent()), startsAtLocal: '2026-06-16T17:00', slug: `copy-made-${++count}` }),
  },
  publishEvent: { allowed: ORGANIZERS, scope: 'events', input: async () => ({ eventId: (await aDraft()).id }) },
  updateEvent: {
    allowed: ORGANIZERS,
    scope: 'events',
    input: async () => ({ ...(await anEvent()), startsAtLocal: '2026-03-17T17:15' }),
  },
  cancelEvent: { allowed: ORGANIZERS, scope: 'events', input: anEvent },
  finishEvent: {
    allowed: ORGANIZERS,
    scope: 'events',
    input: async () => {
      const event = await anEvent();
      t.clock.moveTo('2026-03-17T18:00:00Z');
      return event;
    },
  },
  createSeries: {
    allowed: ORGANIZERS,
    scope: 'events',
    input: async () => ({ ...facts(), groupId: group.id, slug: `series-${++count}`, rule: 'FREQ=WEEKLY;COUNT=1' }),
  },
  updateSeries: {
    allowed: ORGANIZERS,
    scope: 'events',
    input: async () => ({ ...(await aSeries()), title: 'Renamed' }),
  },
  skipDates: {
    allowed: ORGANIZERS,
    scope: 'events',
    input: async () => ({ ...(await aSeries()), dates: ['2026-03-17'] }),
  },
  assignRunbookTask: {
    allowed: ORGANIZERS,
    scope: 'events',
    input: async () => ({ taskId: await aTask((await anEvent()).eventId), email: group.host.email }),
  },
  addRunbookTask: {
    allowed: ORGANIZERS,
    scope: 'events',
    input: async () => ({ ...(await anEvent()), title: 'Order pizza', dueOn: '2026-03-16' }),
  },
  updateRunbookTask: {
    allowed: ORGANIZERS,
    scope: 'events',
    input: async () => ({ taskId: await aTask((await anEvent()).eventId), dueOn: '2026-03-11' }),
  },
  completeRunbookTask: {
    allowed: ORGANIZERS,
    scope: 'events',
    input: async () => ({ taskId: await aTask((await anEvent()).eventId), done: true }),
  },

  registerForEvent: {
    allowed: EVERYBODY,
    scope: 'attendees',
    input: async () => ({ ...(await anEvent()), name: 'Ada', email: address() }),
  },
  cancelRegistration: {
    allowed: ORGANIZERS,
    scope: 'attendees',
    input: async () => ({ registrationId: (await t.a.registration(await t.a.event(group), address())).id }),
  },
  promoteFromWaitlist: {
    allowed: ORGANIZERS,
    scope: 'attendees',
    input: async () => ({ registrationId: (await someoneWaiting()).id, reason: 'Speaks' }),
  },
  acceptOffer: {
    allowed: ORGANIZERS,
    scope: 'attendees',
    input: async () => ({ registrationId: await someoneIn('OFFERED') }),
  },
  switchPool: {
    allowed: ORGANIZERS,
    scope: 'attendees',
    input: async () => {
      const hybrid = { format: 'HYBRID', venue: { name: 'The Old Mill', address: 'Mill Lane 3, Berlin' } };
      const event = await t.a.event(group, hybrid);
      const { id } = await t.a.registration(event, address(), { pool: 'ONLINE' });
      return { registrationId: id, pool: 'IN_PERSON' };
    },
  },
  confirmComing: {
    allowed: ORGANIZERS,
    scope: 'attendees',
    input: async () => ({ registrationId: await someoneIn('CONFIRMED') }),
  },
  updateAnswers: {
    allowed: ORGANIZERS,
    scope: 'attendees',
    input: async () => ({ registrationId: await someoneIn('CONFIRMED'), answers: [] }),
  },
  rotateManageLink: {
    allowed: ORGANIZERS,
    scope: 'attendees',
    input: async () => ({ registrationId: await someoneIn('CONFIRMED') }),
  },
  approveRegistration: {
    allowed: ORGANIZERS,
    scope: 'attendees',
    input: async () => ({ registrationId: await someoneIn('PENDING') }),
  },
  refuseRegistration: {
    allowed: ORGANIZERS,
    scope: 'attendees',
    input: async () => ({ registrationId: await someoneIn('PENDING') }),
  },
  askQuestion: {
    allowed: [], // nobody here registered; those who did are in the tests of Essentials
    scope: null,
    refusals: { stranger: 'NOT_REGISTERED', others: 'NOT_REGISTERED' },
    input: async () => ({ ...(await anEvent()), text: 'Why?' }),
  },
  voteForQuestion: {
    allowed: [],
    scope: null,
    refusals: { stranger: 'NOT_REGISTERED', others: 'NOT_REGISTERED' },
    input: async () => ({ questionId: await aQuestion() }),
  },
  answerQuestion: {
    allowed: DOOR,
    scope: 'attendees',
    input: async () => ({ questionId: await aQuestion(), answer: 'Because.' }),
  },
  hideQuestion: { allowed: DOOR, scope: 'attendees', input: async () => ({ questionId: await aQuestion() }) },
  checkIn: { allowed: DOOR, scope: 'attendees', input: someoneWithTicket },
  addWalkIn: {
    allowed: DOOR,
    scope: 'attendees',
    input: async () => ({ ...(await anEvent()), name: 'Walter', email: address() }),
  },
  uploadCheckIns: {
    allowed: DOOR,
    scope: 'attendees',
    input: async () => {
      const { eventId, ticketCode } = await someoneWithTicket();
      return { eventId, scans: [{ nonce: newId(), at: '2026-03-01T12:00:00Z', ticketCode }] };
    },
  },
  importAttendance: {
    allowed: ORGANIZERS,
    scope: 'attendees',
    input: async () => {
      const event = await anEvent();
      t.clock.moveTo('2026-03-17T18:00:00Z');
      return { ...event, file: Buffer.from('Name\nWalter').toString('base64'), dryRun: false };
    },
  },
  undoAttendanceImport: {
    allowed: ORGANIZERS,
    scope: 'attendees',
    input: async () => ({ importId: await anImport((await anEvent()).eventId) }),
  },
  undoCheckIn: { allowed: DOOR, scope: 'attendees', input: someoneAtTheEvent },

  updateContribution: {
    allowed: ['organizer'], // it is theirs
    scope: 'impact',
    refusals: { others: 'NOT_FOUND' },
    input: async () => ({ contributionId: await aContribution(), state: 'CONFIRMED' }),
  },

  requestSignIn: { allowed: EVERYBODY, scope: null, input: async () => ({ email: address() }) },
  updateViewer: { allowed: SIGNED_IN, scope: 'read', input: async () => ({ timeZone: 'Europe/Lisbon' }) },
  createPersonalFeed: { allowed: SIGNED_IN, scope: 'read', input: async () => undefined },
  revokePersonalFeed: { allowed: SIGNED_IN, scope: 'read', input: async () => undefined },
  createApiKey: {
    allowed: [],
    scope: null,
    refusals: { others: 'SESSION_NEEDED' },
    input: async () => ({ name: 'laptop', scopes: ['READ'] }),
  },
  revokeApiKey: {
    allowed: [],
    scope: null,
    refusals: { others: 'SESSION_NEEDED' },
    input: async () => ({ id: newId() }),
  },
  endOtherSessions: { allowed: [], scope: null, refusals: { others: 'SESSION_NEEDED' }, input: async () => undefined },
};

/** What somebody should hear; null when they may. */
function expectedCode({ allowed, scope, refusals }: Rule, who: Who): string | null {
  if (who === WITHOUT_SCOPE && scope) return 'SCOPE';
  if (allowed.includes(who === WITHOUT_SCOPE ? 'organizer' : who)) return null;
  return who === 'stranger' ? (refusals?.stranger ?? 'SIGN_IN') : (refusals?.others ?? 'FORBIDDEN');
}

function keyOf(who: Who, scope: Scope | null): string | undefined {
  return who === WITHOUT_SCOPE ? keysWithout.get(scope ?? 'read') : keys[who];
}

/** The code that the mutation was refused with; null when it did what was asked. */
function refusalIn(
  { data, errors }: { data: Record<string, { userErrors: { code: string }[] }> | null; errors?: unknown },
  name: string,
) {
  if (errors || !data) throw new Error(`No payload: ${JSON.stringify(errors)}`);
  return data[name]?.userErrors[0]?.code ?? null;
}

const documentOf = (name: string): string =>
  inputTypes.get(name)
    ? `mutation($input: ${inputTypes.get(name)}!) { ${name}(input: $input) { userErrors { code } } }`
    : `mutation { ${name} { userErrors { code } } }`;

it('knows a rule for every mutation there is', () => {
  expect(Object.keys(RULES).sort()).toEqual([...inputTypes.keys()].sort());
});

describe.each(Object.entries(RULES))('%s', (name, rule) => {
  for (const who of [...PEOPLE, WITHOUT_SCOPE] as Who[]) {
    const code = expectedCode(rule, who);
    it(code ? `is refused to the ${who}: ${code}` : `is done for the ${who}`, async () => {
      const input = await rule.input();
      const answer = await post(t.url, documentOf(name), { input }, keyOf(who, rule.scope));
      expect(refusalIn(answer, name)).toBe(code);
    });
  }
});

describe('in a browser session', () => {
  const MEMBERS = ['member', 'host', 'organizer', 'owner'] as const;

  /** Signs in as a person does: asks for a link, opens it in the mail, presses the button. */
  async function sessionOf(email: string): Promise<string> {
    await t.graphql(`mutation($input: RequestSignInInput!) { requestSignIn(input: $input) { userErrors { code } } }`, {
      input: { email },
    });
    await t.sendMail();
    const mail = t.smtp.mails.findLast(({ recipient }) => recipient === email);
    if (!mail) throw new Error('The mail with the link did not come');
    const link = `${t.url}${new URL(linkIn(mail, '/sign-in/')).pathname}`;
    expect((await fetch(link)).headers.getSetCookie()).toEqual([]); // mail scanners open links
    const entered = await fetch(link, { method: 'POST', redirect: 'manual' });
    return entered.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ');
  }

  const asked = async (cookie: string, query: string, variables: Record<string, unknown> = {}) => {
    const response = await fetch(`${t.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie },
      body: JSON.stringify({ query, variables }),
    });
    return ((await response.json()) as { data: Record<string, never> }).data;
  };

  it.each(MEMBERS)('the %s makes a key of their own, uses it and ends it', async (who) => {
    const cookie = await sessionOf(group[who].email);
    const made = (await asked(
      cookie,
      `mutation($input: CreateApiKeyInput!) { createApiKey(input: $input) { apiKey { id } secret userErrors { code } } }`,
      { input: { name: 'laptop', scopes: ['READ'] } },
    )) as unknown as { createApiKey: { apiKey: { id: string }; secret: string; userErrors: [] } };
    expect(made.createApiKey.userErrors).toEqual([]);
    const { apiKey, secret } = made.createApiKey;
    expect((await t.graphql('{ viewer { email } }', {}, secret)).viewer.email).toBe(group[who].email);
    const revoke = () => asked(cookie, documentOf('revokeApiKey'), { input: { id: apiKey.id } });
    expect(await revoke()).toEqual({ revokeApiKey: { userErrors: [] } });
    expect(await revoke()).toEqual({ revokeApiKey: { userErrors: [{ code: 'NOT_FOUND' }] } });
    expect(await post(t.url, '{ viewer { email } }', {}, secret)).toMatchObject({
      errors: [{ extensions: { code: 'KEY_UNKNOWN' } }],
    });
  });

  it('nobody ends the key of somebody else', async () => {
    const cookie = await sessionOf(group.host.email);
    const { apiKeys } = await t.graphql('{ apiKeys { id } }', {}, group.owner.key);
    const input = { id: apiKeys[0].id };
    expect(await asked(cookie, documentOf('revokeApiKey'), { input })).toEqual({
      revokeApiKey: { userErrors: [{ code: 'NOT_FOUND' }] },
    });
  });

  it('a person signs out everywhere else and stays signed in here', async () => {
    const [elsewhere, here] = [await sessionOf(group.member.email), await sessionOf(group.member.email)];
    expect(await asked(here, documentOf('endOtherSessions'))).toEqual({ endOtherSessions: { userErrors: [] } });
    expect(await asked(elsewhere, '{ viewer { email } }')).toEqual({ viewer: null });
    expect(await asked(here, '{ viewer { email } }')).toEqual({ viewer: { email: group.member.email } });
  });
});

describe('what is private', () => {
  const EVERYONE = [...PEOPLE, WITHOUT_SCOPE] as Who[];
  let event: TestEvent;
  let draft: TestEvent;
  let attendee: string;
  beforeAll(async () => {
    event = await t.a.event(group);
    await aTask(event.id);
    draft = await aDraft();
    attendee = address();
    await t.a.registration(event, attendee);
    await aContribution();
  });

  /** What somebody sees of the event, or the code they hear. */
  const seen = async (who: Who, scope: Scope, selection: string, slug = event.slug) => {
    const query = `query($slug: String!) { event(slug: $slug) { ${selection} } }`;
    const { data, errors } = await post(t.url, query, { slug }, keyOf(who, scope));
    return errors?.[0].extensions.code ?? data.event;
  };

  it.each(EVERYONE)('the join link of an event, before the %s', async (who) => {
    const joinUrl = ORGANIZERS.includes(who) ? 'https://meet.example/secret-room' : null;
    expect(await seen(who, 'events', 'joinUrl')).toEqual({ joinUrl });
  });

  it.each(EVERYONE)('a draft, before the %s', async (who) => {
    const expected = DOOR.includes(who) ? { slug: draft.slug } : null;
    expect(await seen(who, 'read', 'slug', draft.slug)).toEqual(expected);
  });

  it.each(EVERYONE)('the runbook, before the %s', async (who) => {
    const runbook = DOOR.includes(who) ? [{ title: 'Choose the speaker' }] : [];
    expect(await seen(who, 'read', 'runbook { title }')).toEqual({ runbook });
  });

  it.each(EVERYONE)('the list of attendees with their addresses, before the %s', async (who) => {
    const ticketCode = ORGANIZERS.includes(who) ? expect.any(String) : null;
    const email = ORGANIZERS.includes(who) ? attendee : null;
    const list = { attendees: { nodes: [{ name: attendee.split('@')[0], email, ticketCode, joinUrl: null }] } };
    const refusal = who === 'stranger' ? 'SIGN_IN' : who === WITHOUT_SCOPE ? 'SCOPE' : 'FORBIDDEN';
    expect(await seen(who, 'attendees', 'attendees { nodes { name email ticketCode joinUrl } }')).toEqual(
      DOOR.includes(who) ? list : refusal,
    );
  });

  it.each(EVERYONE)('the history and the record of an attendee, before the %s', async (who) => {
    const selection = 'attendees { nodes { answers { text } history { act } attendanceRecord { attended } } }';
    const organizers = [
      { answers: [], history: [{ act: 'registration.confirmed' }], attendanceRecord: { attended: 0 } },
    ];
    const hosts = [{ answers: [], history: [], attendanceRecord: null }];
    const refusal = who === 'stranger' ? 'SIGN_IN' : who === WITHOUT_SCOPE ? 'SCOPE' : 'FORBIDDEN';
    expect(await seen(who, 'attendees', selection)).toEqual(
      DOOR.includes(who) ? { attendees: { nodes: ORGANIZERS.includes(who) ? organizers : hosts } } : refusal,
    );
  });

  it.each(EVERYONE)('the files whose attendance was imported, before the %s', async (who) => {
    const { id: eventId, slug } = await t.a.event(group);
    const imports = ORGANIZERS.includes(who) ? [{ id: await anImport(eventId) }] : null;
    expect(await seen(who, 'attendees', 'attendanceImports { id }', slug)).toEqual({ attendanceImports: imports });
  });

  it.each(PEOPLE)('the registration of an address that was typed again by the %s', async (who) => {
    const { registerForEvent } = await t.graphql(
      `mutation($input: RegisterForEventInput!) { registerForEvent(input: $input) { registration { name email ticketCode joinUrl } } }`,
      { input: { eventId: event.id, name: 'Guess', email: attendee } },
      keys[who],
    );
    expect(registerForEvent.registration).toEqual({
      name: DOOR.includes(who) ? attendee.split('@')[0] : null,
      email: ORGANIZERS.includes(who) ? attendee : null,
      ticketCode: ORGANIZERS.includes(who) ? expect.any(String) : null,
      joinUrl: null,
    });
  });

  it.each(SIGNED_IN)('nothing of their own registration from the %s who signed in', async (who) => {
    const { registerForEvent } = await t.graphql(
      `mutation($input: RegisterForEventInput!) { registerForEvent(input: $input) { registration { name email ticketCode joinUrl } } }`,
      { input: { eventId: event.id } },
      keyOf(who, null),
    );
    expect(registerForEvent.registration).toEqual({
      name: expect.any(String),
      email: expect.stringContaining('@'),
      ticketCode: expect.any(String),
      joinUrl: expect.stringMatching(/^http:\/\/goodturn\.test\/join\/[\w-]{43}$/),
    });
  });

  it.each(EVERYONE)('an impact record, before the %s', async (who) => {
    const query = '{ contributions { nodes { title } } }';
    const { data, errors } = await post(t.url, query, {}, keyOf(who, 'impact'));
    const titles = errors?.[0].extensions.code ?? data.contributions.nodes.map(({ title }: { title: string }) => title);
    if (who === 'stranger') expect(titles).toBe('SIGN_IN');
    else if (who === WITHOUT_SCOPE) expect(titles).toBe('SCOPE');
    else if (who === 'organizer') expect(titles).toContain('A talk');
    else expect(titles).toEqual([]);
  });

  it.each(EVERYONE)('API keys and the address of a person, before the %s', async (who) => {
    const { apiKeys, viewer } = await t.graphql('{ apiKeys { start } viewer { email } }', {}, keyOf(who, null));
    const key = keyOf(who, null);
    expect(apiKeys).toEqual(key ? [{ start: key.slice(0, 9) }] : []);
    if (key) expect(viewer.email).toContain('@');
    else expect(viewer).toBeNull();
  });

  it('a person: nothing leads to them but their own viewer', async () => {
    const { __schema } = await t.graphql(
      `{ __schema { types { name fields { name type { name ofType { name ofType { name ofType { name } } } } } } } }`,
    );
    const leads = __schema.types.flatMap(({ name, fields }: { name: string; fields: { name: string }[] | null }) =>
      (fields ?? [])
        .filter((field) => JSON.stringify(field).includes('"Person"'))
        .map((field) => `${name}.${field.name}`),
    );
    expect(leads.sort()).toEqual(['Query.viewer', 'UpdateViewerPayload.viewer']);
  });
});
