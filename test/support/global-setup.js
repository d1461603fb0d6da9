import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/**
 * Before all tests: PostgreSQL, from a process of its own. (What this one imports would leak into the tests: Nest keeps
 * its metadata in a global.) `npm test` has built `dist` by now; tests also start real processes from it.
 */
export default async function setup() {
  const server = spawn(process.execPath, ['--enable-source-maps', 'dist/test/support/server.main.js'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [url] = await Promise.race([
    once(createInterface({ input: server.stdout }), 'line'),
    once(server, 'exit').then(() => {
      throw new Error('The PostgreSQL for the tests did not start; its words are above.');
    }),
  ]);
  process.env.GOODTURN_TEST_POSTGRES = url;
  globalThis.goodturnTestServer = server;
}
