import type { Task } from '#jobs';
import { Injectable } from '@nestjs/common';
import { SettleService } from './settle.service.ts';

/** Settles events whose check-in has closed by itself. */
@Injectable()
export class SettleTask implements Task {
  readonly name = 'settle';

  constructor(private readonly settling: SettleService) {}

  run(): Promise<void> {
    return this.settling.settleDue();
  }
}
