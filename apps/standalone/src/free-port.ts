import { createServer } from 'node:net';

const ATTEMPTS = 100;

/** The first port from `wanted` upwards that nobody listens on. The caller says so when it is another one. */
export async function freePort(wanted: number, host = '127.0.0.1'): Promise<number> {
  for (let port = wanted; port < wanted + ATTEMPTS && port <= 65_535; port += 1) {
    if (await isFree(port, host)) return port;
  }
  throw new Error(`All ports from ${wanted} to ${wanted + ATTEMPTS - 1} are taken. Set PORT to a free one.`);
}

async function isFree(port: number, host: string): Promise<boolean> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => {
      // Below 1024 an ordinary user may not listen. Any other error, such as an unknown host, is the same on each port.
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') done(false);
      else fail(error);
    });
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => done(true)));
  });
}
