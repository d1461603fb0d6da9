import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { lchown, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { run, settle, type Home } from './embedded-home.ts';

export interface EmbeddedPostgresOptions {
  /** The folder that keeps the database. It and what is in it belong to us. */
  dataDir: string;
  /** Port wished for; another free one when it is taken, and when none is wished for. */
  port?: number;
  /** False gives up safety against power cuts for speed: for tests. */
  durable: boolean;
  log: (line: string) => void;
}

export interface EmbeddedPostgres {
  /** The database `goodturn`, as a role that owns it and may do no more. */
  url: string;
  /** The database `postgres`, as superuser. */
  superUrl: string;
  port: number;
  /** Where data, password and log really are; not always the folder that was asked for. */
  folder: string;
  /** Ends all connections, writes everything to disk and returns when the server is gone. */
  stop(): Promise<void>;
}

/** Held by the process that uses a server, so that another one can tell a server in use from one left behind. */
const IN_USE = 4_740_001;
const PORT_ATTEMPTS = 3;
const PATIENCE_MS = 3000;

/**
 * Starts a real PostgreSQL from an npm package, on 127.0.0.1 only. The server runs in a session of its own, so Ctrl-C
 * reaches us alone and we can still finish our work before we stop it. We use the programs of the package and not its
 * JavaScript, which on a signal stops the server and then the process under our feet.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const home = await settle(options.dataDir, options.log);
  const password = await passwordOf(home);
  await endOrphan(home, password, options.log);
  await create(home, options.durable);
  const port = await launch(home, options);
  const guard = await takeOwnership(home, port, password, options.log).catch(async (error: unknown) => {
    await halt(home);
    throw error;
  });

  const atExit = (): void => interrupt(home);
  process.once('exit', atExit);
  return {
    url: address('goodturn', password, port),
    superUrl: address('postgres', password, port),
    port,
    folder: home.folder,
    stop: async () => {
      process.off('exit', atExit);
      guard.removeAllListeners('error').on('error', () => undefined);
      await guard.end().catch(() => undefined);
      await halt(home);
    },
  };
}

function address(role: 'goodturn' | 'postgres', password: string, port: number): string {
  return `postgres://${role}:${password}@127.0.0.1:${port}/${role}`;
}

/** A random password, made once. PostgreSQL's user owns the file because `initdb` has to read it. */
async function passwordOf(home: Home): Promise<string> {
  const file = join(home.folder, 'password');
  const kept = await readFile(file, 'utf8').catch(() => '');
  if (kept) return kept.trim();
  const password = randomBytes(24).toString('base64url');
  await rm(file, { force: true });
  await writeFile(file, password, { mode: 0o600, flag: 'wx' });
  if (home.user) await lchown(file, home.user.uid, home.user.gid);
  return password;
}

/** Makes an empty database, under another name until it is whole: a half-made one must not be taken for the real one. */
async function create(home: Home, durable: boolean): Promise<void> {
  const made = await stat(join(home.data, 'PG_VERSION')).catch(() => null);
  if (made) return;
  const unfinished = `${home.data}-unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { mode: 0o700 });
  if (home.user) await lchown(unfinished, home.user.uid, home.user.gid);
  const { code, output } = await run(home, 'initdb', [
    `--pgdata=${unfinished}`,
    '--username=postgres',
    `--pwfile=${join(home.folder, 'password')}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    ...(durable ? [] : ['--no-sync']),
  ]);
  if (code !== 0) throw new Error(`PostgreSQL could not make a database in ${home.folder}: ${output}`);
  await rm(home.data, { recursive: true, force: true });
  await rename(unfinished, home.data);
}

/** Starts the server and returns the port it listens on. */
async function launch(home: Home, { port: wanted, durable }: EmbeddedPostgresOptions): Promise<number> {
  const logFile = join(home.data, 'goodturn.log'); // inside, where the server's user may always write
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort(attempt === 1 ? (wanted ?? 0) : 0);
    await rm(logFile, { force: true });
    const flags = Object.entries(settings(port, durable)).map(([name, value]) => `-c ${name}=${value}`);
    const args = [
      'start',
      '-w',
      '-t',
      '60',
      '-s',
      '-D',
      'postgres',
      '-l',
      'postgres/goodturn.log',
      '-o',
      flags.join(' '),
    ];
    const { code } = await run(home, 'pg_ctl', args, { silent: true });
    if (code === 0) return port;
    const told = (await readFile(logFile, 'utf8').catch(() => 'It left no log.')).trim();
    // Between our look at the port and the start of the server another program may have taken it.
    if (told.includes('could not create any TCP/IP sockets') && attempt < PORT_ATTEMPTS) continue;
    throw new Error(
      `The embedded PostgreSQL in ${home.folder} did not start:\n${told.split('\n').slice(-10).join('\n')}`,
    );
  }
}

function settings(port: number, durable: boolean): Record<string, string | number> {
  const fast = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };
  return {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 200,
    log_min_messages: 'warning',
    log_checkpoints: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...(durable ? {} : fast),
  };
}

/** The wanted port when it can be had, else any free one. 0 asks for any. */
async function freePort(wanted: number): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once('error', (error) => (wanted === 0 ? fail(error) : done(freePort(0))));
    probe.listen(wanted, '127.0.0.1', () => {
      const bound = probe.address();
      probe.close(() => done(bound !== null && typeof bound === 'object' ? bound.port : wanted));
    });
  });
}

/** Makes our role and database when they are missing, and holds the lock that says "in use" for as long as we live. */
async function takeOwnership(
  home: Home,
  port: number,
  password: string,
  log: (line: string) => void,
): Promise<pg.Client> {
  const guard = new pg.Client({
    connectionString: address('postgres', password, port),
    application_name: 'goodturn-guard',
  });
  guard.on('error', (error) =>
    log(`The embedded PostgreSQL ended unexpectedly: ${error.message}. See ${home.data}/goodturn.log.`),
  );
  await guard.connect();
  await guard.query('SELECT pg_advisory_lock($1)', [IN_USE]);
  const { rows: roles } = await guard.query(`SELECT FROM pg_roles WHERE rolname = 'goodturn'`);
  if (roles.length === 0) await guard.query(`CREATE ROLE goodturn LOGIN PASSWORD ${guard.escapeLiteral(password)}`);
  const { rows: databases } = await guard.query(`SELECT FROM pg_database WHERE datname = 'goodturn'`);
  if (databases.length === 0) await guard.query('CREATE DATABASE goodturn OWNER goodturn');
  return guard;
}

/**
 * Stops a server whose owner was killed, so that we start from a clean state. One that a living process uses is left
 * alone, and we refuse. A file that only names a dead server is PostgreSQL's own business: it recovers from that.
 */
async function endOrphan(home: Home, password: string, log: (line: string) => void): Promise<void> {
  const left = postmaster(home);
  if (!left || !isAlive(left.pid)) return;
  if (!(await isPostgres(left.pid))) {
    // The number now belongs to some other program; PostgreSQL would take it for a running server and refuse to start.
    await rm(join(home.data, 'postmaster.pid'), { force: true });
    return;
  }
  const deadline = Date.now() + PATIENCE_MS; // one that was told to stop a moment ago may still be finishing its work
  while (await isInUse(left.port, password)) {
    if (Date.now() > deadline) {
      throw new Error(
        `Another running Goodturn uses ${home.folder}. Stop that one first, or set DATA_DIR to another folder.`,
      );
    }
    await pause(200);
  }
  if (postmaster(home)?.pid !== left.pid) return;
  log('Stopping the PostgreSQL that an earlier run left behind.');
  await halt(home);
}

async function isInUse(port: number, password: string): Promise<boolean> {
  const client = new pg.Client({
    connectionString: address('postgres', password, port),
    connectionTimeoutMillis: 5000,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ free: boolean }>('SELECT pg_try_advisory_lock($1) AS free', [IN_USE]);
    return rows[0]?.free === false;
  } catch {
    return false; // it is going down already
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** PostgreSQL's "fast shutdown", and the immediate one when that takes longer than half a minute. */
async function halt(home: Home): Promise<void> {
  const running = postmaster(home);
  if (!running || !isAlive(running.pid)) return;
  for (const mode of ['fast', 'immediate']) {
    const { code } = await run(home, 'pg_ctl', ['stop', '-w', '-t', '30', '-s', '-D', 'postgres', '-m', mode]);
    if (code === 0) return;
  }
  for (let wait = 0; wait < 50 && isAlive(running.pid); wait += 1) await pause(100);
}

/** Last resort when the process ends without `stop`: asks for a fast shutdown, and nobody waits for it. */
function interrupt(home: Home): void {
  const running = postmaster(home);
  if (running && process.platform !== 'win32' && isAlive(running.pid)) process.kill(running.pid, 'SIGINT');
}

/** What `postmaster.pid` says: the process on line 1, its port on line 4. */
function postmaster(home: Home): { pid: number; port: number } | null {
  try {
    const lines = readFileSync(join(home.data, 'postmaster.pid'), 'utf8').split('\n');
    const [pid, port] = [Number(lines[0]), Number(lines[3])];
    return pid > 0 ? { pid, port } : null;
  } catch {
    return null;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Where the system does not tell (anywhere but Linux) we believe that it is. */
async function isPostgres(pid: number): Promise<boolean> {
  if (process.platform !== 'linux') return true;
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return command.includes('postgres');
}
