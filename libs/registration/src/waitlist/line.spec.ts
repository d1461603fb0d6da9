import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { nextInLine, type Party } from './line.ts';

const party = (id: string, partySize: number, passedOver = 0): Party => ({ id, partySize, passedOver });
const seatedOf = (line: Party[], free: number, keepsSeats = true, capacity = 100) =>
  nextInLine(line, { free, capacity, keepsSeats }).seated.map(({ id }) => id);

describe('who of the line gets the free seats', () => {
  it('is whoever waited longest, one seat each', () => {
    expect(seatedOf([party('a', 1), party('b', 1), party('c', 1)], 2)).toEqual(['a', 'b']);
  });

  it('seats a party whole or not at all, and lets somebody who comes alone pass', () => {
    expect(seatedOf([party('three', 3), party('one', 1)], 2)).toEqual(['one']);
    expect(seatedOf([party('three', 3), party('one', 1)], 3)).toEqual(['three']);
  });

  it('keeps seats for a party that as many people have passed as it has itself', () => {
    expect(seatedOf([party('three', 3, 2), party('one', 1), party('two', 1)], 2)).toEqual(['one']);
    expect(seatedOf([party('three', 3, 3), party('one', 1)], 2)).toEqual([]);
    expect(seatedOf([party('three', 3, 3), party('one', 1)], 3)).toEqual(['three']);
  });

  it('keeps no seats on the last day, and none for a party that the room could never hold', () => {
    expect(seatedOf([party('three', 3, 3), party('one', 1)], 2, false)).toEqual(['one']);
    expect(seatedOf([party('three', 3, 3), party('one', 1)], 2, true, 2)).toEqual(['one']);
  });

  it('tells by how many people each party was passed, and whether to look further down the line', () => {
    const large = party('large', 4);
    const next = nextInLine([large, party('one', 1), party('two', 2)], { free: 3, capacity: 9, keepsSeats: true });
    expect([...next.passedBy]).toEqual([[large, 3]]);
    expect(next.looksOn).toBe(false);
    expect(nextInLine([large], { free: 3, capacity: 9, keepsSeats: true }).looksOn).toBe(true);
  });

  const lines = fc.array(fc.record({ partySize: fc.integer({ min: 1, max: 6 }), passedOver: fc.nat(6) }), {
    maxLength: 30,
  });
  it('never gives more seats than there are, overtakes only whom it could not seat, and starves nobody', () => {
    fc.assert(
      fc.property(lines, fc.nat(20), fc.integer({ min: 6, max: 40 }), (sizes, free, capacity) => {
        const line = sizes.map((size, index) => ({ id: String(index), ...size }));
        const { seated, passedBy } = nextInLine(line, { free, capacity, keepsSeats: true });
        expect(seated.reduce((people, { partySize }) => people + partySize, 0)).toBeLessThanOrEqual(free);
        for (const [waiting, people] of passedBy) {
          expect(seated).not.toContain(waiting);
          // Passed by no more people than it has itself, unless it had been before.
          expect(waiting.passedOver + people).toBeLessThanOrEqual(waiting.partySize);
        }
      }),
    );
  });

  it('leaves no seat empty while somebody who comes alone waits, when all come alone', () => {
    fc.assert(
      fc.property(fc.nat(30), fc.nat(30), (people, free) => {
        const line = Array.from({ length: people }, (_, index) => party(String(index), 1));
        expect(seatedOf(line, free)).toEqual(line.slice(0, free).map(({ id }) => id));
      }),
    );
  });
});
