import { EventsModule } from '#events';
import { GroupsModule } from '#groups';
import { MailModule } from '#mail';
import { Module } from '@nestjs/common';
import { AdmissionService } from './admission.service.ts';
import { AttendeesCsvService } from './attendees-csv.service.ts';
import { AttendeesService } from './attendees.service.ts';
import { BlocksService } from './blocks.service.ts';
import { ApprovalService } from './approval.service.ts';
import { EventChangesService } from './event-changes.service.ts';
import { HoldersService } from './holders.service.ts';
import { OwnRegistrationService } from './own-registration.service.ts';
import { RegistrationSight } from './registration-sight.ts';
import { RegistrationService } from './registration.service.ts';
import { SeriesChangesService } from './series-changes.service.ts';
import { SessionQuestionsService } from './session-questions.service.ts';
import { WaitlistService } from './waitlist.service.ts';

const services = [
  AdmissionService,
  ApprovalService,
  AttendeesCsvService,
  AttendeesService,
  BlocksService,
  EventChangesService,
  HoldersService,
  OwnRegistrationService,
  RegistrationService,
  RegistrationSight,
  SeriesChangesService,
  SessionQuestionsService,
  WaitlistService,
];

@Module({ imports: [GroupsModule, EventsModule, MailModule], providers: services, exports: services })
export class RegistrationModule {}
