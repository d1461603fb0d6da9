import { Temporal } from 'temporal-polyfill';
import type { AgendaItem } from './agenda.ts';

/** One line of the runbook of an Essentials session: what, and how long before (negative) or after the day. */
interface PlannedTask {
  key: string;
  title: string;
  days: number;
}

/** From ten weeks before an Essentials session to the day after (rule E4). */
const RUNBOOK: PlannedTask[] = [
  { key: 'open', title: 'Choose the speaker and the moderator', days: -70 },
  { key: 'review', title: 'Review title and description, tell people about the date', days: -56 },
  { key: 'resources', title: 'Publish the resources to read beforehand', days: -14 },
  { key: 'rehearse', title: 'Test sound, screen and captions with speaker and moderator', days: -7 },
  { key: 'host', title: 'Host the session and collect questions', days: 0 },
  { key: 'recording', title: 'Publish the recording and answer open questions', days: 1 },
];

/** The runbook of a session that starts at this wall time, with its due dates. */
export function runbookFor(startsAtLocal: string): { key: string; title: string; dueOn: string }[] {
  const day = Temporal.PlainDate.from(startsAtLocal.slice(0, 10));
  return RUNBOOK.map(({ key, title, days }) => ({ key, title, dueOn: day.add({ days }).toString() }));
}

/** What is said of every Essentials session, unless the series says it in its own words. Markdown. */
export const ESSENTIALS_DESCRIPTION =
  'What recognition programmes look for, and how nominations work, told live, with examples and time for your questions.';

/** What every Essentials session covers, unless the series says otherwise (rule E4). */
export const ESSENTIALS_AGENDA: AgendaItem[] = [
  { title: 'What the programme is, and what it is not', minutes: 10, description: null },
  {
    title: 'What is looked for',
    minutes: 15,
    description: 'Impact on other people rather than volume, with examples from people who went through it.',
  },
  { title: 'How nominations work, step by step', minutes: 15, description: null },
  { title: 'Your questions', minutes: 20, description: 'Those asked beforehand come first.' },
];
