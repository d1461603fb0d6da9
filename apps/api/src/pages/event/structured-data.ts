import { Html } from '#kernel';
import { plainText } from '#calendar';
import { EventFormat, EventRole, EventState, type Venue } from '#events';
import type { EventFacts } from '../pages.queries.ts';

/**
 * The event as search engines read it (schema.org/Event, JSON-LD). Online it takes place at its own page: the address to
 * join is nobody's to index (rule E2). A data block is no script, so it needs no word in the content security policy.
 */
export function structuredData({ event, group, venue, people }: EventFacts, publicUrl: string): Html {
  const url = `${publicUrl}/events/${encodeURIComponent(event.slug)}`;
  const places = [
    event.format !== EventFormat.ONLINE && venue && placeOf(venue),
    event.format !== EventFormat.IN_PERSON && { '@type': 'VirtualLocation', url },
  ].filter((place) => place !== false && place !== null);
  const data = {
    '@context': 'https://schema.org',
    '@type': 'Event',
    name: event.title,
    description: plainText(event.description),
    url,
    startDate: event.startsAt.toISOString(),
    endDate: event.endsAt.toISOString(),
    inLanguage: event.language,
    eventStatus: `https://schema.org/${event.state === EventState.CANCELLED ? 'EventCancelled' : 'EventScheduled'}`,
    eventAttendanceMode: `https://schema.org/${ATTENDANCE_MODES[event.format]}`,
    location: places.length === 1 ? places[0] : places,
    organizer: {
      '@type': 'Organization',
      name: group.name,
      url: `${publicUrl}/groups/${encodeURIComponent(group.slug)}`,
    },
    performer: people.filter(({ role }) => role === EventRole.SPEAKER).map(({ name }) => ({ '@type': 'Person', name })),
  };
  // `<` would end the block early, were it in a title.
  return new Html(`<script type="application/ld+json">${JSON.stringify(data).replaceAll('<', '\\u003c')}</script>`);
}

const ATTENDANCE_MODES = {
  [EventFormat.IN_PERSON]: 'OfflineEventAttendanceMode',
  [EventFormat.ONLINE]: 'OnlineEventAttendanceMode',
  [EventFormat.HYBRID]: 'MixedEventAttendanceMode',
};

function placeOf({ name, address, latitude, longitude }: Venue): object {
  const known = latitude !== null && longitude !== null;
  return { '@type': 'Place', name, address, ...(known && { geo: { '@type': 'GeoCoordinates', latitude, longitude } }) };
}
