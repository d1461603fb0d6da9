import { describe, expect, it } from '@jest/globals';
import ICAL from 'ical.js';
import nodeIcal from 'node-ical';
import type { CalendarEvent } from './ics.ts';
import { renderInvitation, type Invitation } from './invitation.ts';

describe('an invitation', () => {
  it('says one event, who sends it and who comes, and asks for no answer', () => {
    expect(linesOf({})).toEqual([
      'BEGIN:VCALENDAR',
      'VERSION:2.0',
      'PRODID:-//Goodturn//Goodturn//EN',
      'CALSCALE:GREGORIAN',
      'METHOD:REQUEST',
      ...['BEGIN:VTIMEZONE', 'TZID:Europe/London', 'BEGIN:STANDARD', 'DTSTART:19701025T020000'],
      ...['RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU', 'TZOFFSETFROM:+0100', 'TZOFFSETTO:+0000', 'END:STANDARD'],
      ...['BEGIN:DAYLIGHT', 'DTSTART:19700329T010000', 'RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU'],
      ...['TZOFFSETFROM:+0000', 'TZOFFSETTO:+0100', 'END:DAYLIGHT', 'END:VTIMEZONE'],
      'BEGIN:VEVENT',
      'UID:0197a3c0-0001-7000-8000-000000000001@goodturn.invalid',
      'SEQUENCE:2',
      'DTSTAMP:20250102T030405Z',
      'CREATED:20250101T000000Z',
      'LAST-MODIFIED:20250102T030405Z',
      'DTSTART;TZID=Europe/London:20250612T180000',
      'DTEND;TZID=Europe/London:20250612T200000',
      'STATUS:CONFIRMED',
      'TRANSP:OPAQUE',
      'SUMMARY;LANGUAGE=en:Maps for the food bank',
      'DESCRIPTION;LANGUAGE=en:Bring a laptop\\n\\nJoin online: https://goodturn.test/join/abc',
      'LOCATION:Online',
      'CATEGORIES:mapping',
      'URL:https://goodturn.test/events/maps',
      'CONFERENCE;VALUE=URI;FEATURE=AUDIO,VIDEO;LABEL="Join online":https://goodturn.test/join/abc',
      'ORGANIZER;CN="Code for Good":mailto:events@goodturn.test',
      'ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;RSVP=FALSE;CN="Ada Lovelace":mailto:ada+maps@example.org',
      'END:VEVENT',
      'END:VCALENDAR',
      '',
    ]);
  });

  it('leads to a page of its own for this person', () => {
    expect(linesOf({ url: 'https://goodturn.test/manage/x' })).toContain('URL:https://goodturn.test/manage/x');
  });

  it('is stamped with the hour at which it was decided, where that is told, so that the later of two is known', () => {
    const lines = linesOf({ decidedAt: new Date('2025-05-06T07:08:09Z') });
    expect(lines).toContain('DTSTAMP:20250506T070809Z');
    expect(lines).toContain('LAST-MODIFIED:20250102T030405Z');
  });

  it('takes an event back that was called off, and no longer leads into its session', () => {
    const lines = linesOf({ method: 'CANCEL', event: event({ cancelled: true, sequence: 3 }) });
    expect(lines).toEqual(
      expect.arrayContaining([
        ...['METHOD:CANCEL', 'SEQUENCE:3', 'STATUS:CANCELLED', 'TRANSP:TRANSPARENT'],
        'SUMMARY;LANGUAGE=en:Cancelled: Maps for the food bank',
      ]),
    );
    expect(lines.join('')).not.toContain('/join/');
    expect(lines.filter((line) => /^(?:ORGANIZER|ATTENDEE)/.test(line))).toHaveLength(2);
  });

  it('takes back the event of somebody who withdrew without saying that it is called off', () => {
    const lines = linesOf({ method: 'CANCEL' });
    expect(lines).toContain('STATUS:CANCELLED');
    expect(lines).toContain('SUMMARY;LANGUAGE=en:Maps for the food bank');
  });

  it('has the same identity, times and sequence to every program that reads it', () => {
    const text = renderInvitation(invitation({}));
    const vevent = new ICAL.Component(ICAL.parse(text)).getFirstSubcomponent('vevent');
    const one = vevent && new ICAL.Event(vevent);
    const other = Object.values(nodeIcal.sync.parseICS(text)).find((part) => part?.type === 'VEVENT');
    expect([one?.uid, one?.sequence]).toEqual([event({}).uid, 2]);
    expect(other).toMatchObject({ uid: event({}).uid, sequence: 2, method: 'REQUEST', status: 'CONFIRMED' });
    for (const start of [one?.startDate.toJSDate(), other?.start])
      expect(Number(start)).toBe(event({}).startsAt.getTime());
    expect(one?.attendees.map((attendee) => [attendee.getParameter('partstat'), attendee.getFirstValue()])).toEqual([
      ['ACCEPTED', 'mailto:ada+maps@example.org'],
    ]);
  });

  it.each([
    ['Ada "the first"; Lovelace, Countess: of', `"Ada 'the first'; Lovelace, Countess: of"`],
    ['Ada\r\nATTENDEE:mailto:evil@example.org', '"Ada ATTENDEE:mailto:evil@example.org"'],
    ['Ada\u2028^n\u0007', '"Ada ^^n"'],
    ['エイダ 👋', '"エイダ 👋"'],
  ])('keeps the name %j inside its quotes', (name, written) => {
    const lines = linesOf({ attendee: { name, email: 'ada@example.org' } });
    expect(lines.filter((line) => line.startsWith('ATTENDEE'))).toEqual([
      expect.stringContaining(`CN=${written}:mailto:ada@example.org`),
    ]);
  });

  it.each([
    ["o'brien+x@example.org", "mailto:o'brien+x@example.org"],
    ['a?b&c%d;e,f@example.org', 'mailto:a%3Fb%26c%25d%3Be%2Cf@example.org'],
    ['a@example.org\r\nX:1', 'mailto:a@example.orgX%3A1'],
  ])('writes the address %j as a link that means this address alone', (email, written) => {
    const line = linesOf({ attendee: { name: 'Ada', email } }).find((text) => text.startsWith('ATTENDEE'));
    expect(line?.endsWith(`:${written}`)).toBe(true);
  });
});

function linesOf(changes: Partial<Invitation>): string[] {
  return renderInvitation(invitation(changes)).replaceAll('\r\n ', '').split('\r\n');
}

function invitation(changes: Partial<Invitation>): Invitation {
  return {
    method: 'REQUEST',
    event: event({}),
    organizer: { name: 'Code for Good', email: 'events@goodturn.test' },
    attendee: { name: 'Ada Lovelace', email: 'ada+maps@example.org' },
    conference: { url: 'https://goodturn.test/join/abc', label: 'Join online' },
    ...changes,
  };
}

function event(changes: Partial<CalendarEvent>): CalendarEvent {
  return {
    uid: '0197a3c0-0001-7000-8000-000000000001@goodturn.invalid',
    sequence: 2,
    changedAt: new Date('2025-01-02T03:04:05.678Z'),
    createdAt: new Date('2025-01-01T00:00:00Z'),
    title: 'Maps for the food bank',
    description: 'Bring a laptop',
    startsAt: new Date('2025-06-12T17:00:00Z'),
    endsAt: new Date('2025-06-12T19:00:00Z'),
    timeZone: 'Europe/London',
    cancelled: false,
    location: 'Online',
    latitude: null,
    longitude: null,
    url: 'https://goodturn.test/events/maps',
    tags: ['mapping'],
    language: 'en',
    ...changes,
  };
}
