import { EventsModule } from '#events';
import { GroupsModule } from '#groups';
import { MailModule } from '#mail';
import { Module } from '@nestjs/common';
import { AdmissionService } from './admission.service.ts';
import { AttendeesService } from './attendees.service.ts';
import { BlocksService } from './blocks.service.ts';
import { CheckInService } from './check-in.service.ts';
import { EventChangesService } from './event-changes.service.ts';
import { RegistrationService } from './registration.service.ts';
import { SettleService } from './settle.service.ts';
import { WaitlistService } from './waitlist.service.ts';

const services = [
  AdmissionService,
  AttendeesService,
  BlocksService,
  CheckInService,
  EventChangesService,
  RegistrationService,
  SettleService,
  WaitlistService,
];

@Module({ imports: [GroupsModule, EventsModule, MailModule], providers: services, exports: services })
export class RegistrationModule {}
