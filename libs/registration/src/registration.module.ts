import { EventsModule } from '#events';
import { GroupsModule } from '#groups';
import { MailModule } from '#mail';
import { Module } from '@nestjs/common';
import { AdmissionService } from './admission/admission.service.ts';
import { AttendeesCsvService } from './attendees/attendees-csv.service.ts';
import { AttendeesService } from './attendees/attendees.service.ts';
import { BlocksService } from './blocks.service.ts';
import { ApprovalService } from './admission/approval.service.ts';
import { EventChangesService } from './changes/event-changes.service.ts';
import { HoldersService } from './holder/holders.service.ts';
import { OwnRegistrationService } from './holder/own-registration.service.ts';
import { RegistrationSight } from './registration-sight.ts';
import { RegistrationService } from './registration.service.ts';
import { SeriesChangesService } from './changes/series-changes.service.ts';
import { SessionQuestionsService } from './session-questions/session-questions.service.ts';
import { WaitlistService } from './waitlist/waitlist.service.ts';

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
