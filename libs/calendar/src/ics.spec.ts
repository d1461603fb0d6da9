import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import ICAL from 'ical.js';
import { renderCalendar, type Calendar, type CalendarEvent } from './ics.ts';

describe('a feed', () => {
  it('says who made it, what it is called, where it lives and how often to come back', () => {
    expect(renderCalendar(feed([])).split('\r\n')).toEqual([
      'BEGIN:VCALENDAR',
      'VERSION:2.0',
      'PRODID:-//Goodturn//Goodturn//EN',
      'CALSCALE:GREGORIAN',
      'METHOD:PUBLISH',
      'NAME:Code for Good London',
      'X-WR-CALNAME:Code for Good London',
      'DESCRIPTION:Meetups on Thursdays',
      'X-WR-CALDESC:Meetups on Thursdays',
      'X-WR-TIMEZONE:Europe/London',
      'URL:https://goodturn.test/g/london',
      'SOURCE;VALUE=URI:https://goodturn.test/g/london.ics',
      'REFRESH-INTERVAL;VALUE=DURATION:PT1H',
      'X-PUBLISHED-TTL:PT1H',
      'END:VCALENDAR',
      '',
    ]);
  });

  it('tells an event in full', () => {
    const { lines } = rendered([
      event({ description: 'Bring a laptop\nand a friend', latitude: 51.5074, longitude: -0.1278 }),
    ]);
    expect(lines.slice(lines.indexOf('BEGIN:VEVENT'))).toEqual([
      'BEGIN:VEVENT',
      'UID:0197a3c0-0001-7000-8000-000000000001@goodturn.test',
      'SEQUENCE:2',
      'DTSTAMP:20250102T030405Z',
      'CREATED:20250101T000000Z',
      'LAST-MODIFIED:20250102T030405Z',
      'DTSTART;TZID=Europe/London:20250612T180000',
      'DTEND;TZID=Europe/London:20250612T200000',
      'STATUS:CONFIRMED',
      'TRANSP:TRANSPARENT',
      'SUMMARY;LANGUAGE=en:Maps for the food bank',
      'DESCRIPTION;LANGUAGE=en:Bring a laptop\\nand a friend',
      'LOCATION:Town Hall\\, Main Street 1',
      'GEO:51.507400;-0.127800',
      'CATEGORIES:mapping,first-timers',
      'URL:https://goodturn.test/e/1',
      'END:VEVENT',
      'END:VCALENDAR',
      '',
    ]);
  });

  it('without events is a calendar without components', () => {
    expect(new ICAL.Component(ICAL.parse(renderCalendar(feed([])))).getAllSubcomponents()).toEqual([]);
  });

  it('names nobody: no attendee, no organizer, no alarm', () => {
    expect(renderCalendar(feed([event()]))).not.toMatch(/ATTENDEE|ORGANIZER|VALARM/);
  });

  it('keeps a cancelled event and says so twice, for programs that show the status and for those that do not', () => {
    const { lines } = rendered([event({ cancelled: true })]);
    expect(lines).toContain('STATUS:CANCELLED');
    expect(lines).toContain('SUMMARY;LANGUAGE=en:Cancelled: Maps for the food bank');
  });

  it('orders its events by start and then by uid, however they come', () => {
    const events = [
      event({ uid: 'b@x', startsAt: new Date('2025-06-12T17:00:00Z') }),
      event({ uid: 'a@x', startsAt: new Date('2025-06-12T17:00:00Z') }),
      event({ uid: 'Z@x', startsAt: new Date('2025-06-12T17:00:00Z') }),
      event({ uid: 'c@x', startsAt: new Date('2025-06-11T17:00:00Z') }),
    ];
    const uids = rendered(events).lines.filter((line) => line.startsWith('UID'));
    expect(uids).toEqual(['UID:c@x', 'UID:Z@x', 'UID:a@x', 'UID:b@x']);
    expect(renderCalendar(feed([...events].reverse()))).toBe(renderCalendar(feed(events)));
  });

  it('says the same at any hour: no stamp is the time of writing, and nothing is drawn by lot', () => {
    jest.useFakeTimers({ now: new Date('2020-01-01T00:00:00Z') });
    const then = renderCalendar(feed([event()]));
    jest.setSystemTime(new Date('2031-05-05T05:05:05Z'));
    const later = renderCalendar(feed([event()]));
    jest.useRealTimers();
    expect(later).toBe(then);
  });

  it('tells each event by itself: no rule, no exception to one, no whole day', () => {
    expect(renderCalendar(feed([event()])).replace(/BEGIN:VTIMEZONE.*END:VTIMEZONE/s, '')).not.toMatch(
      /RRULE|RECURRENCE-ID|EXDATE|RDATE|VALUE=DATE\b/,
    );
  });

  it('leaves nobody busy, since subscribing is not going', () => {
    expect(rendered([event()]).lines).toContain('TRANSP:TRANSPARENT');
    expect(renderCalendar(feed([event()]))).not.toContain('CONFERENCE');
  });

  it('has no address of its own in it where that is a secret', () => {
    expect(renderCalendar({ ...feed([]), source: null })).not.toContain('SOURCE');
  });

  it('changes nothing of what it was given', () => {
    const events = [event({ uid: 'b@x' }), event({ uid: 'a@x' })];
    renderCalendar(feed(events));
    expect(events.map(({ uid }) => uid)).toEqual(['b@x', 'a@x']);
  });
});

describe('the times of an event', () => {
  it('carry one VTIMEZONE for each zone in use, before the events', () => {
    const { lines } = rendered([
      event({ uid: '1@x', timeZone: 'Europe/London' }),
      event({ uid: '2@x', timeZone: 'Europe/London' }),
      event({ uid: '3@x', timeZone: 'America/New_York' }),
    ]);
    const zones = lines.filter((line) => line.startsWith('TZID:'));
    expect(zones).toEqual(['TZID:America/New_York', 'TZID:Europe/London']);
    expect(lines.lastIndexOf('END:VTIMEZONE')).toBeLessThan(lines.indexOf('BEGIN:VEVENT'));
  });

  it.each(['UTC', 'Etc/UTC', 'Mars/Olympus'])('are in UTC and bring no VTIMEZONE when the zone is %s', (timeZone) => {
    const { lines } = rendered([event({ timeZone })]);
    expect(lines).toContain('DTSTART:20250612T170000Z');
    expect(lines).toContain('DTEND:20250612T190000Z');
    expect(lines).not.toContain('BEGIN:VTIMEZONE');
  });

  it('are both in UTC when one of them falls into an hour that the clock shows twice', () => {
    const startsAt = new Date('2025-10-25T22:30:00Z');
    const { lines } = rendered([event({ startsAt, endsAt: new Date('2025-10-26T01:30:00Z') })]);
    expect(lines).toContain('DTSTART:20251025T223000Z');
    expect(lines).toContain('DTEND:20251026T013000Z');
    expect(lines).not.toContain('BEGIN:VTIMEZONE');
  });

  it('have no end when it is not after the start, which RFC 5545 forbids to say', () => {
    const startsAt = new Date('2025-06-12T17:00:00Z');
    expect(renderCalendar(feed([event({ startsAt, endsAt: startsAt })]))).not.toContain('DTEND');
  });
});

describe('the stamps of an event', () => {
  it('are in UTC whatever zone its times are in (RFC 5545 §3.8.7.2)', () => {
    const { lines } = rendered([event({ timeZone: 'Asia/Kathmandu' })]);
    for (const name of ['DTSTAMP', 'CREATED', 'LAST-MODIFIED'])
      expect(lines.filter((line) => line.startsWith(name))).toEqual([expect.stringMatching(/^[A-Z-]+:\d{8}T\d{6}Z$/)]);
    expect(lines).toContain('DTSTART;TZID=Asia/Kathmandu:20250612T224500');
    expect(lines.join('')).not.toContain('TIMEZONE-ID');
  });

  it('are the same: the last change is the revision that is told', () => {
    const { lines } = rendered([event({ changedAt: new Date('2025-04-05T06:07:08.999Z') })]);
    expect(lines).toEqual(expect.arrayContaining(['DTSTAMP:20250405T060708Z', 'LAST-MODIFIED:20250405T060708Z']));
  });

  it('are read in the zone that this process was told to run in', () => {
    const shown = (timeZone?: string): string => new Date(0).toLocaleString('en', { timeZone });
    expect(shown()).toBe(shown(process.env.TZ)); // a zone has several names, so that the clock is compared
  });
});

describe('an event that somebody goes to', () => {
  const conference = { url: 'https://goodturn.test/join/a,b', label: 'Join "online"' };

  it('takes their time and leads them in, in the property and in words', () => {
    const { lines } = rendered([event({ description: 'Maps', own: { tentative: false, conference } })]);
    expect(lines).toEqual(
      expect.arrayContaining([
        ...['STATUS:CONFIRMED', 'TRANSP:OPAQUE'],
        `CONFERENCE;VALUE=URI;FEATURE=AUDIO,VIDEO;LABEL="Join 'online'":https://goodturn.test/join/a%2Cb`,
        'DESCRIPTION;LANGUAGE=en:Maps\\n\\nJoin "online": https://goodturn.test/join/a\\,b',
      ]),
    );
  });

  it('is not yet sure while they wait', () => {
    const { lines } = rendered([event({ own: { tentative: true, conference: null } })]);
    expect(lines).toEqual(expect.arrayContaining(['STATUS:TENTATIVE', 'TRANSP:OPAQUE']));
    expect(lines.join('')).not.toContain('CONFERENCE');
  });

  it('takes no time any more once it is called off', () => {
    const { lines } = rendered([event({ cancelled: true, own: { tentative: true, conference: null } })]);
    expect(lines).toEqual(expect.arrayContaining(['STATUS:CANCELLED', 'TRANSP:TRANSPARENT']));
  });
});

describe('the place of an event', () => {
  it.each([
    [0, 0, 'GEO:0.000000;0.000000'],
    [0, 9.5, 'GEO:0.000000;9.500000'],
    [-33.8688, 0, 'GEO:-33.868800;0.000000'],
    [1e-7, 180, 'GEO:0.000000;180.000000'],
  ])('at %d, %d is %s', (latitude, longitude, line) => {
    expect(rendered([event({ latitude, longitude })]).lines).toContain(line);
  });

  it.each([
    [null, null],
    [51.5, null],
    [null, 0],
    [Number.NaN, 0],
    [91, 0],
    [0, -181],
  ])('has no coordinates when they are %p, %p', (latitude, longitude) => {
    expect(renderCalendar(feed([event({ latitude, longitude })]))).not.toContain('GEO');
  });

  it('is left out when there is none', () => {
    expect(renderCalendar(feed([event({ location: null })]))).not.toContain('LOCATION');
    expect(renderCalendar(feed([event({ location: ' \n ' })]))).not.toContain('LOCATION');
  });
});

describe('text in a feed', () => {
  it('is escaped, and comes back as it was', () => {
    const title = 'Maps; forms, and C:\\new "quotes": why?';
    const { lines, read } = rendered([event({ title })]);
    expect(lines).toContain('SUMMARY;LANGUAGE=en:Maps\\; forms\\, and C:\\\\new "quotes": why?');
    expect(read('summary')).toBe(title);
  });

  it.each(['\n', '\r\n', '\r', '\v', '\f', '\u0085', '\u2028', '\u2029'])(
    'cannot begin a property or an event of its own by a line break %j in a name',
    (lineBreak) => {
      const attack = ['A', 'END:VCALENDAR', 'BEGIN:VEVENT', 'UID:evil', 'END:VEVENT'].join(lineBreak);
      const output = renderCalendar({
        ...feed([
          event({ uid: attack, title: attack, description: attack, location: attack, url: attack, tags: [attack] }),
        ]),
        name: attack,
        description: attack,
        url: attack,
        source: attack,
        timeZone: attack,
        cancelledPrefix: attack,
      });
      const lines = output.split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/); // wherever any program may see a line end
      expect(lines.filter((line) => line.startsWith('BEGIN:VEVENT'))).toHaveLength(1);
      expect(lines.filter((line) => line.startsWith('UID'))).toHaveLength(1);
      expect(lines.filter((line) => line.startsWith('END:VCALENDAR'))).toHaveLength(1);
    },
  );

  it('cannot add a parameter by its language or its zone', () => {
    const { lines } = rendered([event({ language: 'en:x\r\nUID:evil', timeZone: 'Europe/London:1\r\nUID:evil' })]);
    expect(lines).toContain('SUMMARY:Maps for the food bank');
    expect(lines).toContain('DTSTART:20250612T170000Z');
    expect(lines.filter((line) => line.startsWith('UID'))).toHaveLength(1);
  });

  it('loses control characters and halves of characters, and keeps all others', () => {
    const { lines } = rendered([
      event({ title: '\u0000Be\u0007ll\u007f \ud83d\udc4b \ud800wave\udc00\tto\u0001\u009f all' }),
    ]);
    expect(lines).toContain('SUMMARY;LANGUAGE=en:Bell \ud83d\udc4b wave to all');
  });

  it('separates tags by commas and escapes a comma inside a tag', () => {
    expect(rendered([event({ tags: ['maps', 'food, water', ''] })]).lines).toContain('CATEGORIES:maps,food\\, water');
    expect(renderCalendar(feed([event({ tags: [] })]))).not.toContain('CATEGORIES');
  });

  it('has no language when the tag is not one', () => {
    expect(rendered([event({ language: 'pt-BR' })]).lines).toContain('SUMMARY;LANGUAGE=pt-BR:Maps for the food bank');
    expect(rendered([event({ language: '' })]).lines).toContain('SUMMARY:Maps for the food bank');
  });
});

describe('a link in a feed', () => {
  it.each([
    ['https://x.test/?a=1,2;b=3', 'https://x.test/?a=1%2C2%3Bb=3'],
    ['https://x.test/a%20b?c=d&e=%2C#f', 'https://x.test/a%20b?c=d&e=%2C#f'],
    ['https://x.test/münchen "a" \\<b>', 'https://x.test/m%C3%BCnchen%20%22a%22%20%5C%3Cb%3E'],
    ['https://x.test/\r\nUID:\ud800evil', 'https://x.test/UID:evil'],
  ])('%j is written %s', (url, written) => {
    expect(rendered([event({ url })]).lines).toContain(`URL:${written}`);
  });

  it('is encoded at the head of the calendar too', () => {
    const output = renderCalendar({ ...feed([]), url: 'https://x.test/a,b', source: 'https://x.test/a;b.ics' });
    expect(output).toContain('\r\nURL:https://x.test/a%2Cb\r\n');
    expect(output).toContain('\r\nSOURCE;VALUE=URI:https://x.test/a%3Bb.ics\r\n');
  });
});

describe('the octets of a feed', () => {
  it('fill a line to 75 and no further', () => {
    const fits = 'x'.repeat(75 - 'SUMMARY;LANGUAGE=en:'.length);
    expect(renderCalendar(feed([event({ title: fits })]))).toContain(`:${fits}\r\n`);
    expect(renderCalendar(feed([event({ title: `${fits}y` })]))).toContain(`:${fits}\r\n y\r\n`);
  });

  it('are CRLF lines of at most 75 octets that never split a character, and read back, whatever is written', () => {
    const words = fc.string({ unit: 'binary', maxLength: 300 });
    fc.assert(
      fc.property(words, words, words, (title, description, name) => {
        const output = renderCalendar({ ...feed([event({ title, description, location: name, tags: [name] })]), name });
        expectSound(Buffer.from(output));
        expect(new ICAL.Component(ICAL.parse(output)).getAllSubcomponents('vevent')).toHaveLength(1);
      }),
    );
  });

  it.each(['日', '👋', '👩‍👩‍👧‍👦', 'م', 'é'])('do not split %s at the end of a line, wherever that falls', (character) => {
    for (let shift = 0; shift < 80; shift++) {
      const title = 'x'.repeat(shift) + character.repeat(40);
      const output = renderCalendar(feed([event({ title })]));
      expectSound(Buffer.from(output));
      expect(output.replaceAll('\r\n ', '')).toContain(`:${title}\r\n`);
    }
  });
});

/** What every program may rely on, checked on the bytes and not on our idea of them. */
function expectSound(octets: Buffer): void {
  const output = octets.toString('utf8');
  expect(output.endsWith('END:VCALENDAR\r\n')).toBe(true);
  expect(output.replaceAll('\r\n', '')).not.toMatch(/\p{Cc}/u);
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let start = 0;
  for (let end = octets.indexOf('\r\n'); end !== -1; end = octets.indexOf('\r\n', start)) {
    expect(end - start).toBeLessThanOrEqual(75);
    expect(() => decoder.decode(octets.subarray(start, end))).not.toThrow();
    start = end + 2;
  }
  expect(start).toBe(octets.length);
}

function rendered(events: CalendarEvent[]): { lines: string[]; read: (property: string) => unknown } {
  const output = renderCalendar(feed(events));
  const component = new ICAL.Component(ICAL.parse(output)).getFirstSubcomponent('vevent');
  return {
    lines: output.replaceAll('\r\n ', '').split('\r\n'),
    read: (property) => component?.getFirstPropertyValue(property),
  };
}

function feed(events: CalendarEvent[]): Calendar {
  return {
    name: 'Code for Good London',
    description: 'Meetups on Thursdays',
    url: 'https://goodturn.test/g/london',
    source: 'https://goodturn.test/g/london.ics',
    timeZone: 'Europe/London',
    cancelledPrefix: 'Cancelled: ',
    events,
  };
}

function event(changes: Partial<CalendarEvent> = {}): CalendarEvent {
  return {
    uid: '0197a3c0-0001-7000-8000-000000000001@goodturn.test',
    sequence: 2,
    changedAt: new Date('2025-01-02T03:04:05.678Z'),
    createdAt: new Date('2025-01-01T00:00:00Z'),
    title: 'Maps for the food bank',
    description: '',
    startsAt: new Date('2025-06-12T17:00:00Z'),
    endsAt: new Date('2025-06-12T19:00:00Z'),
    timeZone: 'Europe/London',
    cancelled: false,
    location: 'Town Hall, Main Street 1',
    latitude: null,
    longitude: null,
    url: 'https://goodturn.test/e/1',
    tags: ['mapping', 'first-timers'],
    language: 'en',
    ...changes,
  };
}
