import { CONFIG, type Config } from '#kernel';
import { AttendanceModule, SettleTask } from '#attendance';
import { EventsModule, FillSeriesTask } from '#events';
import { FollowUpSweep, ReminderSweep, RunbookSweep, StillComingSweep, followupMails, runbookMails } from '#followups';
import { ForgetExpiredTask, identityMails } from '#identity';
import { LedgerSweep } from '#impact';
import { MAIL_TEMPLATES, MailModule, MailerTask, SmtpTransport } from '#mail';
import { PassOnSweep, RegistrationModule, registrationMails } from '#registration';
import { Module } from '@nestjs/common';

/** Every task the worker does. When they run is in `timetable.ts`; `send-mail` runs when there is mail. */
export const TASKS = [
  MailerTask,
  ReminderSweep,
  StillComingSweep,
  RunbookSweep,
  FollowUpSweep,
  LedgerSweep,
  PassOnSweep,
  SettleTask,
  FillSeriesTask,
  ForgetExpiredTask,
];

@Module({
  imports: [MailModule, EventsModule, RegistrationModule, AttendanceModule],
  providers: [
    SmtpTransport,
    ...TASKS,
    {
      provide: MAIL_TEMPLATES,
      inject: [CONFIG],
      useFactory: (config: Config) => [
        ...identityMails(config),
        ...registrationMails(config),
        ...followupMails(config),
        ...runbookMails(config),
      ],
    },
  ],
})
export class WorkerModule {}
