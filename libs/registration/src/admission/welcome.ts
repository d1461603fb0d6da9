import type { NewMail } from '#mail';
import { RegistrationState, type Registration } from '../registration.entity.ts';

const KINDS: Partial<Record<RegistrationState, string>> = {
  [RegistrationState.CONFIRMED]: 'registered',
  [RegistrationState.WAITLISTED]: 'waitlisted',
};

/** The mail that answers an ask: a ticket, a place in line, or that the organizers will look at it. Once per round. */
export function welcomeMail(lead: Registration, toAddress: string): NewMail {
  const kind = KINDS[lead.state] ?? 'requested';
  return {
    kind,
    intentKey: `${kind}:${lead.id}:${lead.round}`,
    personId: lead.personId,
    toAddress,
    language: lead.language,
    eventId: lead.eventId,
    registrationId: lead.id,
    facts: lead.knownPosition ? { position: lead.knownPosition } : {},
  };
}
