import { describe, expect, it } from '@jest/globals';
import { googleEventLink, outlookEventLink, subscribeLinksOf, type LinkedEvent } from './calendar-links.ts';

const EVENT: LinkedEvent = {
  title: 'Maps & more: 50 % of "A+B" = ümläut #1; 👋',
  startsAt: new Date('2026-03-17T16:00:00.500Z'),
  endsAt: new Date('2026-03-17T17:30:00Z'),
  timeZone: 'Europe/Berlin',
  location: 'Town Hall, Main Street 1',
  url: 'https://goodturn.test/events/maps?x=1&y=2#z',
};

describe('the link that adds an event', () => {
  it('fills in the form of Google Calendar with what was meant, whatever the title', () => {
    const link = new URL(googleEventLink(EVENT));
    expect(link.origin + link.pathname).toBe('https://calendar.google.com/calendar/render');
    expect(Object.fromEntries(link.searchParams)).toEqual({
      action: 'TEMPLATE',
      text: EVENT.title,
      dates: '20260317T160000Z/20260317T173000Z',
      ctz: 'Europe/Berlin',
      location: 'Town Hall, Main Street 1',
      details: EVENT.url,
    });
  });

  it('fills in the form of Outlook on the web', () => {
    const link = new URL(outlookEventLink(EVENT));
    expect(link.origin + link.pathname).toBe('https://outlook.live.com/calendar/0/action/compose');
    expect(Object.fromEntries(link.searchParams)).toEqual({
      path: '/calendar/action/compose',
      rru: 'addevent',
      subject: EVENT.title,
      startdt: '2026-03-17T16:00:00Z',
      enddt: '2026-03-17T17:30:00Z',
      location: 'Town Hall, Main Street 1',
      body: EVENT.url,
    });
  });

  it.each([googleEventLink, outlookEventLink])('has no plus for a space and nothing that ends it early: %p', (link) => {
    expect(link(EVENT)).not.toMatch(/[+\s"<>#]/);
    expect(link({ ...EVENT, title: 'half \ud83d of a wave' })).toContain('half%20%EF%BF%BD%20of');
  });
});

describe('the links that subscribe to a feed', () => {
  const feed = 'https://goodturn.test/calendar/tags/c%2B%2B%20%26%20%C3%B6l.ics';
  const { webcal, google, outlook } = subscribeLinksOf(feed, 'C++ & Öl');

  it('name the feed by a scheme that calendar programs open', () => {
    expect(webcal).toBe('webcal://goodturn.test/calendar/tags/c%2B%2B%20%26%20%C3%B6l.ics');
  });

  it('hand the whole address to Google, its own percent signs encoded once more', () => {
    expect(google).toContain('cid=webcal%3A%2F%2Fgoodturn.test%2Fcalendar%2Ftags%2Fc%252B%252B%2520%2526');
    expect(new URL(google).searchParams.get('cid')).toBe(webcal);
  });

  it('hand address and name to Outlook', () => {
    expect(new URL(outlook).pathname).toBe('/calendar/0/addfromweb');
    expect(Object.fromEntries(new URL(outlook).searchParams)).toEqual({ url: feed, name: 'C++ & Öl' });
  });
});
