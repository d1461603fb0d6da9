import type { Config } from '#kernel';

/** The address that all mail comes from, without the name before it: `Goodturn <hello@meetups.example>` has `hello@…`. */
export function senderAddress({ mailFrom }: Pick<Config, 'mailFrom'>): string {
  return mailFrom.match(/<([^<>]+)>\s*$/)?.[1] ?? mailFrom.trim();
}
