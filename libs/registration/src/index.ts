export { insertRegistrations, saveCounters } from './admission.queries.ts';
export { AdmissionService } from './admission.service.ts';
export { newTicketCode, readTicketCode } from './ticket-code.ts';
export { refusalFor } from './admission.ts';
export { EventChangesService } from './event-changes.service.ts';
export { type RegistrationFacts } from './mail-facts.queries.ts';
export { HoldersService, MANAGE, type RegistrationRef } from './holders.service.ts';
export { PassOnSweep } from './pass-on.sweep.ts';
export { Attendance, Registration, RegistrationState } from './registration.entity.ts';
export { Seat, registrationMail, registrationMails } from './registration.mails.tsx';
export { RegistrationFieldsResolver } from './registration-fields.resolver.ts';
export { RegistrationModule } from './registration.module.ts';
export {
  AttendeesResolver,
  EventChangesResolver,
  RegistrationPayload,
  RegistrationResolver,
} from './registration.resolver.ts';
export { RegisterForEventInput } from './registration.inputs.ts';
export { JOIN, joinUrlOf } from './join-link.ts';
export { lockForChange, positionsOf } from './registration.queries.ts';
export { RegistrationService } from './registration.service.ts';
export { hasRoom, seatsFree, seatsOf, type Seats } from './seats.ts';
