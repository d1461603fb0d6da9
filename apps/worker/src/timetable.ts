import type { TimetableEntry } from '#jobs';

/** What runs when (UTC). Each is a sweep: it finds what became due, and does nothing the second time. */
export const TIMETABLE: TimetableEntry[] = [
  { cron: '* * * * *', task: 'remind' },
  { cron: '* * * * *', task: 'ask-still-coming' },
  { cron: '*/5 * * * *', task: 'remind-of-tasks' },
  { cron: '* * * * *', task: 'follow-up' },
  { cron: '* * * * *', task: 'write-impact' },
  { cron: '* * * * *', task: 'pass-on-seats' },
  { cron: '*/5 * * * *', task: 'settle' },
  { cron: '17 * * * *', task: 'fill-series' },
  { cron: '41 3 * * *', task: 'forget-expired' },
];
