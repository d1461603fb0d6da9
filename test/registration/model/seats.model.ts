export type PoolName = 'IN_PERSON' | 'ONLINE';
export type StateName = 'CONFIRMED' | 'OFFERED' | 'WAITLISTED' | 'CANCELLED';

export interface ModelPerson {
  id: string;
  pool: PoolName;
  state: StateName;
  size: number;
  number: number;
  passed: number;
  until: number;
  attended: boolean;
}

const HOUR = 3_600_000;

/** Seats, line and offers of one event as the rules tell them, without a database: what the real thing is held against. */
export class SeatsModel {
  readonly people = new Map<string, ModelPerson>();
  readonly blocked = new Set<string>();
  private last = 0;

  constructor(
    readonly capacity: Record<PoolName, number>,
    readonly offers: boolean,
    readonly startsAt: number,
    public now: number,
  ) {}

  register(name: string, pool: PoolName, guests: number, id: () => string): void {
    const before = this.people.get(name);
    const size = guests + 1;
    if ((guests > 0 && size > this.capacity[pool]) || this.blocked.has(name)) return;
    if (before && before.state !== 'CANCELLED') return;
    const person: ModelPerson = {
      id: before?.id ?? id(),
      pool,
      state: 'CONFIRMED',
      size,
      number: 0,
      passed: 0,
      until: 0,
      attended: false,
    };
    if (!this.hasRoom(pool, size)) Object.assign(person, { state: 'WAITLISTED', number: ++this.last });
    this.people.set(name, person);
    this.fill(pool);
  }

  cancel(name: string): void {
    const person = this.people.get(name);
    if (!person || person.state === 'CANCELLED' || person.attended) return;
    person.state = 'CANCELLED';
    this.fill('IN_PERSON');
    this.fill('ONLINE');
  }

  block(name: string): void {
    this.blocked.add(name);
    this.cancel(name);
  }

  switchTo(name: string, pool: PoolName): void {
    const person = this.people.get(name);
    if (!person || person.state === 'CANCELLED' || person.pool === pool || person.attended) return;
    if (!this.hasRoom(pool, person.size)) return;
    Object.assign(person, { pool, state: 'CONFIRMED' });
    this.fill('IN_PERSON');
    this.fill('ONLINE');
  }

  resize(pool: PoolName, capacity: number): void {
    if (capacity < this.taken(pool)) return;
    this.capacity[pool] = capacity;
    this.fill('IN_PERSON');
    this.fill('ONLINE');
  }

  accept(name: string): void {
    const person = this.people.get(name);
    if (person?.state === 'OFFERED') person.state = 'CONFIRMED';
  }

  promote(name: string): void {
    const person = this.people.get(name);
    if (person?.state !== 'WAITLISTED' || this.free(person.pool) < person.size) return;
    Object.assign(person, { state: 'CONFIRMED', passed: 0 });
  }

  /** A day and an hour go by: offers that were held run out, and on the last day no seats are kept. */
  aDayPasses(): void {
    this.now += 25 * HOUR;
    const due = [...this.people.values()].filter(({ state, until }) => state === 'OFFERED' && until <= this.now);
    for (const person of due.sort((a, b) => a.until - b.until || (a.id < b.id ? -1 : 1)))
      if (person.state === 'OFFERED') {
        person.state = 'CANCELLED';
        this.fill('IN_PERSON');
        this.fill('ONLINE');
      }
    if (this.isLastDay()) {
      this.fill('IN_PERSON');
      this.fill('ONLINE');
    }
  }

  taken(pool: PoolName): number {
    return this.sum(pool, ['CONFIRMED', 'OFFERED']);
  }

  waiting(pool: PoolName): number {
    return this.sum(pool, ['WAITLISTED']);
  }

  line(pool: PoolName): ModelPerson[] {
    return [...this.people.values()]
      .filter((person) => person.pool === pool && person.state === 'WAITLISTED')
      .sort((a, b) => a.number - b.number);
  }

  private fill(pool: PoolName): void {
    if (this.now >= this.startsAt) return;
    const skipped: ModelPerson[] = [];
    for (const person of this.line(pool)) {
      if (this.free(pool) === 0) return;
      if (person.size > this.free(pool)) {
        if (person.size <= this.capacity[pool]) skipped.push(person);
        continue;
      }
      if (!this.isLastDay() && skipped.some(({ passed, size }) => passed + person.size > size)) return;
      for (const one of skipped) one.passed += person.size;
      Object.assign(person, { state: this.offers ? 'OFFERED' : 'CONFIRMED', passed: 0 });
      person.until = Math.min(this.now + 24 * HOUR, this.startsAt);
    }
  }

  private isLastDay(): boolean {
    return this.now >= this.startsAt - 24 * HOUR;
  }

  private hasRoom(pool: PoolName, size: number): boolean {
    return this.waiting(pool) === 0 && this.free(pool) >= size;
  }

  private free(pool: PoolName): number {
    return Math.max(0, this.capacity[pool] - this.taken(pool));
  }

  private sum(pool: PoolName, states: StateName[]): number {
    return [...this.people.values()]
      .filter((person) => person.pool === pool && states.includes(person.state))
      .reduce((people, { size }) => people + size, 0);
  }
}
