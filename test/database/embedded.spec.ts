import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '#database';

const BUILT = new URL('../../dist/libs/database/src/embedded.js', import.meta.url).href;

let dataDir: string;
let server: EmbeddedPostgres | undefined;
const told: string[] = [];

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'goodturn-embedded-'));
});

afterEach(async () => {
  await server?.stop();
  server = undefined;
  told.length = 0;
});

afterAll(async () => {
  await rm(dataDir, { recursive: true, force: true });
});

async function start(port?: number): Promise<EmbeddedPostgres> {
  server = await startEmbeddedPostgres({ dataDir, port, durable: false, log: (line) => told.push(line) });
  return server;
}

async function ask<T extends pg.QueryResultRow>(url: string, sql: string): Promise<T[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query<T>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Starts a server on the same folder from a process of its own, to be killed. */
async function startElsewhere(): Promise<ChildProcess> {
  const script = `
    const { startEmbeddedPostgres } = await import(${JSON.stringify(BUILT)});
    await startEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir)}, durable: false, log: console.error });
    console.log('started');`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit').then(() => Promise.reject(new Error('The other process ended early')));
  await Promise.race([once(child.stdout, 'data'), ended]);
  ended.catch(() => undefined);
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

async function serverProcess(): Promise<number> {
  return Number((await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]);
}

describe('the embedded PostgreSQL', () => {
  it('makes a UTF-8 database whose owner may do no more than own it', async () => {
    const { url } = await start();
    const [row] = await ask(
      url,
      `SELECT current_user AS role, rolsuper AS super, pg_encoding_to_char(encoding) AS encoding,
              datlocprovider AS provider, datlocale AS locale, upper('é') AS upper
         FROM pg_database, pg_roles WHERE datname = current_database() AND rolname = current_user`,
    );
    expect(row).toEqual({
      role: 'goodturn',
      super: false,
      encoding: 'UTF8',
      provider: 'b',
      locale: 'C.UTF-8',
      upper: 'É',
    });
  });

  it('lets nobody in without the password, which only its user can read', async () => {
    const { url } = await start();
    const wrong = new URL(url);
    wrong.password = 'password';
    await expect(ask(wrong.href, 'SELECT 1')).rejects.toThrow('password authentication failed');
    if (process.platform !== 'win32') {
      expect((await stat(join(dataDir, 'password'))).mode & 0o777).toBe(0o600);
      expect((await stat(join(dataDir, 'postgres'))).mode & 0o777).toBe(0o700);
    }
  });

  it('listens on this machine only', async () => {
    const { superUrl } = await start();
    const rows = await ask<{ setting: string }>(
      superUrl,
      `SELECT setting FROM pg_settings WHERE name IN ('listen_addresses', 'unix_socket_directories') ORDER BY name`,
    );
    expect(rows.map((row) => row.setting)).toEqual(['127.0.0.1', '']);
  });

  it('keeps what was written when it is stopped and started again', async () => {
    const first = await start();
    await ask(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await first.stop();
    const second = await start();
    expect(await ask(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  });

  it('takes the port it is asked for, and another one when that is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const taken = address !== null && typeof address === 'object' ? address.port : 0;
    expect((await start(taken)).port).not.toBe(taken);
    await server?.stop();
    other.close();
    await once(other, 'close');
    expect((await start(taken)).port).toBe(taken);
  });

  it('refuses a folder that a living process uses, and leaves its server alone', async () => {
    const { url } = await start();
    await expect(startEmbeddedPostgres({ dataDir, durable: false, log: () => undefined })).rejects.toThrow(
      'Another running Goodturn uses',
    );
    expect(await ask(url, 'SELECT 1 AS alive')).toEqual([{ alive: 1 }]);
  });

  it('stops the server that a killed process left behind, and starts', async () => {
    await kill(await startElsewhere());
    const orphan = await serverProcess();
    const { url } = await start();
    expect(await serverProcess()).not.toBe(orphan);
    expect(told).toEqual(['Stopping the PostgreSQL that an earlier run left behind.']);
    expect(await ask(url, 'SELECT 1 AS alive')).toEqual([{ alive: 1 }]);
  });

  it('starts when the server was killed together with its process', async () => {
    const child = await startElsewhere();
    process.kill(await serverProcess(), 'SIGKILL');
    await kill(child);
    const { url } = await start();
    expect(await ask(url, 'SELECT 1 AS alive')).toEqual([{ alive: 1 }]);
  });
});
