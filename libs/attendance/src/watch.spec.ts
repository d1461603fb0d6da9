import { describe, expect, it } from '@jest/globals';
import { Watch } from './watch.ts';

function watched() {
  const here = { value: 1, may: true, closed: 0 };
  const watch = new Watch({
    read: () => Promise.resolve(here.value),
    stillMay: () => Promise.resolve(here.may),
    onClose: () => (here.closed += 1),
  });
  const change = (value: number): void => {
    here.value = value;
    watch.wake();
  };
  return { here, watch, change };
}

describe('watching a value', () => {
  it('tells it as it is, and again when it changed', async () => {
    const { watch, change } = watched();
    expect(await watch.next()).toEqual({ done: false, value: 1 });
    const next = watch.next();
    change(2);
    expect(await next).toEqual({ done: false, value: 2 });
  });

  it('tells many quick changes once, with the last of them, and nothing when it is what it was', async () => {
    const { watch, change } = watched();
    await watch.next();
    for (const value of [2, 3, 4]) change(value);
    expect(await watch.next()).toEqual({ done: false, value: 4 });
    const next = watch.next();
    watch.wake();
    expect(await Promise.race([next, new Promise((resolve) => setTimeout(resolve, 400, 'nothing'))])).toBe('nothing');
    change(5);
    expect(await next).toEqual({ done: false, value: 5 });
  });

  it('ends at once when it is closed while it waits', async () => {
    const { watch, here } = watched();
    await watch.next();
    const next = watch.next();
    await watch.return();
    expect(await next).toEqual({ done: true, value: undefined });
    await watch.return();
    expect(here.closed).toBe(1);
  });

  it('ends when it may no longer be seen', async () => {
    const { watch, here, change } = watched();
    await watch.next();
    here.may = false;
    change(2);
    expect(await watch.next()).toEqual({ done: true, value: undefined });
    expect(here.closed).toBe(1);
  });
});
