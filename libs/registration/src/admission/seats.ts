import { Pool, type Event } from '#events';

/** People of one pool who have or are offered a seat, people who wait, and how many it holds (null: no limit). */
export interface Seats {
  capacity: number | null;
  taken: number;
  waiting: number;
}

export function seatsOf(event: Event, pool: Pool): Seats {
  return pool === Pool.ONLINE
    ? { capacity: event.capacityOnline, taken: event.takenOnline, waiting: event.waitingOnline }
    : { capacity: event.capacityInPerson, taken: event.takenInPerson, waiting: event.waitingInPerson };
}

export function putSeats(event: Event, pool: Pool, { taken, waiting }: Seats): void {
  if (pool === Pool.ONLINE) Object.assign(event, { takenOnline: taken, waitingOnline: waiting });
  else Object.assign(event, { takenInPerson: taken, waitingInPerson: waiting });
}

export function seatsFree({ capacity, taken }: Seats): number {
  return capacity === null ? Infinity : Math.max(0, capacity - taken);
}

/** Seats for whoever asks next? Not while somebody waits: newcomers do not overtake the line. */
export function hasRoom(seats: Seats, people = 1): boolean {
  return seats.waiting === 0 && seatsFree(seats) >= people;
}
