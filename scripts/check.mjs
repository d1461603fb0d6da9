/** All checks that need no running server, two at a time. Runs every one, tells what failed in full, then fails. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cpus } from 'node:os';

const bin = (path) => `node_modules/${path}`;

const FOLDERS = ['apps', 'libs', 'test', 'bench'].filter((folder) => existsSync(folder));

const STEPS = [
  // First and alone on its core for longest; the schema waits for it.
  { name: 'build and types', args: ['scripts/run.mjs', 'build'] },
  { name: 'format', args: [bin('prettier/bin/prettier.cjs'), '--check', '--cache', '--log-level=warn', '.'] },
  { name: 'lint', args: [bin('oxlint/bin/oxlint'), '--type-aware', '--max-warnings=0', '--quiet'] },
  {
    name: 'imports',
    args: [bin('dependency-cruiser/bin/dependency-cruise.mjs'), '--config', '.dependency-cruiser.js', ...FOLDERS],
  },
  { name: 'unused code', args: [bin('knip/bin/knip.js'), '--no-progress', '--no-config-hints'] },
  { name: 'lockfile', args: ['scripts/lock-platforms.mjs', '--check'] },
  { name: 'schema', args: ['scripts/check-schema.mjs'], after: 'build and types' },
];

const running = new Map();
const results = await inParallel(STEPS, Math.min(2, cpus().length));
const failed = results.filter(({ code }) => code !== 0);
for (const { name, output } of failed) console.log(`\n── ${name} ──\n${output.trim()}`);
console.log(failed.length === 0 ? '\nAll checks passed.' : `\n${failed.length} of ${results.length} checks failed.`);
process.exitCode = failed.length === 0 ? 0 : 1;

async function inParallel(steps, lanes) {
  const waiting = [...steps];
  const done = [];
  const lane = async () => {
    for (let step = waiting.shift(); step; step = waiting.shift()) done.push(await start(step));
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return done;
}

function start(step) {
  const result = run(step);
  running.set(step.name, result);
  return result;
}

async function run({ name, args, after }) {
  await running.get(after);
  const started = performance.now();
  const { code, output } = await outputOf(args);
  const seconds = ((performance.now() - started) / 1000).toFixed(1).padStart(5);
  console.log(`${code === 0 ? 'ok  ' : 'FAIL'} ${seconds} s  ${name}`);
  return { name, code, output };
}

function outputOf(args) {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  return new Promise((done) => {
    child.on('close', (code) => done({ code, output }));
  });
}
