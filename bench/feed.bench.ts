import { newId } from '#kernel';
import { goodturnDataSource } from '#schema';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, get, type IncomingMessage } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { startApi } from '../apps/api/src/api.ts';
import { testConfig } from '../test/support/config.ts';
import { TEMPLATE, databaseUrl, startTestServer } from '../test/support/server.ts';

const EVENTS = 100;
const CONNECTIONS = 32;
const ROUNDS = 25;
const ROUND_MS = 300;
const PATH = '/calendar/groups/bench.ics';

interface Load {
  port: number;
  headers: Record<string, string>;
}

/** This file is two programs: the servers, and a client in a process of its own, so that they do not share a thread. */
if (process.argv[2] === 'client')
  process.on('message', (wanted: Load) => void requestsAnswered(wanted).then((count) => process.send?.(count)));
else await main();

async function main(): Promise<void> {
  console.log(
    `A group feed of ${EVENTS} events, compressed, polled over ${CONNECTIONS} connections from another process.`,
  );
  console.log(`full: our API (Nest, Fastify) against bare node:http that sends the same bytes and headers.`);
  console.log(`notModified: the same with If-None-Match, against bare node:http that answers 304 without looking.`);
  console.log(
    `${ROUNDS} rounds of ${ROUND_MS} ms, taken in turn; each ratio is of medians. 1 would be no cost at all.`,
  );

  const postgres = await startTestServer();
  const url = databaseUrl(postgres.superUrl, TEMPLATE);
  await fill(url);
  const api = await startApi({ config: testConfig(url) });
  const headers = { 'accept-encoding': 'gzip' };
  const ours = Number(new URL(api.url).port);
  const full = await answerOf(ours, headers);
  const conditional = { ...headers, 'if-none-match': String(full.headers.etag) };
  const notModified = await answerOf(ours, conditional);
  console.log(
    `The answers are ${full.status} with ${full.bytes.length} bytes, and ${notModified.status} without a body.`,
  );

  const client = fork(fileURLToPath(import.meta.url), ['client'], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const ratios = {
    full: await compare(client, ours, headers, full),
    notModified: await compare(client, ours, conditional, notModified),
  };
  client.disconnect();
  await api.stop();
  await postgres.stop();
  console.log(JSON.stringify({ bench: 'feed', ratios }));
}

/** How many requests ours answers for each one that the bare server does. */
async function compare(client: ChildProcess, ours: number, headers: Load['headers'], answer: Answer): Promise<number> {
  const raw = answer.rawHeaders;
  const server = createServer((_, response) => {
    response.writeHead(answer.status, raw);
    response.end(answer.bytes.length > 0 ? answer.bytes : undefined);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bare = (server.address() as AddressInfo).port;
  const counts = { ours: [] as number[], bare: [] as number[] };
  for (let round = -1; round < ROUNDS; round++) {
    const [ofOurs, ofBare] = [await load(client, { port: ours, headers }), await load(client, { port: bare, headers })];
    if (round < 0) continue; // both warm up
    counts.ours.push(ofOurs);
    counts.bare.push(ofBare);
  }
  server.close();
  return Math.round((median(counts.ours) / median(counts.bare)) * 100) / 100;
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
async function requestsAnswered({ port, headers }: Load): Promise<number> {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const request = `GET ${PATH} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n${lines.join('')}\r\n`;
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

async function answerOf(port: number, headers: Record<string, string>): Promise<Answer> {
  const [response] = (await once(get({ port, host: '127.0.0.1', path: PATH, headers }), 'response')) as [
    IncomingMessage,
  ];
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

async function fill(url: string): Promise<void> {
  const db = await goodturnDataSource(url, 1).initialize();
  const groupId = newId();
  await db.query(
    `INSERT INTO meetup_group (id, slug, name, description, time_zone, language, changed_at, created_at)
     VALUES ($1, 'bench', 'Code for Good Berlin', 'Evenings for the town', 'Europe/Berlin', 'en', now(), now())`,
    [groupId],
  );
  await db.query(
    `INSERT INTO event (id, group_id, slug, title, description, starts_at_local, ends_at_local, time_zone, starts_at, ends_at,
                        language, format, state, tags, changed_at, created_at)
     SELECT gen_random_uuid(), $1, 'bench-' || day, 'Evening ' || day || ': maps for the food bank', description, '', '',
            'Europe/Berlin', start, start + interval '2 hours', 'en', 'ONLINE', 'PUBLISHED', '{maps,first-timers}', now(), now()
       FROM generate_series(1, $2::int) AS day
      CROSS JOIN LATERAL (
        SELECT date_trunc('day', now()) + day * interval '1 day' + interval '17 hours' AS start,
               string_agg(md5(day || '-' || word), ' ') AS description FROM generate_series(1, 6) AS word) facts`,
    [groupId, EVENTS],
  );
  await db.destroy();
}
