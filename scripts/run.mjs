/**
 * The one way in: `node scripts/run.mjs start|test|dev|check|build|bench <name>`. Installs and builds first, but only
 * when something changed, so that two commands are enough on a fresh clone. Uses nothing but Node itself.
 */
import { spawn } from 'node:child_process';
import { lstatSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const MAIN = 'dist/apps/standalone/src/main.js';
const SOURCES = ['apps', 'libs', 'test', 'bench', 'tsconfig.json', 'package.json', 'package-lock.json'];
const BUILT = 'dist/.built';
const TSC = 'node_modules/typescript/bin/tsc';

const commands = {
  start: async () => {
    await build();
    await become(MAIN);
  },
  test: async (args) => {
    await build();
    const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
    process.exitCode = await node([...flags, 'node_modules/jest/bin/jest.js', ...args]);
  },
  dev: async () => {
    await build();
    const compiler = node([TSC, '--watch', '--preserveWatchOutput']);
    const program = node(['--watch', '--enable-source-maps', MAIN]);
    process.exitCode = Math.max(...(await Promise.all([compiler, program])));
  },
  check: async (args) => become('scripts/check.mjs', args),
  build: async () => build(),
  bench: async ([name, ...args]) => {
    if (!name) stop('Which one? For example `npm run bench:admission`.');
    await build();
    await become(`dist/bench/${name}.bench.js`, args);
  },
};

process.chdir(ROOT);
requireNode(20, 19);
const [name, ...args] = process.argv.slice(2);
const command = commands[name];
if (!command) stop(`Unknown command "${name ?? ''}". Known: ${Object.keys(commands).join(', ')}.`);
endWithShell();
await install();
await command(args);

function requireNode(major, minor) {
  const [haveMajor, haveMinor] = process.versions.node.split('.').map(Number);
  if (haveMajor > major || (haveMajor === major && haveMinor >= minor)) return;
  stop(
    `Goodturn needs Node ${major}.${minor} or newer, and this is ${process.versions.node}. Get it from https://nodejs.org.`,
  );
}

/** npm hands SIGTERM to the shell between us, which dies of it and leaves us running: to us its end means the same. */
function endWithShell() {
  if (!process.env.npm_lifecycle_event || process.platform === 'win32') return;
  const shell = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === shell) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, 100);
  watch.unref();
}

/** npm writes its hidden lockfile last, so it is newer than ours after an install that came to its end. */
async function install() {
  if (modified('node_modules/.package-lock.json') >= modified('package-lock.json')) return;
  // npm would empty the folder behind the link, which is somebody else's.
  if (lstatSync('node_modules', { throwIfNoEntry: false })?.isSymbolicLink()) {
    stop(
      'node_modules is a link to another folder, and its packages are older than package-lock.json. Run `npm ci` there.',
    );
  }
  console.log('Installing packages …');
  // Our own npm when we were started by one. `--include=dev`: the compiler is needed even with NODE_ENV=production.
  const npm = process.env.npm_execpath;
  const flags = ['ci', '--include=dev'];
  const code = npm?.endsWith('.js')
    ? await node([npm, ...flags])
    : await follow(spawn('npm', flags, { stdio: 'inherit', shell: process.platform === 'win32' }));
  if (code !== 0) stop('The packages could not be installed; npm says why above.', code);
}

async function build() {
  const started = Date.now();
  if (modified(BUILT) >= Math.max(...SOURCES.map(newest))) return;
  console.log('Building …');
  const code = await node([TSC]);
  if (code !== 0) stop('The build failed; the compiler says why above.', code);
  removeLeftovers('dist');
  writeFileSync(BUILT, 'Newer sources than this file mean that a build is due.\n');
  utimesSync(BUILT, started / 1000, started / 1000); // what changed while we built is newer
}

/** Folders count too: their time tells of files that were deleted. */
function newest(path) {
  const entry = statSync(path, { throwIfNoEntry: false });
  if (!entry?.isDirectory()) return entry?.mtimeMs ?? 0;
  return Math.max(entry.mtimeMs, ...readdirSync(path).map((child) => newest(join(path, child))));
}

function modified(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** What was compiled from a file that is gone would live on in `dist`, and a deleted migration would still run. */
function removeLeftovers(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    const source = relative('dist', path).replace(/\.js(\.map)?$/, '');
    if (entry.isDirectory()) removeLeftovers(path);
    else if (/\.js(\.map)?$/.test(path) && !modified(`${source}.ts`) && !modified(`${source}.tsx`)) rmSync(path);
  }
}

/** Goes on as that program, in this very process: a signal has one receiver, and the exit code is the program's own. */
async function become(program, args = []) {
  const path = join(ROOT, program);
  if (!modified(path)) stop(`There is no ${program}.`);
  process.setSourceMapsEnabled(true);
  process.argv = [process.execPath, path, ...args];
  await import(pathToFileURL(path).href);
}

function node(args) {
  return follow(spawn(process.execPath, args, { stdio: 'inherit' }));
}

/** Waits for a child and returns its exit code. A terminal sends Ctrl-C to the child as well; all else we pass on. */
function follow(child) {
  const pass = (signal) => {
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, pass);
  return new Promise((done) => {
    const end = (code) => {
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(signal, pass);
      done(code);
    };
    child.on('error', (error) => {
      console.error(error.message);
      end(1);
    });
    child.on('exit', (code, signal) => end(code ?? (signal === 'SIGINT' ? 130 : 143)));
  });
}

function stop(sentence, code = 1) {
  console.error(sentence);
  process.exit(code);
}
