import { mailto, quoted } from './content-line.ts';
import { eventLines, stream, type CalendarEvent, type OwnPlace } from './ics.ts';

/** Somebody as a mail names them. */
export interface Mailbox {
  name: string;
  email: string;
}

/** One event as it is mailed to one person who has a seat. */
export interface Invitation {
  /** CANCEL when the event is called off, and when the person no longer comes. */
  method: 'REQUEST' | 'CANCEL';
  /**
   * See `calendarEventOf`. To be believed, a CANCEL of an event that was not itself called off needs a `sequence` above the
   * REQUEST it takes back, and so does a REQUEST after it (RFC 5546 §2.1.4).
   */
  event: CalendarEvent;
  /** The role address of the platform, the same in every mail about an event: a person's own would be spread. */
  organizer: Mailbox;
  /** Whom the mail is addressed to, and nobody else. */
  attendee: Mailbox;
  /** The page for this person; that of the event when left out. */
  url?: string;
  /** This person's own way into the online session, see `OwnPlace`. */
  conference: OwnPlace['conference'];
  /** When this was decided; DTSTAMP, which orders messages of equal SEQUENCE. The last change when left out. */
  decidedAt?: Date;
}

/**
 * The calendar part of a mail: iTIP (RFC 5546 §3.2.2, §3.2.5) of one event, since Outlook reads no further than the first.
 * It says what already holds (ACCEPTED) and asks for no answer (RSVP=FALSE). The MIME part's `method=` must be the same.
 */
export function renderInvitation(invitation: Invitation): string {
  const { method, organizer, attendee, conference } = invitation;
  const cancelled = method === 'CANCEL';
  const event: CalendarEvent = {
    ...invitation.event,
    url: invitation.url ?? invitation.event.url,
    stampedAt: invitation.decidedAt,
    cancelled,
    own: { tentative: false, conference: cancelled ? null : conference },
  };
  const people = [
    `ORGANIZER;CN=${quoted(organizer.name)}:${mailto(organizer.email)}`,
    `ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;RSVP=FALSE;CN=${quoted(attendee.name)}:${mailto(attendee.email)}`,
  ];
  const prefix = invitation.event.cancelled ? 'Cancelled: ' : ''; // it goes on without whoever withdrew
  return stream([`METHOD:${method}`], [event], (told, zone) => eventLines(told, zone, prefix, people));
}
