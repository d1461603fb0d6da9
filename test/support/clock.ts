import { Clock } from '#kernel';

/** A clock that stands still until a test moves it. */
export class StandingClock extends Clock {
  private instant: Date;

  constructor(start = '2026-03-01T12:00:00Z') {
    super();
    this.instant = new Date(start);
  }

  override now(): Date {
    return new Date(this.instant);
  }

  moveTo(instant: string | Date): void {
    this.instant = new Date(instant);
  }
}
