/** An event as calendars on the web take it from a link. */
export interface LinkedEvent {
  title: string;
  startsAt: Date;
  endsAt: Date;
  /** IANA name. */
  timeZone: string;
  location: string;
  /** Page of the event. */
  url: string;
}

/** Google Calendar's form, filled in. The instants are UTC; the zone is the one it is shown in. */
export function googleEventLink({ title, startsAt, endsAt, timeZone, location, url }: LinkedEvent): string {
  const stamp = (instant: Date): string => instant.toISOString().replace(/[-:]|\.\d{3}/g, '');
  const dates = `${stamp(startsAt)}/${stamp(endsAt)}`;
  const fields = { action: 'TEMPLATE', text: title, dates, ctz: timeZone, location, details: url };
  return `https://calendar.google.com/calendar/render?${queryOf(fields)}`;
}

/** The form of Outlook on the web, filled in. It takes instants and shows them in the reader's own zone. */
export function outlookEventLink({ title, startsAt, endsAt, location, url }: LinkedEvent): string {
  const stamp = (instant: Date): string => instant.toISOString().replace(/\.\d{3}/, '');
  const times = { startdt: stamp(startsAt), enddt: stamp(endsAt) };
  const fields = { rru: 'addevent', subject: title, ...times, location, body: url };
  return `https://outlook.live.com/calendar/0/action/compose?${queryOf({ path: '/calendar/action/compose', ...fields })}`;
}

/** The ways to subscribe to the feed at this address. */
export interface SubscribeLinks {
  /** Apple Calendar, Thunderbird and others that know the scheme; Android and the new Outlook do nothing with it. */
  webcal: string;
  google: string;
  outlook: string;
}

/** Links that subscribe to the feed at `feed`, an http or https address, under a name where the program asks for one. */
export function subscribeLinksOf(feed: string, name: string): SubscribeLinks {
  const webcal = feed.replace(/^https?:/, 'webcal:');
  return {
    webcal,
    google: `https://calendar.google.com/calendar/r?${queryOf({ cid: webcal })}`,
    outlook: `https://outlook.live.com/calendar/0/addfromweb?${queryOf({ url: feed, name })}`,
  };
}

/** A space becomes `%20`: Outlook shows the `+` that forms write. Halves of characters, which no URL can hold, are replaced. */
function queryOf(fields: Record<string, string>): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${encodeURIComponent(value.toWellFormed())}`)
    .join('&');
}
