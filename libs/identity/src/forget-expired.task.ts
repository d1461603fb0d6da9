import { Clock } from '#kernel';
import type { Task } from '#jobs';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { forgetExpired } from './limits.queries.ts';

/** Throws away sign-in links, codes and sessions that no longer open anything. */
@Injectable()
export class ForgetExpiredTask implements Task {
  readonly name = 'forget-expired';

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
  ) {}

  run(): Promise<void> {
    return forgetExpired(this.db.manager, this.clock.now());
  }
}
