import { readConfig, untilStopped, type Config } from '#kernel';
import { startEmbeddedPostgres } from '#database';
import { goodturnDataSource, migrate } from '#schema';
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { startApi } from '../../api/src/api.ts';
import { startGoodturnWorker } from '../../worker/src/worker.ts';
import { freePort } from './free-port.ts';
import { DEMO_ORGANIZER, demoKey, seedDemo } from './seed.ts';

const dataDir = resolve(process.env.DATA_DIR ?? '.data');
const stopped = untilStopped();
const stops: (() => Promise<void>)[] = [];
let mailPage: string | null = null;

try {
  const config = await prepare();
  await migrate(config.databaseUrl);
  const key = await seed(config);
  const worker = await startGoodturnWorker({ config });
  stops.push(() => worker.stop());
  const api = await startApi({ config });
  stops.push(() => api.stop());
  welcome(config, key);
  console.log(`ready ${config.publicUrl}`);
  await stopped;
  console.log('\nStopping …');
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  for (const stop of stops.reverse()) await stop();
}
process.exit();

/** Starts what the environment does not name: a database, a mail server, a secret. */
async function prepare(): Promise<Config> {
  await mkdir(dataDir, { recursive: true });
  const env = { ...process.env };
  if (!env.DATABASE_URL) {
    const postgres = await startEmbeddedPostgres({ dataDir: join(dataDir, 'postgres'), durable: true, log: say });
    stops.push(() => postgres.stop());
    env.DATABASE_URL = postgres.url;
  }
  if (!env.SMTP_URL) {
    const smtpPort = await portFor('the mail catcher', 1025);
    const { startMailCatcher } = await import('./mail-catcher.ts'); // takes a second to load, so only when it is needed
    const catcher = await startMailCatcher({ smtpPort, webPort: await portFor('its page', 1080) });
    stops.push(() => catcher.stop());
    env.SMTP_URL = catcher.smtpUrl;
    mailPage = catcher.webUrl;
  }
  if (env.NODE_ENV !== 'production') env.SECRET ??= await kept('secret', randomBytes(32).toString('base64url'));
  env.PORT = String(await portFor('Goodturn', Number(env.PORT ?? 3000), env.HOST));
  return readConfig(env);
}

async function portFor(what: string, wanted: number, host?: string): Promise<number> {
  const port = await freePort(wanted, host);
  if (port !== wanted) say(`Port ${wanted} is taken, so ${what} takes ${port}.`);
  return port;
}

/** Fills an empty database with the demo community, and gives back the key to try it with. */
async function seed(config: Config): Promise<string | null> {
  const wanted = process.env.SEED ?? (config.production ? 'none' : 'demo');
  if (wanted !== 'demo') return null;
  const db = await goodturnDataSource(config.databaseUrl, 4).initialize();
  try {
    await seedDemo(config, db);
    const key = await demoKey(config, db, await read('demo-key'));
    if (key) await write('demo-key', key);
    return key;
  } finally {
    await db.destroy();
  }
}

/** What is made once and kept in the data folder. */
async function kept(name: string, made: string): Promise<string> {
  const found = await read(name);
  if (!found) await write(name, made);
  return found ?? made;
}

async function read(name: string): Promise<string | null> {
  const found = await readFile(join(dataDir, name), 'utf8').catch(() => '');
  return found.trim() || null;
}

/** Readable by us only. */
async function write(name: string, text: string): Promise<void> {
  await writeFile(join(dataDir, name), text, { mode: 0o600 });
}

function welcome(config: Config, key: string | null): void {
  say('');
  say(`  Goodturn        ${config.publicUrl}`);
  say(`  GraphQL         ${config.publicUrl}/graphql`);
  if (mailPage) say(`  Mail            ${mailPage}`);
  if (!key) return;
  const where = mailPage ? 'the link arrives on the mail page' : 'the link arrives by mail';
  say(`  Sign in         ${config.publicUrl}/sign-in as ${DEMO_ORGANIZER}; ${where}`);
  say(`  API key         ${key}`);
  say('');
  say('  Three things to try:');
  say(`  1. Subscribe    ${config.publicUrl}/calendar/groups/lisbon-builders.ics`);
  say(`  2. Register     ${config.publicUrl}/groups/lisbon-builders, pick a meetup, and read the mail`);
  say(
    `  3. Your impact  curl -s ${config.publicUrl}/graphql -H 'content-type: application/json' -H 'authorization: Bearer ${key}' \\`,
  );
  say(`                    -d '{"query":"{ contributions { nodes { title role measures { name value basis } } } }"}'`);
  say('');
}

function say(line: string): void {
  console.log(line);
}
