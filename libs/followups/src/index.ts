export { FollowUpSweep } from './follow-up.sweep.ts';
export { followupMails } from './followups.mails.tsx';
export { ReminderSweep } from './reminder.sweep.ts';
export { runbookMails } from './runbook.mails.tsx';
export { RunbookSweep } from './runbook.sweep.ts';
export { StillComingSweep } from './still-coming.sweep.ts';
