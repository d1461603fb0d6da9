import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { renderAtom, type News } from './atom.ts';
import type { CalendarEvent } from './ics.ts';

const GROUP = '0197a3c0-0000-7000-8000-000000000000';
const EVENT = '0197a3c0-0001-7000-8000-000000000001';

describe('the news of a group', () => {
  it('say whose they are, where they live, and when they changed last', () => {
    const { feed } = read(news({}));
    expect(feed.map(({ name, text, attributes }) => [name, text.trim(), attributes])).toEqual([
      ['id', `urn:uuid:${GROUP}`, {}],
      ['title', 'Maps & <Friends>', {}],
      ['updated', '2026-02-01T10:00:00.000Z', {}],
      ['generator', 'Goodturn', {}],
      ['author', 'Maps & <Friends>', {}],
      ['link', '', { rel: 'alternate', href: 'https://goodturn.test/groups/maps?a=1&b=2' }],
      ['link', '', { rel: 'self', href: 'https://goodturn.test/feeds/groups/maps.atom' }],
      ['subtitle', 'Evenings &amp; more', {}],
    ]);
  });

  it('tell an event by an id that stays, its last change, its page, its time in its own zone and its place', () => {
    const { entries } = read(news({ events: [event({})] }));
    expect(entries).toEqual([
      {
        id: `urn:uuid:${EVENT}`,
        title: 'Bread &amp; &lt;b&gt;maps&lt;/b&gt;',
        updated: '2026-02-03T04:05:06.000Z',
        published: '2026-01-01T00:00:00.000Z',
        href: `https://goodturn.test/events/maps`,
        terms: ['food & maps'],
        content: expect.stringContaining('(Europe/Berlin)'),
      },
    ]);
    const [{ content = '' } = {}] = entries;
    expect(content).toMatch(/<time datetime="2026-03-17T16:00:00.000Z">Tuesday, March 17, 2026.*5:00.*6:30/);
    expect(content).toContain('<p>Town Hall &amp; Garden</p>');
    expect(content).toContain('<p>Bring a &lt;script&gt;</p>');
  });

  it('come soonest first, however they were given, in the same bytes', () => {
    const later = event({ uid: 'b@x', startsAt: new Date('2026-04-01T00:00:00Z') });
    const sooner = event({ uid: 'a@x', startsAt: new Date('2026-03-01T00:00:00Z') });
    expect(renderAtom(news({ events: [later, sooner] }))).toBe(renderAtom(news({ events: [sooner, later] })));
    expect(read(news({ events: [later, sooner] })).entries.map(({ id }) => id)).toEqual(['urn:uuid:a', 'urn:uuid:b']);
  });

  it('say that an event was called off', () => {
    const { entries } = read(news({ events: [event({ cancelled: true, title: 'Maps' })] }));
    expect(entries[0]?.title).toBe('Cancelled: Maps');
  });

  it.each([
    ['those of the newest event', [event({})], '2026-02-03T04:05:06.000Z'],
    ['those of the day when there is no event', [], '2026-03-01T00:00:00.000Z'],
  ])('of a tag, which has no row of its own, are as new as %s', (_, events, updated) => {
    const tag = news({ address: { kind: 'tags', name: 'öl', format: 'atom' }, id: null, changedAt: null, events });
    const { feed } = read(tag);
    expect(feed.find(({ name }) => name === 'updated')?.text).toBe(updated);
    expect(feed.find(({ name }) => name === 'id')?.text).toBe('https://goodturn.test/feeds/tags/%C3%B6l.atom');
  });

  it('show an instant in UTC where Node does not know the zone', () => {
    const { entries } = read(news({ events: [event({ timeZone: 'Mars/Olympus' })] }));
    expect(entries[0]?.content).toContain('2026-03-17T16:00:00.000Z (UTC)');
  });

  it('are XML that every reader takes, whatever people write', () => {
    const words = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.constantFrom(']]>]]>', '<![CDATA[', '&amp;&lt;', '\u0000\u0008\u000b\ufffe\uffff', '\ud800', '"\'<>&'),
    );
    fc.assert(
      fc.property(words, words, words, (title, description, tag) => {
        const told = event({ title, description, location: title, tags: [tag, title] });
        expect(read(news({ title, description, events: [told, told] })).entries).toHaveLength(2);
      }),
      { numRuns: 300 },
    );
  });

  it('give a name back as it was written', () => {
    const title = 'A &amp; B ]]> <i>C</i> "D" & E';
    expect(read(news({ title })).feed.find(({ name }) => name === 'title')?.text).toBe(title);
  });
});

interface Element {
  name: string;
  attributes: Record<string, string>;
  text: string;
}

/** Reads Atom as a strict XML parser does: the elements of the feed itself, and its entries. */
function read(told: News): { feed: Element[]; entries: Record<string, unknown>[] } {
  const feed: Element[] = [];
  const entries: Record<string, unknown>[] = [];
  const open: Element[] = [];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    const element = { name, attributes: { ...attributes }, text: '' };
    if (name === 'entry') entries.push({ terms: [] });
    else if (open.length === 1) feed.push(element);
    open.push(element);
  });
  const add = (text: string): void => open.slice(1).forEach((element) => (element.text += text));
  parser.on('text', add);
  parser.on('cdata', add);
  parser.on('closetag', () => {
    const element = open.pop();
    const entry = entries.at(-1);
    if (!element || !entry || open.at(-1)?.name !== 'entry') return;
    if (element.name === 'link') entry.href = element.attributes.href;
    else if (element.name === 'category') (entry.terms as unknown[]).push(element.attributes.term);
    else entry[element.name] = element.text;
  });
  parser.write(renderAtom(told)).close();
  return { feed, entries };
}

function news(changes: Partial<News>): News {
  return {
    address: { kind: 'groups', name: 'maps', format: 'atom' },
    id: GROUP,
    title: 'Maps & <Friends>',
    description: 'Evenings &amp; more',
    url: 'https://goodturn.test/groups/maps?a=1&b=2',
    publicUrl: 'https://goodturn.test',
    changedAt: new Date('2026-02-01T10:00:00Z'),
    lastModified: new Date('2026-03-01T12:00:00Z'),
    events: [],
    ...changes,
  };
}

function event(changes: Partial<CalendarEvent>): CalendarEvent {
  return {
    uid: `${EVENT}@goodturn.invalid`,
    sequence: 0,
    changedAt: new Date('2026-02-03T04:05:06Z'),
    createdAt: new Date('2026-01-01T00:00:00Z'),
    title: 'Bread & <b>maps</b>',
    description: 'Bring a <script>\n\nhttps://goodturn.test/events/maps',
    startsAt: new Date('2026-03-17T16:00:00Z'),
    endsAt: new Date('2026-03-17T17:30:00Z'),
    timeZone: 'Europe/Berlin',
    cancelled: false,
    location: 'Town Hall & Garden',
    latitude: null,
    longitude: null,
    url: 'https://goodturn.test/events/maps',
    tags: ['food & maps', 'a<b'],
    language: 'en',
    ...changes,
  };
}
