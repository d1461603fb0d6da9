import { Clock, newId } from '#kernel';
import { goodturnDataSource } from '#schema';
import { execFileSync, fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, get, type IncomingMessage } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { startApi } from '../apps/api/src/api.ts';
import { FeedsService } from '../libs/calendar/src/feeds.service.ts';
import { PersonalFeeds } from '../libs/calendar/src/personal-feeds.ts';
import { testConfig } from '../test/support/config.ts';
import { TEMPLATE, databaseUrl, startTestServer } from '../test/support/server.ts';

const SIZES = [100, 5000];
const CONNECTIONS = 32;
const ROUNDS = 21;
const ROUND_MS = 300;
/** First builds of each size, each in a process of its own. */
const BUILDS = 7;
const BUILT = [500, 5000];

interface Load {
  port: number;
  path: string;
  headers: Record<string, string>;
}

interface Ratios {
  full: number;
  fullGzip: number;
  notModified: number;
}

/**
 * This file is three programs: the servers; a client in a process of its own, so that they do not share a thread; and one
 * that builds a feed for the first time in its life and says what that cost.
 */
if (process.argv[2] === 'client')
  process.on('message', (wanted: Load) => void requestsAnswered(wanted).then((count) => process.send?.(count)));
else if (process.argv[2] === 'build') await sayCostOfFirstBuild(String(process.argv[3]), Number(process.argv[4]));
else await main();

async function main(): Promise<void> {
  console.log(
    `Group feeds of ${SIZES.join(' and ')} events, polled over ${CONNECTIONS} connections from another process.`,
  );
  console.log(`full, fullGzip: our API (Nest, Fastify) against bare node:http that sends the same bytes and headers.`);
  console.log(`notModified: the same with If-None-Match, against bare node:http that answers 304 without looking.`);
  console.log(
    `${ROUNDS} rounds of ${ROUND_MS} ms, taken in turn; each ratio is of medians, and of both sizes the worse counts.`,
  );
  console.log(
    `buildGrowth: CPU of the first build of ${BUILT[1]} events in a new process, query to tag, to that of ${BUILT[0]}.`,
  );
  console.log(`A feed shows 1,000 events at most. Here that limit is lifted; the functions are the same.`);

  const postgres = await startTestServer();
  const url = databaseUrl(postgres.superUrl, TEMPLATE);
  const largest = Math.max(...SIZES, ...BUILT);
  for (const size of new Set([...SIZES, ...BUILT])) await fill(url, size);
  const builds = BUILT.map((size) => costOfFirstBuild(url, size));
  console.log(
    `First builds: ${builds.map((cost, index) => `${cost} ms of CPU with ${BUILT[index]} events`).join(', ')}.`,
  );
  const api = await startApi({ config: testConfig(url) });
  const service = api.app.get(FeedsService);
  const render = service.render.bind(service);
  service.render = (address) => render(address, largest);
  const client = fork(fileURLToPath(import.meta.url), ['client'], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const ours = Number(new URL(api.url).port);
  const measured: Ratios[] = [];
  for (const size of SIZES) {
    measured.push(await ratiosOf(client, ours, `/calendar/groups/bench-${size}.ics`));
    console.log(`With ${size} events: ${JSON.stringify(measured.at(-1))}`);
  }
  client.disconnect();
  await api.stop();
  await postgres.stop();
  const worst = (name: keyof Ratios): number => Math.min(...measured.map((ratios) => ratios[name]));
  const ratios = {
    full: worst('full'),
    fullGzip: worst('fullGzip'),
    notModified: worst('notModified'),
    buildGrowth: rounded((builds[1] ?? 0) / (builds[0] ?? 1)),
  };
  console.log(JSON.stringify({ bench: 'feed', ratios, buildCpuMs: builds[1] }));
}

async function ratiosOf(client: ChildProcess, ours: number, path: string): Promise<Ratios> {
  const plain = {};
  const gzip = { 'accept-encoding': 'gzip' };
  const full = await answerOf(ours, path, plain);
  const fullGzip = await answerOf(ours, path, gzip);
  const conditional = { ...gzip, 'if-none-match': String(fullGzip.headers.etag) };
  const notModified = await answerOf(ours, path, conditional);
  const [status, again] = [full.status, notModified.status];
  console.log(`${path}: ${status} with ${full.bytes.length} bytes, ${fullGzip.bytes.length} compressed, and ${again}.`);
  return {
    full: await compare(client, { port: ours, path, headers: plain }, full),
    fullGzip: await compare(client, { port: ours, path, headers: gzip }, fullGzip),
    notModified: await compare(client, { port: ours, path, headers: conditional }, notModified),
  };
}

/** Milliseconds of CPU, all threads; the median of several processes that each build the feed once. */
function costOfFirstBuild(url: string, size: number): number {
  const program = [...process.execArgv, fileURLToPath(import.meta.url), 'build', url, String(size)];
  return median(Array.from({ length: BUILDS }, () => Number(execFileSync(process.execPath, program).toString())));
}

async function sayCostOfFirstBuild(url: string, size: number): Promise<void> {
  const db = await goodturnDataSource(url, 1).initialize();
  const service = new FeedsService(testConfig(url), db, new Clock(), new PersonalFeeds());
  await db.query('SELECT 1');
  const before = process.cpuUsage();
  const feed = await service.render({ kind: 'groups', name: `bench-${size}` }, size);
  const { user, system } = process.cpuUsage(before);
  if (!feed) throw new Error('The group has a feed');
  await db.destroy();
  console.log(Math.round((user + system) / 1000));
}

/** How many requests ours answers for each one that the bare server does. */
async function compare(client: ChildProcess, ours: Load, answer: Answer): Promise<number> {
  const raw = answer.rawHeaders;
  const server = createServer((_, response) => {
    response.writeHead(answer.status, raw);
    response.end(answer.bytes.length > 0 ? answer.bytes : undefined);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bare = { ...ours, port: (server.address() as AddressInfo).port };
  const counts = { ours: [] as number[], bare: [] as number[] };
  for (let round = -1; round < ROUNDS; round++) {
    const [ofOurs, ofBare] = [await load(client, ours), await load(client, bare)];
    if (round < 0) continue; // both warm up
    counts.ours.push(ofOurs);
    counts.bare.push(ofBare);
  }
  server.close();
  return rounded(median(counts.ours) / median(counts.bare));
}

function rounded(ratio: number): number {
  return Math.round(ratio * 100) / 100;
}

async function load(client: ChildProcess, wanted: Load): Promise<number> {
  client.send(wanted);
  const [count] = (await once(client, 'message')) as [number];
  return count;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** Polls for one round, one request at a time on each connection, and counts the answers. */
async function requestsAnswered({ port, path, headers }: Load): Promise<number> {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const request = `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n${lines.join('')}\r\n`;
  const ends = performance.now() + ROUND_MS;
  const counts = await Promise.all(Array.from({ length: CONNECTIONS }, () => poll(port, request, ends)));
  return counts.reduce((sum, count) => sum + count, 0);
}

async function poll(port: number, request: string, ends: number): Promise<number> {
  const socket = connect(port, '127.0.0.1');
  socket.setNoDelay(true);
  let answered = 0;
  let length = 0; // of an answer; all answers of a round are equally long
  let received = 0;
  socket.on('data', (chunk) => {
    length ||= lengthOf(chunk.toString('latin1'));
    received += chunk.length;
    if (received < length) return;
    received -= length;
    answered += 1;
    if (performance.now() < ends) socket.write(request);
    else socket.end();
  });
  socket.write(request);
  await once(socket, 'close');
  return answered;
}

function lengthOf(answer: string): number {
  const head = answer.indexOf('\r\n\r\n') + 4;
  return head + Number(/^content-length: (\d+)\r$/im.exec(answer.slice(0, head))?.[1] ?? 0);
}

interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
  /** Without those that Node adds itself. */
  rawHeaders: string[];
  bytes: Buffer;
}

async function answerOf(port: number, path: string, headers: Record<string, string>): Promise<Answer> {
  const [response] = (await once(get({ port, host: '127.0.0.1', path, headers }), 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const own = Object.entries(response.headers).filter(([name]) => !/^(date|connection|keep-alive)$/.test(name));
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    rawHeaders: own.flatMap(([name, value]) => [name, String(value)]),
    bytes: Buffer.concat(chunks),
  };
}

/** A group with this many events in the days that a feed reaches. */
async function fill(url: string, size: number): Promise<void> {
  const db = await goodturnDataSource(url, 1).initialize();
  const groupId = newId();
  await db.query(
    `INSERT INTO meetup_group (id, slug, name, description, time_zone, language, changed_at, created_at)
     VALUES ($1, 'bench-' || $2, 'Code for Good Berlin', 'Evenings for the town', 'Europe/Berlin', 'en', now(), now())`,
    [groupId, String(size)],
  );
  await db.query(
    `INSERT INTO event (id, group_id, slug, title, description, starts_at_local, ends_at_local, time_zone, starts_at, ends_at,
                        language, format, state, tags, changed_at, created_at)
     SELECT gen_random_uuid(), $1, 'bench-' || $2::int || '-' || number, 'Evening ' || number || ': maps for the food bank',
            description, '', '', 'Europe/Berlin', start, start + interval '2 hours', 'en', 'ONLINE', 'PUBLISHED',
            '{maps,first-timers}', now(), now()
       FROM generate_series(1, $2::int) AS number
      CROSS JOIN LATERAL (
        SELECT date_trunc('day', now()) + number % 500 * interval '1 day' + interval '17 hours' AS start,
               string_agg(md5(number || '-' || word), ' ') AS description FROM generate_series(1, 6) AS word) facts`,
    [groupId, size],
  );
  await db.destroy();
}
