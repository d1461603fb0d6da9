/** Fails when `schema.graphql` is not what the code says: it is the contract, and its changes are to be seen in review. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const KEPT = 'apps/api/src/schema.graphql';
const PRINTER = 'dist/apps/api/src/print-schema.js';

const folder = mkdtempSync(join(tmpdir(), 'goodturn-schema-'));
try {
  const fresh = join(folder, 'schema.graphql');
  const { status } = spawnSync(process.execPath, [PRINTER, fresh], { stdio: 'inherit' });
  if (status !== 0 || !existsSync(fresh)) fail(`${PRINTER} could not print the schema.`);
  else if (!existsSync(KEPT)) fail(`${KEPT} is missing. Run \`npm run schema\` and commit it.`);
  else if (readFileSync(KEPT, 'utf8') !== readFileSync(fresh, 'utf8')) tellDifference(fresh);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function tellDifference(fresh) {
  const [before, after] = [KEPT, fresh].map((file) => readFileSync(file, 'utf8').split('\n'));
  const line = after.findIndex((text, index) => text !== before[index]);
  const at = line === -1 ? after.length : line;
  fail(
    `The code no longer gives the schema in ${KEPT}, from line ${at + 1} on:\n` +
      `- ${before[at] ?? ''}\n+ ${after[at] ?? ''}\nRun \`npm run schema\` and look at what changed.`,
  );
}

function fail(sentence) {
  console.error(sentence);
  process.exitCode = 1;
}
