import { setTimeout as pause } from 'node:timers/promises';

export interface WatchOptions<T> {
  read: () => Promise<T>;
  /** Asked before each value. */
  stillMay: () => Promise<boolean>;
  onClose: () => void;
}

/** At most five values a second: faster than anybody reads them, and slow enough for a rush at the door. */
const SHORTEST_GAP_MS = 200;

/**
 * A value that changes, as long as somebody watches: first as it is, then after each `wake`, if it is another one by then.
 * An async generator would not do: closed while it waits, it would go on waiting for the next change.
 */
export class Watch<T> implements AsyncIterableIterator<T> {
  private changed = true;
  private closed = false;
  private rouse: () => void = () => undefined;
  private last: string | null = null;
  private lastAt = 0;

  constructor(private readonly options: WatchOptions<T>) {}

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Says that the value may be another one now. */
  wake(): void {
    this.changed = true;
    this.rouse();
  }

  async next(): Promise<IteratorResult<T, undefined>> {
    for (;;) {
      await this.untilChanged();
      if (this.closed || !(await this.options.stillMay())) return this.return();
      this.changed = false; // before reading: a change during it is told afterwards
      const value = await this.options.read();
      const told = JSON.stringify(value);
      if (told === this.last) continue;
      this.last = told;
      this.lastAt = performance.now();
      return { done: false, value };
    }
  }

  return(): Promise<IteratorReturnResult<undefined>> {
    if (!this.closed) {
      this.closed = true;
      this.options.onClose();
      this.rouse();
    }
    return Promise.resolve({ done: true, value: undefined });
  }

  private async untilChanged(): Promise<void> {
    if (this.closed) return;
    if (!this.changed) await new Promise<void>((resolve) => (this.rouse = resolve));
    const gap = this.last === null ? 0 : this.lastAt + SHORTEST_GAP_MS - performance.now();
    if (gap > 0 && !this.closed) await pause(gap, undefined, { ref: false });
  }
}
