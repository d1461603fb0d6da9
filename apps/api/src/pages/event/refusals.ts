import { spokenDate } from '#kernel';
import type { Event } from '#events';
import { TEXTS } from '../texts.ts';

/** A refusal in the words of a page: its own where the API's sentence speaks to programs. */
export function spoken(code: string, message: string, { registrationOpensAt, timeZone }: Event): string {
  if (code === 'REGISTRATION_NOT_OPEN' && registrationOpensAt)
    return TEXTS.opens(spokenDate(registrationOpensAt, timeZone, TEXTS.locale));
  return TEXTS.refusals[code] ?? message;
}
