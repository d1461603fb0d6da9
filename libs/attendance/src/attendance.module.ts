import { GroupsModule } from '#groups';
import { RegistrationModule } from '#registration';
import { Module } from '@nestjs/common';
import { CheckInService } from './check-in.service.ts';
import { CountsService } from './counts.service.ts';
import { DoorService } from './door.service.ts';
import { AttendanceImportService } from './import/import.service.ts';
import { SmallImportService } from './import/small-import.service.ts';
import { JoinService } from './join.service.ts';
import { SettleService } from './settle.service.ts';
import { WalkInService } from './walk-in.service.ts';

const services = [
  AttendanceImportService,
  CheckInService,
  CountsService,
  DoorService,
  JoinService,
  SettleService,
  SmallImportService,
  WalkInService,
];

@Module({ imports: [GroupsModule, RegistrationModule], providers: services, exports: services })
export class AttendanceModule {}
