import { once } from 'node:events';

export default async function teardown() {
  const server = globalThis.goodturnTestServer;
  if (!server || server.exitCode !== null) return;
  const gone = once(server, 'exit');
  server.stdin.end();
  await gone;
}
