import { GroupsModule } from '#groups';
import { RegistrationModule } from '#registration';
import { Module } from '@nestjs/common';
import { CheckInService } from './check-in.service.ts';
import { SettleService } from './settle.service.ts';

const services = [CheckInService, SettleService];

@Module({ imports: [GroupsModule, RegistrationModule], providers: services, exports: services })
export class AttendanceModule {}
