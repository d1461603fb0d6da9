import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface TestProcess {
  /** The first line it printed after `ready `. */
  ready: string;
  child: ChildProcess;
  /** Ends it as an operator would; resolves with its exit code. */
  stop: () => Promise<number | null>;
  /** Ends it as a power cut would. */
  kill: () => Promise<void>;
}

/** Starts `dist/apps/<app>/src/main.js` and waits until it says that it is ready. */
export async function startProcess(
  app: 'api' | 'worker' | 'standalone',
  env: Record<string, string>,
): Promise<TestProcess> {
  const child = spawn(process.execPath, ['--enable-source-maps', `dist/apps/${app}/src/main.js`], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const exited = once(child, 'exit');
  const ready = await Promise.race([
    (async () => {
      for await (const line of createInterface({ input: child.stdout }))
        if (line.startsWith('ready ')) return line.slice(6);
      return null;
    })(),
    exited.then(() => null),
  ]);
  if (ready === null) throw new Error(`${app} did not start:\n${said}`);
  child.stdout.resume();
  return {
    ready,
    child,
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
      return child.exitCode;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
