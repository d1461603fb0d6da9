import { describe, expect, it } from '@jest/globals';
import { Tally } from './tally.ts';

describe('the tally of a file', () => {
  it('bears half of the first two hundred rows making no sense, and not one more', () => {
    expect(() => after(100, 200).row()).not.toThrow();
    expect(() => after(101, 200).row()).toThrow(expect.objectContaining({ code: 'FILE_NOT_A_TABLE' }));
  });

  it('judges a short file when it ends, and a handful of rows not at all', () => {
    expect(() => after(6, 10).close(4)).toThrow(expect.objectContaining({ code: 'FILE_NOT_A_TABLE' }));
    expect(() => after(5, 10).close(5)).not.toThrow();
    expect(() => after(8, 9).close(1)).not.toThrow();
    expect(() => after(9, 9).close(0)).toThrow(expect.objectContaining({ code: 'FILE_NOT_A_TABLE' }));
  });

  it('gives up at the thousand and first row that makes no sense', () => {
    const tally = after(0, 201);
    for (let line = 1; line <= 1_000; line += 1) tally.skip(line, 'is odd');
    expect(() => tally.skip(1_001, 'is odd')).toThrow('Line 1 is odd.');
  });

  it('says that a file without anybody is empty', () => {
    expect(() => new Tally().close(0)).toThrow(expect.objectContaining({ code: 'FILE_EMPTY' }));
  });
});

function after(skipped: number, rows: number): Tally {
  const tally = new Tally();
  for (let line = 1; line <= rows; line += 1) {
    tally.row();
    if (line <= skipped) tally.skip(line, 'is odd');
  }
  return tally;
}
