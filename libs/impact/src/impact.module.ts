import { Module } from '@nestjs/common';
import { ContributionsService } from './contributions.service.ts';

@Module({ providers: [ContributionsService], exports: [ContributionsService] })
export class ImpactModule {}
