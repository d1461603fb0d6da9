import { startTestServer } from './server.ts';

/** Keeps the tests' PostgreSQL until whoever started this process closes its input or is gone. */
const server = await startTestServer();
process.on('SIGINT', () => undefined); // Ctrl-C reaches the whole group; our input closes a moment later
process.stdout.write(`${server.superUrl}\n`);
for await (const _ of process.stdin) void _;
await server.stop();
