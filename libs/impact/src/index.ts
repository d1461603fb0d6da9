export { Contribution, Measure } from './contribution.entity.ts';
export { ImpactModule } from './impact.module.ts';
export { ImpactResolver } from './impact.resolver.ts';
export { LedgerSweep } from './ledger.sweep.ts';
