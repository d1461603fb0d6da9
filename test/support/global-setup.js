import { startTestServer } from '../../dist/test/support/server.js';

/** Before all tests: PostgreSQL. `npm test` has built `dist` by now; tests also start real processes from it. */
export default async function setup() {
  const server = await startTestServer();
  process.env.GOODTURN_TEST_POSTGRES = server.superUrl;
  globalThis.goodturnTestServer = server;
}
