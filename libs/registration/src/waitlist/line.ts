/** People who wait together: a person and the guests they bring. */
export interface Party {
  id: string;
  partySize: number;
  /** People who were seated before this party because it did not fit. */
  passedOver: number;
}

/** Who gets the free seats, and by how many people each party that did not fit was passed. */
export interface NextInLine<P extends Party> {
  seated: P[];
  passedBy: Map<P, number>;
  /** Seats are left, and whoever follows in the line may have them. */
  looksOn: boolean;
}

/**
 * Who of the line gets the seats that are free. `line` is in order of waiting. A party is seated whole or not at all. One
 * that does not fit lets later ones pass, but by no more people than it has itself: then what comes free is kept for it,
 * so that a group is not starved by people who come alone. `keepsSeats` is false on the last day, when an empty seat helps
 * nobody. A party that the pool could never hold keeps nothing.
 */
export function nextInLine<P extends Party>(
  line: readonly P[],
  { free, capacity, keepsSeats }: { free: number; capacity: number; keepsSeats: boolean },
): NextInLine<P> {
  const seated: P[] = [];
  const passedBy = new Map<P, number>();
  let left = free;
  let kept = false;
  for (const party of line) {
    if (left === 0) break;
    if (party.partySize > left) {
      if (party.partySize <= capacity) passedBy.set(party, 0);
      continue;
    }
    const patient = [...passedBy].every(
      ([waiting, people]) => waiting.passedOver + people + party.partySize <= waiting.partySize,
    );
    kept = keepsSeats && !patient;
    if (kept) break;
    for (const [waiting, people] of passedBy) passedBy.set(waiting, people + party.partySize);
    seated.push(party);
    left -= party.partySize;
  }
  for (const [party, people] of passedBy) if (people === 0) passedBy.delete(party);
  return { seated, passedBy, looksOn: left > 0 && !kept };
}
