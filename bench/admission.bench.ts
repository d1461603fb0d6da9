import { newId } from '#kernel';
import { startEmbeddedPostgres } from '#database';
import { migrate } from '#schema';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { testEnvironment } from '../test/support/config.ts';
import { startProcess } from '../test/support/process.ts';

const ROUNDS = 7;
const CLIENTS = 200;
/** Requests per round. One by one takes so much longer that fewer of them tell its rate as well. */
const REQUESTS = { register: 3000, twoProcesses: 3000, emptyQuery: 3000, oneByOne: 400 };
const SEATS = 500;

const REGISTER = `mutation R($input: RegisterForEventInput!) { registerForEvent(input: $input) { registration { id state waitlistPosition } userErrors { code field message } } }`;

await main();

async function main(): Promise<void> {
  console.log(
    `One hot event of ${SEATS} seats and durable commits, ${CLIENTS} clients at a time, from another process.`,
  );
  console.log(
    'oneByOne: registerForEvent over HTTP against the same rows written by bare `pg`, one transaction per person.',
  );
  console.log('emptyQuery: registerForEvent against `{ __typename }` on the same server.');
  console.log('twoProcesses: registerForEvent for one event through two processes against one.');
  console.log('p99: the slowest hundredth of registerForEvent against that of `{ __typename }`, in milliseconds each.');
  console.log(`${ROUNDS} rounds, taken in turn; each ratio is of medians.`);

  const dataDir = await mkdtemp(join(tmpdir(), 'goodturn-bench-'));
  const postgres = await startEmbeddedPostgres({ dataDir, durable: true, log: () => undefined });
  await migrate(postgres.url);
  const pool = new pg.Pool({ connectionString: postgres.url, max: 10 });
  pool.on('error', () => undefined); // PostgreSQL may be gone a moment before the pool has noticed its own end
  const groupId = await makeGroup(pool);
  const env = { ...testEnvironment(postgres.url, 'smtp://127.0.0.1:1'), NODE_ENV: 'production' };
  const apis = await Promise.all([startProcess('api', env), startProcess('api', env)]);
  const [first = [], second = []] = await Promise.all(
    apis.map((api) => Promise.all(Array.from({ length: CLIENTS }, () => openLine(api.ready)))),
  );
  const both = first.map((line, client) => (client % 2 ? line : second[client]));

  const seen: Record<keyof typeof REQUESTS, Pace[]> = { register: [], twoProcesses: [], emptyQuery: [], oneByOne: [] };
  for (let round = -1; round < ROUNDS; round += 1) {
    const event = await makeEvent(pool, groupId, `hot-${round}`);
    const shared = await makeEvent(pool, groupId, `shared-${round}`);
    const control = await makeEvent(pool, groupId, `control-${round}`);
    const measured: Record<keyof typeof REQUESTS, Pace> = {
      register: await pace(REQUESTS.register, (index, client) =>
        first[client]?.(registerBody(event, `${round}-${index}`), '"state":'),
      ),
      emptyQuery: await pace(REQUESTS.emptyQuery, (_, client) =>
        first[client]?.('{"query":"{ __typename }"}', '"Query"'),
      ),
      twoProcesses: await pace(REQUESTS.twoProcesses, (index, client) =>
        both[client]?.(registerBody(shared, `two-${round}-${index}`), '"state":'),
      ),
      oneByOne: await pace(REQUESTS.oneByOne, (index) => oneByOne(pool, groupId, control, `one-${round}-${index}`)),
    };
    await check(pool, event, REQUESTS.register);
    await check(pool, shared, REQUESTS.twoProcesses);
    if (round < 0) continue; // all warm up
    for (const [name, value] of Object.entries(measured)) seen[name as keyof typeof REQUESTS].push(value);
  }

  await Promise.all(apis.map((api) => api.stop()));
  await pool.end();
  await postgres.stop();
  await rm(postgres.folder, { recursive: true, force: true });
  await rm(dataDir, { recursive: true, force: true });
  const rate = (name: keyof typeof REQUESTS): number => median(seen[name].map(({ perSecond }) => perSecond));
  const p99 = (name: keyof typeof REQUESTS): number => median(seen[name].map(({ slowestMs }) => slowestMs));
  for (const name of Object.keys(seen) as (keyof typeof REQUESTS)[])
    console.log(`${name}: ${Math.round(rate(name))} a second, p99 ${p99(name).toFixed(1)} ms`);
  const ratios = {
    oneByOne: rate('register') / rate('oneByOne'),
    emptyQuery: rate('register') / rate('emptyQuery'),
    twoProcesses: rate('twoProcesses') / rate('register'),
    p99: p99('register') / p99('emptyQuery'),
  };
  const rounded = (_name: string, value: unknown): unknown =>
    typeof value === 'number' ? Math.round(value * 100) / 100 : value;
  console.log(JSON.stringify({ bench: 'admission', ratios }, rounded));
}

/** How fast requests were answered. */
interface Pace {
  perSecond: number;
  /** What one request in a hundred took longer than. */
  slowestMs: number;
}

/** The pace when `CLIENTS` callers send their requests one after the other. */
async function pace(
  requests: number,
  send: (index: number, client: number) => Promise<void> | undefined,
): Promise<Pace> {
  let next = 0;
  const took: number[] = [];
  const began = performance.now();
  await Promise.all(
    Array.from({ length: CLIENTS }, async (_, client) => {
      while (next < requests) {
        const asked = performance.now();
        await send(next++, client);
        took.push(performance.now() - asked);
      }
    }),
  );
  const perSecond = requests / ((performance.now() - began) / 1000);
  took.sort((a, b) => a - b);
  return { perSecond, slowestMs: took[Math.floor(took.length * 0.99)] ?? 0 };
}

function registerBody(eventId: string, who: string): string {
  return JSON.stringify({
    query: REGISTER,
    variables: { input: { eventId, name: `Person ${who}`, email: `person-${who}@example.org` } },
  });
}

/** A kept connection that posts GraphQL and checks the answer. Bare sockets, so that the client takes little of the machine. */
async function openLine(url: string): Promise<(body: string, expected: string) => Promise<void>> {
  const { hostname, port } = new URL(url);
  const socket: Socket = connect(Number(port), hostname);
  socket.setNoDelay(true).unref();
  let received = '';
  let waiting: { expected: string; resolve: () => void; reject: (error: Error) => void } | null = null;
  socket.on('data', (chunk) => {
    received += chunk.toString('latin1');
    const head = received.indexOf('\r\n\r\n');
    const length = Number(/content-length: (\d+)/i.exec(received)?.[1] ?? NaN);
    if (head < 0 || received.length < head + 4 + length || !waiting) return;
    const { expected, resolve, reject } = waiting;
    const answer = received;
    received = '';
    waiting = null;
    if (answer.includes(expected)) resolve();
    else reject(new Error(`Unexpected answer: ${answer}`));
  });
  socket.on('error', (error) => waiting?.reject(error));
  return (body, expected) =>
    new Promise((resolve, reject) => {
      waiting = { expected, resolve, reject };
      socket.write(
        `POST /graphql HTTP/1.1\r\nhost: ${hostname}:${port}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      );
    });
}

/** What a careful server does without batching: the same locks, checks and rows, one transaction for one person. */
async function oneByOne(pool: pg.Pool, groupId: string, eventId: string, who: string): Promise<void> {
  const client = await pool.connect();
  try {
    const email = `person-${who}@example.org`;
    const [registrationId, messageId] = [newId(), newId()];
    await client.query('BEGIN');
    await client.query(`SET LOCAL lock_timeout = '60s'`);
    const { rows } = await client.query<{
      taken_online: number;
      capacity_online: number;
      last_waitlist_number: number;
    }>('SELECT * FROM event WHERE id = $1 FOR NO KEY UPDATE', [eventId]);
    const [event] = rows;
    if (!event) throw new Error('The event was just made');
    await client.query(
      `INSERT INTO person (id, name, email, language) VALUES ($1, $2, $3, 'en') ON CONFLICT ON CONSTRAINT uq_person_email DO NOTHING`,
      [newId(), `Person ${who}`, email],
    );
    const people = await client.query<{ id: string }>('SELECT id FROM person WHERE email = $1', [email]);
    const personId = people.rows[0]?.id;
    await client.query('SELECT * FROM registration WHERE event_id = $1 AND person_id = $2', [eventId, personId]);
    await client.query('SELECT person_id FROM blocked_person WHERE group_id = $1 AND person_id = $2', [
      groupId,
      personId,
    ]);
    const seated = event.taken_online < event.capacity_online;
    const number = seated ? null : event.last_waitlist_number + 1;
    await client.query(
      `INSERT INTO registration (id, event_id, group_id, person_id, name, language, pool, state, waitlist_number, ticket_code, registered_at, confirmed_at)
       VALUES ($1, $2, $3, $4, $5, 'en', 'ONLINE', $6, $7, $8, now(), $9)`,
      [
        registrationId,
        eventId,
        groupId,
        personId,
        `Person ${who}`,
        seated ? 'CONFIRMED' : 'WAITLISTED',
        number,
        who,
        seated ? new Date() : null,
      ],
    );
    await client.query(
      seated
        ? 'UPDATE event SET taken_online = taken_online + 1 WHERE id = $1'
        : 'UPDATE event SET waiting_online = waiting_online + 1, last_waitlist_number = last_waitlist_number + 1 WHERE id = $1',
      [eventId],
    );
    await client.query(
      `INSERT INTO history_entry (at, actor_kind, act, subject_id, group_id, details) VALUES (now(), 'stranger', 'registration.confirmed', $1, $2, '{"pool":"ONLINE"}')`,
      [registrationId, groupId],
    );
    await client.query(
      `INSERT INTO message (id, kind, intent_key, person_id, to_address, language, event_id, registration_id, message_id)
       VALUES ($1, 'registered', $2, $3, $4, 'en', $5, $6, $7)`,
      [
        messageId,
        `registered:${registrationId}:1`,
        personId,
        email,
        eventId,
        registrationId,
        `<${messageId}@goodturn.test>`,
      ],
    );
    await client.query(`SELECT graphile_worker.add_job('send-mail', $1::json)`, [JSON.stringify({ messageId })]);
    await client.query('COMMIT');
  } finally {
    client.release();
  }
}

async function makeGroup(pool: pg.Pool): Promise<string> {
  const id = newId();
  await pool.query(
    `INSERT INTO meetup_group (id, slug, name, description, time_zone, language, changed_at, created_at) VALUES ($1, 'bench', 'Bench', '', 'UTC', 'en', now(), now())`,
    [id],
  );
  return id;
}

async function makeEvent(pool: pg.Pool, groupId: string, slug: string): Promise<string> {
  const id = newId();
  await pool.query(
    `INSERT INTO event (id, group_id, slug, title, description, starts_at_local, ends_at_local, time_zone, starts_at, ends_at, language, format, state, join_url, capacity_online, changed_at, created_at)
     VALUES ($1, $2, $3, 'A hot event', '', '2035-03-17T17:00', '2035-03-17T18:00', 'UTC', '2035-03-17T17:00Z', '2035-03-17T18:00Z', 'en', 'ONLINE', 'PUBLISHED', 'https://meet.example', $4, now(), now())`,
    [id, groupId, slug, SEATS],
  );
  return id;
}

/** A rate of wrong answers would be worth nothing. */
async function check(pool: pg.Pool, eventId: string, asked: number): Promise<void> {
  const { rows } = await pool.query<{ seated: number; total: number }>(
    `SELECT count(*) FILTER (WHERE state = 'CONFIRMED')::int AS seated, count(*)::int AS total FROM registration WHERE event_id = $1`,
    [eventId],
  );
  if (rows[0]?.seated !== SEATS || rows[0].total !== asked) throw new Error(`Wrong: ${JSON.stringify(rows[0])}`);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
