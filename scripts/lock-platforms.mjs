/**
 * npm leaves packages for other systems out of `package-lock.json` when it made the lock beside an existing
 * `node_modules` or with a registry that does not hold them all, and `npm ci` then refuses on every system.
 * This adds what is missing, by name and version, without a checksum. With `--check` it only says so and fails.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const FILE = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(FILE, 'utf8'));
const missing = Object.entries(lock.packages).flatMap(([place, { optionalDependencies, dev }]) =>
  Object.entries(optionalDependencies ?? {})
    .filter(([name]) => !isLocked(place, name))
    .map(([name, version]) => ({ name, version, dev })),
);

if (missing.length === 0) process.exit(0);
if (process.argv.includes('--check')) {
  console.error(`package-lock.json lacks ${missing.length} packages of other systems, so \`npm ci\` refuses it.`);
  console.error('Run `node scripts/lock-platforms.mjs`.');
  process.exit(1);
}

for (const { name, version, dev } of missing) {
  if (!/^\d+\.\d+\.\d+\S*$/.test(version))
    throw new Error(`${name} is wanted as "${version}", which names no version.`);
  lock.packages[`node_modules/${name}`] = { version, ...(dev && { dev }), optional: true, ...platformOf(name) };
}
const sorted = Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1));
lock.packages = Object.fromEntries(sorted);
writeFileSync(FILE, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`Added ${missing.length} packages of other systems to package-lock.json.`);

/** Looks where Node would: beside the package, then in each folder above it. */
function isLocked(place, name) {
  for (let folder = place; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    if (lock.packages[`${folder && `${folder}/`}node_modules/${name}`]) return true;
    if (!folder) return false;
  }
}

/** `@x/core-linux-arm-musleabihf` runs on Linux, on arm, with musl. */
function platformOf(name) {
  const found =
    /(android|darwin|freebsd|linux|openharmony|win32|windows)-(arm64|arm|ia32|loong64|ppc64|riscv64|s390x|x64)(.*)$/.exec(
      name,
    );
  if (!found) throw new Error(`The name of ${name} does not tell its platform.`);
  const [, os, cpu, abi] = found;
  const libc = os === 'linux' && abi ? { libc: [abi.includes('musl') ? 'musl' : 'glibc'] } : {};
  return { cpu: [cpu], ...libc, os: [os === 'windows' ? 'win32' : os] };
}
