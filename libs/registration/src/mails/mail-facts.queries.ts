import { personalToken, type Config } from '#kernel';
import { Pool } from '#events';
import { mailDate, mailText, type CalendarMethod, type MailText, type Message } from '#mail';
import type { EntityManager } from 'typeorm';
import { MANAGE } from '../holder/holders.service.ts';
import { joinUrlOf } from '../holder/join-link.ts';
import type { RegistrationState } from '../registration.entity.ts';

/** What a mail about a registration may tell, as things stand when it is written. */
export interface RegistrationFacts {
  text: MailText;
  language: string;
  name: string;
  event: string;
  group: string;
  /** Start, in words and the event's zone. */
  when: string;
  /** Venue and address, or null for those who take part online. */
  where: string | null;
  ticketCode: string;
  /** The names of the guests, or null for somebody who comes alone. */
  guests: string | null;
  state: RegistrationState;
  /** Until when an offered seat is held, in words; null where none is offered. */
  offeredUntil: string | null;
  eventState: string;
  cancelReason: string | null;
  recordingUrl: string | null;
  essentials: boolean;
  /** The next event of the same series, or else of the same group, in words. */
  next: { title: string; when: string; url: string } | null;
  eventUrl: string;
  groupUrl: string;
  manageUrl: string;
  /** The own way into the online session; null for those without a seat there. */
  joinUrl: string | null;
  /** What the last mail before this one with a calendar part asked for; null if there was none. */
  calendarTold: CalendarMethod | null;
}

interface Row {
  id: string;
  manage_version: number;
  name: string;
  ticket_code: string;
  pool: Pool;
  guests: string | null;
  state: RegistrationState;
  offered_until: Date | null;
  title: string;
  slug: string;
  starts_at: Date;
  time_zone: string;
  event_state: string;
  cancel_reason: string | null;
  recording_url: string | null;
  venue: string | null;
  group_name: string;
  group_slug: string;
  essentials: boolean;
  next: { title: string; slug: string; starts_at: string; time_zone: string } | null;
  calendar_told: CalendarMethod | null;
}

/** Loads them in one query; null when the registration is gone. */
export async function registrationFacts(
  db: EntityManager,
  config: Config,
  message: Message,
  now: Date,
): Promise<RegistrationFacts | null> {
  const [row]: Row[] = await db.query(
    `SELECT registration.id, manage_version, registration.name, ticket_code, registration.state, pool, offered_until,
            (SELECT string_agg(guest.name, ', ' ORDER BY guest.name) FROM registration AS guest
              WHERE guest.party_id = registration.id AND guest.state <> 'CANCELLED') AS guests,
            event.title, event.slug, event.starts_at, event.time_zone, event.state AS event_state, cancel_reason, recording_url,
            venue.name || ', ' || venue.address AS venue, meetup_group.name AS group_name, meetup_group.slug AS group_slug,
            coalesce(series.kind = 'ESSENTIALS', false) AS essentials, to_jsonb(next) AS next,
            (SELECT calendar_method FROM message WHERE message.registration_id = $1 AND number < $3 AND calendar_method IS NOT NULL
              ORDER BY number DESC LIMIT 1) AS calendar_told
       FROM registration
       JOIN event ON event.id = registration.event_id
       JOIN meetup_group ON meetup_group.id = event.group_id
       LEFT JOIN venue ON venue.id = event.venue_id AND registration.pool <> 'ONLINE'
       LEFT JOIN series ON series.id = event.series_id
       LEFT JOIN LATERAL (
         SELECT coming.title, coming.slug, coming.starts_at, coming.time_zone FROM event AS coming
          WHERE coming.group_id = event.group_id AND coming.state = 'PUBLISHED' AND coming.starts_at > greatest(event.starts_at, $2)
          ORDER BY coming.series_id IS NOT DISTINCT FROM event.series_id DESC, coming.starts_at LIMIT 1) AS next ON true
      WHERE registration.id = $1`,
    [message.registrationId, now, message.number],
  );
  if (!row) return null;
  const { language } = message;
  return {
    text: mailText(language),
    language,
    name: row.name,
    event: row.title,
    group: row.group_name,
    when: mailDate(row.starts_at, row.time_zone, language),
    where: row.venue,
    ticketCode: row.ticket_code,
    guests: row.guests,
    state: row.state,
    offeredUntil: row.offered_until && mailDate(row.offered_until, row.time_zone, language),
    eventState: row.event_state,
    cancelReason: row.cancel_reason,
    recordingUrl: row.recording_url,
    essentials: row.essentials,
    next: row.next && {
      title: row.next.title,
      when: mailDate(new Date(row.next.starts_at), row.next.time_zone, language),
      url: `${config.publicUrl}/events/${row.next.slug}`,
    },
    eventUrl: `${config.publicUrl}/events/${row.slug}`,
    groupUrl: `${config.publicUrl}/groups/${row.group_slug}`,
    manageUrl: `${config.publicUrl}/manage/${personalToken(config.secret, MANAGE, row.id, row.manage_version)}`,
    joinUrl: joinUrlOf(config, { ...row, manageVersion: row.manage_version }),
    calendarTold: row.calendar_told,
  };
}
