/**
 * Waits until the process is asked to end: Ctrl-C, SIGTERM from whoever runs it, or its terminal closing. Further
 * signals change nothing: what was begun is brought to its end.
 */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
  });
}
