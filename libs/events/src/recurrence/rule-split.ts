import { Temporal } from 'temporal-polyfill';

/** The rule as far as the day before `day` (`YYYY-MM-DD`): what is left of a series when another takes over from there. */
export function ruleUntil(rule: string, day: string): string {
  const lastDay = Temporal.PlainDate.from(day).subtract({ days: 1 }).toString().replaceAll('-', '');
  return [...openParts(rule), `UNTIL=${lastDay}`].join(';');
}

/** The rule for a series that takes over after `passed` dates of it: as many fewer where it counts. */
export function ruleAfter(rule: string, passed: number): string {
  const count = /(?:^|;)COUNT=(\d+)/i.exec(rule)?.[1];
  return count === undefined ? rule : [...openParts(rule), `COUNT=${Math.max(Number(count) - passed, 1)}`].join(';');
}

function openParts(rule: string): string[] {
  return rule.split(';').filter((part) => !/^(COUNT|UNTIL)=/i.test(part));
}
