import { spokenDate } from '#kernel';
import { EventState } from '#events';
import { RegistrationState } from '#registration';
import { TEXTS } from '../texts.ts';
import type { Held } from './held.ts';

/** How things stand with a registration, in words. */
interface Standing {
  title: string;
  lead: string;
}

/** What its holder is told first. What became of the event goes before what became of the registration. */
export function standingOf(held: Held): Standing {
  const { registration, event } = held;
  const text = TEXTS.manage;
  if (event.state === EventState.CANCELLED)
    return { title: text.eventCancelled, lead: event.cancelReason ?? TEXTS.event.cancelledLong };
  if (event.state === EventState.FINISHED) return { title: text.over, lead: text.overLead };
  return STANDINGS[registration.state](held);
}

const STANDINGS: Record<RegistrationState, (held: Held) => Standing> = {
  PENDING: () => ({ title: TEXTS.manage.PENDING, lead: TEXTS.manage.pendingLead }),
  CONFIRMED: ({ guests: { length } }) => ({
    title: length === 0 ? TEXTS.manage.CONFIRMED : TEXTS.manage.confirmedParty,
    lead: TEXTS.manage.confirmedLead(length),
  }),
  OFFERED: ({ registration: { offeredUntil }, event, guests: { length } }) => ({
    title: TEXTS.manage.offered(length),
    lead: TEXTS.manage.offeredLead(offeredUntil && spokenDate(offeredUntil, event.timeZone, TEXTS.locale), length),
  }),
  WAITLISTED: ({ position, guests: { length } }) => ({
    title: position === null ? TEXTS.manage.WAITLISTED : TEXTS.manage.waitlisted(position),
    lead: TEXTS.manage.waitlistedLead((position ?? 1) - 1, length),
  }),
  CANCELLED: () => ({ title: TEXTS.manage.CANCELLED, lead: TEXTS.manage.cancelledLead }),
};
