import { newId } from '#kernel';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import type { TestGroup } from '../support/builders.ts';
import { testSystem, type TestSystem } from '../support/system.ts';

const EVENTS = `query($filter: EventFilter, $first: Int, $after: String, $sort: EventSort) {
  events(filter: $filter, first: $first, after: $after, sort: $sort) {
    totalCount nodes { slug } pageInfo { endCursor hasNextPage } } }`;
const LISBON = { latitude: 38.7223, longitude: -9.1393 };

let t: TestSystem;
let group: TestGroup;
beforeAll(async () => {
  t = await testSystem();
  group = await t.a.group('Europe/Lisbon');
});
afterAll(() => t.stop());

type Variables = Record<string, unknown>;
const page = async (filter: Variables, more: Variables = {}) =>
  (await t.graphql(EVENTS, { filter, ...more })).events as {
    totalCount: number;
    nodes: { slug: string }[];
    pageInfo: { endCursor: string | null; hasNextPage: boolean };
  };
const found = async (filter: Variables, more: Variables = {}): Promise<string[]> =>
  (await page(filter, more)).nodes.map(({ slug }) => slug);
const at = (day: number) => {
  const date = `2026-04-${String(day).padStart(2, '0')}`;
  return { startsAtLocal: `${date}T18:00`, endsAtLocal: `${date}T20:00` };
};
const inPerson = (name: string, latitude?: number, longitude?: number) => ({
  format: 'IN_PERSON',
  joinUrl: null,
  venue: { name, address: 'Main Street 1', latitude, longitude },
});

describe('words', () => {
  let rust: TestGroup;
  beforeAll(async () => {
    rust = await t.a.group();
    await t.db.query(`UPDATE meetup_group SET name = 'Ferris Friends of São Paulo' WHERE id = $1`, [rust.id]);
    await t.a.event(group, { slug: 'kubernetes', title: 'Kubernetes for the food bank', ...at(10) });
    await t.a.event(group, { slug: 'maps', title: 'Maps', description: 'We draw *kubernetes* clusters', ...at(11) });
    await t.a.event(group, { slug: 'tagged', title: 'An evening', tags: ['machine-learning'], ...at(12) });
    await t.a.event(rust, { slug: 'crabs', title: 'Crustaceans', description: 'Go lightly', ...at(13) });
    await t.a.event(group, { slug: 'tokyo', title: '子ども食堂のための地図', ...at(14) });
    await t.a.event(group, { slug: 'google', title: 'Google Cloud', ...at(15) });
  });

  it.each([
    ['in the title and in the description', 'kubernetes', ['kubernetes', 'maps']],
    ['whatever their case', 'KuberNETES food', ['kubernetes']],
    ['by how they begin', 'kuber', ['kubernetes', 'maps']],
    ['of a tag, together or one of them', 'machine-learning', ['tagged']],
    ['of a tag, one alone', 'learning', ['tagged']],
    ['of the name of the group', 'ferris', ['crabs']],
    ['of the group and of the event together', 'crustaceans ferris', ['crabs']],
    ['without their accents', 'sao paulo', ['crabs']],
    ['with accents that are not there', 'káubernetes', ['kubernetes']],
    ['with a letter too few', 'kuberntes', ['kubernetes']],
    ['with another letter', 'kubarnetes', ['kubernetes']],
    ['with letters swapped', 'kuberentes', ['kubernetes']],
    ['with a slip in one of two', 'food kuberentes', ['kubernetes']],
    ['but not taken for others when they are right', 'crabs', []],
    ['that are all there, and not just some', 'kubernetes ferris', []],
    ['of two letters as they stand', 'go', ['crabs']],
    ['in Japanese', '子ども', ['tokyo']],
    ['with signs around them', '“Kubernetes”!? & | (food)', ['kubernetes']],
    ["that look like a query: ' OR true --", "' OR true --", []],
  ])('are found %s', async (_, text, slugs) => {
    expect(await found({ text })).toEqual(slugs);
  });

  it('come best first when that is asked for: a title before a description', async () => {
    await t.a.event(group, { slug: 'early-mention', title: 'Breakfast', description: 'and kubernetes', ...at(9) });
    await t.a.event(group, { slug: 'late-title', title: 'Kubernetes', ...at(28) });
    expect(await found({ text: 'kubernetes' })).toEqual(['early-mention', 'kubernetes', 'maps', 'late-title']);
    expect(await found({ text: 'kubernetes' }, { sort: 'BEST' })).toEqual([
      ...['kubernetes', 'late-title'],
      ...['early-mention', 'maps'],
    ]);
  });

  it('are those that an event has now', async () => {
    await t.db.query(`UPDATE event SET title = 'Zebras' WHERE slug = 'google'`);
    expect(await found({ text: 'google' })).toEqual([]);
    expect(await found({ text: 'zebras' })).toEqual(['google']);
    await t.db.query(`UPDATE meetup_group SET name = 'Crab People' WHERE id = $1`, [rust.id]);
    expect(await found({ text: 'ferris' })).toEqual([]);
    expect(await found({ text: 'crab' })).toEqual(['crabs']);
  });

  it('of drafts and of what is over are not found', async () => {
    await t.a.event(group, {
      slug: 'past',
      title: 'Yesteryear',
      startsAtLocal: '2026-02-01T18:00',
      endsAtLocal: '2026-02-01T20:00',
    });
    await t.a.event(group, { slug: 'draft', title: 'Yesteryear', ...at(20) });
    await t.db.query(`UPDATE event SET state = 'DRAFT' WHERE slug = 'draft'`);
    expect(await found({ text: 'yesteryear' })).toEqual([]);
    expect(await found({ text: 'yesteryear', from: '2026-01-01T00:00:00Z' })).toEqual(['past']);
  });
});

describe('language, format and dates', () => {
  beforeAll(async () => {
    await t.a.event(group, { slug: 'pt', title: 'Olá', language: 'pt', tags: ['lang'], ...at(2) });
    await t.a.event(group, { slug: 'pt-br', title: 'Oi', language: 'pt-BR', tags: ['lang'], ...at(3) });
    await t.a.event(group, {
      slug: 'es',
      title: 'Hola',
      language: 'es',
      tags: ['lang'],
      ...at(4),
      ...inPerson('Casa'),
    });
  });

  it.each([
    [{ language: 'pt' }, ['pt', 'pt-br']],
    [{ language: 'pt-BR' }, ['pt-br']],
    [{ language: 'PT' }, ['pt', 'pt-br']],
    [{ format: 'IN_PERSON' }, ['es']],
    [{ from: '2026-04-03T00:00:00Z' }, ['pt-br', 'es']],
    [{ to: '2026-04-03T00:00:00Z' }, ['pt']],
    [{ from: '2026-04-02T18:30:00Z', to: '2026-04-02T18:31:00Z' }, ['pt']],
  ])('narrow the list: %j', async (filter, slugs) => {
    expect(await found({ tag: 'lang', ...filter })).toEqual(slugs);
  });

  it('keep an event of many days while it lasts', async () => {
    await t.a.event(group, {
      slug: 'month',
      tags: ['long'],
      startsAtLocal: '2026-05-01T09:00',
      endsAtLocal: '2026-05-31T18:00',
    });
    expect(await found({ tag: 'long', from: '2026-05-31T12:00:00Z' })).toEqual(['month']);
    expect(await found({ tag: 'long', from: '2026-05-31T18:00:00Z' })).toEqual([]);
  });
});

describe('distance', () => {
  beforeAll(async () => {
    const near = { tags: ['near'] };
    await t.a.event(group, { slug: 'porto', ...near, ...at(5), ...inPerson('Porto', 41.1579, -8.6291) });
    await t.a.event(group, { slug: 'sintra', ...near, ...at(6), ...inPerson('Sintra', 38.8029, -9.3817) });
    await t.a.event(group, {
      slug: 'baixa',
      ...near,
      ...at(7),
      ...inPerson('Baixa', 38.7139, -9.1394),
      format: 'HYBRID',
      joinUrl: 'https://meet.example/x',
    });
    await t.a.event(group, { slug: 'nowhere', ...near, ...at(8), ...inPerson('Somewhere') });
    await t.a.event(group, { slug: 'moved-online', ...near, ...at(9), ...inPerson('Baixa again', 38.7139, -9.1394) });
    await t.db.query(
      `UPDATE event SET format = 'ONLINE', join_url = 'https://meet.example/x' WHERE slug = 'moved-online'`,
    );
    await t.a.event(group, { slug: 'fiji-west', tags: ['fiji'], ...at(5), ...inPerson('Taveuni', -16.85, 179.99) });
    await t.a.event(group, { slug: 'fiji-east', tags: ['fiji'], ...at(6), ...inPerson('Rabi', -16.5, -179.99) });
  });

  it('finds what is within it, by time', async () => {
    expect(await found({ near: { ...LISBON, withinKm: 5 } })).toEqual(['baixa']);
    expect(await found({ near: { ...LISBON, withinKm: 30 } })).toEqual(['sintra', 'baixa']);
    expect(await found({ near: { ...LISBON, withinKm: 300 } })).toEqual(['porto', 'sintra', 'baixa']);
  });

  it('puts the nearest first when that is asked for', async () => {
    expect(await found({ near: { ...LISBON, withinKm: 300 } }, { sort: 'NEAREST' })).toEqual([
      'baixa',
      'sintra',
      'porto',
    ]);
  });

  it('is exact: Porto is 274 km from Lisbon', async () => {
    expect(await found({ tag: 'near', near: { ...LISBON, withinKm: 273 } })).not.toContain('porto');
    expect(await found({ tag: 'near', near: { ...LISBON, withinKm: 275 } })).toContain('porto');
  });

  it('reaches over the date line, and around the globe', async () => {
    expect(await found({ near: { latitude: -16.7, longitude: 180, withinKm: 50 } })).toEqual([
      'fiji-west',
      'fiji-east',
    ]);
    expect(await found({ tag: 'near', near: { ...LISBON, withinKm: 20_000 } })).toEqual(['porto', 'sintra', 'baixa']);
  });

  it('is none for what is held online, and for a venue without coordinates', async () => {
    const all = await found({ near: { ...LISBON, withinKm: 20_000 } }, { first: 100 });
    expect(all).not.toContain('moved-online');
    expect(all).not.toContain('nowhere');
  });
});

describe('with 20,000 events', () => {
  const COUNT = 20_000;
  beforeAll(async () => {
    await t.db.query(
      `INSERT INTO meetup_group (id, slug, name, description, time_zone, language, changed_at, created_at)
       SELECT gen_random_uuid(), 'crowd-' || n, 'Crowd ' || md5(n::text), '', 'UTC', 'en', now(), now()
         FROM generate_series(1, 400) AS n`,
    );
    await t.db.query(
      `CREATE FUNCTION scattered(name text) RETURNS float8 LANGUAGE sql AS $$ SELECT (('x' || left(md5(name), 7))::bit(28)::int) / 268435456.0 $$`,
    );
    await t.db.query(
      `INSERT INTO venue (group_id, name, address, latitude, longitude)
       SELECT id, 'Hall', slug, -60 + 130 * scattered(slug), -180 + 360 * scattered(slug || 'east') FROM meetup_group WHERE slug LIKE 'crowd-%'`,
    );
    // Half of them are over; one in fifty is in Basque.
    await t.db.query(
      `INSERT INTO event (id, group_id, slug, title, description, starts_at_local, ends_at_local, time_zone, starts_at, ends_at,
                          language, format, state, venue_id, tags, changed_at, created_at)
       SELECT gen_random_uuid(), venue.group_id, 'crowd-' || n, 'Meetup ' || md5(n::text), 'About ' || md5((n % 997)::text) || repeat(' and so on', 20),
              '', '', 'UTC', start, start + interval '2 hours', CASE WHEN n % 50 = 0 THEN 'eu' ELSE 'en' END,
              CASE WHEN n % 40 = 0 THEN 'HYBRID' ELSE 'IN_PERSON' END, 'PUBLISHED', venue.id, ARRAY['t' || n % 500, 'all'], now(), now()
         FROM generate_series(1, ${COUNT}) AS n
         JOIN (SELECT *, row_number() OVER (ORDER BY address) AS place FROM venue WHERE address LIKE 'crowd-%') AS venue ON venue.place = n % 400 + 1
         CROSS JOIN LATERAL (SELECT timestamptz '2026-03-01T12:30Z' + (n - ${COUNT / 2}) * interval '1 hour') AS at(start)`,
    );
    await t.db.query('ANALYZE');
  }, 120_000);

  /** The statements that the API sends to PostgreSQL for a list. */
  const statementsFor = async (filter: Variables, more: Variables = {}) => {
    const { logger } = t.api.app.get(DataSource);
    const statements: { sql: string; holds: unknown[] }[] = [];
    const logQuery = logger.logQuery.bind(logger);
    logger.logQuery = (sql, holds) => void statements.push({ sql, holds: (holds ?? []) as unknown[] });
    try {
      await page(filter, more);
    } finally {
      logger.logQuery = logQuery;
    }
    return statements;
  };

  it.each<[string, Variables, Variables, string[]]>([
    ['words', { text: 'c4ca4238' }, {}, ['ix_event_search', 'ix_meetup_group_search']],
    ['words, best first', { text: 'c4ca4238' }, { sort: 'BEST' }, ['ix_event_search', 'ix_meetup_group_search']],
    ['a tag', { tag: 't77' }, {}, ['ix_event_tags']],
    ['a language', { language: 'eu' }, {}, ['ix_event_language']],
    ['a format', { format: 'HYBRID' }, {}, ['ix_event_format']],
    ['dates', { from: '2027-01-01T00:00:00Z', to: '2027-01-02T00:00:00Z' }, {}, ['ix_event_public']],
    ['nothing', {}, {}, ['ix_event_public']],
    ['a group', { group: 'crowd-7' }, {}, ['ix_event_group']],
    ['a distance', { near: { ...LISBON, withinKm: 200 } }, {}, ['ix_venue_place', 'ix_event_venue']],
    [
      'a distance, nearest first',
      { near: { ...LISBON, withinKm: 200 } },
      { sort: 'NEAREST' },
      ['ix_venue_place', 'ix_event_venue'],
    ],
  ])('finds by %s through the indexes for it, in one query and one count', async (_, filter, more, indexes) => {
    const statements = await statementsFor(filter, more);
    expect(statements).toHaveLength(2);
    const list = statements.find(({ sql }) => sql.includes('LIMIT'));
    const plan: { 'QUERY PLAN': string }[] = await t.db.query(`EXPLAIN ${list?.sql}`, list?.holds);
    const lines = plan.map((line) => line['QUERY PLAN']).join('\n');
    for (const index of indexes) expect(lines).toContain(index);
    expect(lines).not.toContain('Seq Scan on event');
  });

  it('forgives a slip through the index of titles', async () => {
    const plan = await t.db.query(
      `EXPLAIN SELECT id FROM event WHERE search_words(title) %> search_words('kuberentes')`,
    );
    expect(JSON.stringify(plan)).toContain('ix_event_title');
  });

  it.each<[string, Variables, Variables]>([
    ['time', { tag: 't77' }, {}],
    ['distance', { near: { latitude: 10, longitude: 10, withinKm: 3000 } }, { sort: 'NEAREST' }],
    ['fit', { text: 'about', tag: 't78' }, { sort: 'BEST' }],
  ])('pages by %s show each event once, in one order', async (_, filter, more) => {
    const whole = await page(filter, { ...more, first: 100 });
    expect(whole.nodes.length).toBeGreaterThan(10);
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const next: Awaited<ReturnType<typeof page>> = await page(filter, { ...more, first: 7, after });
      expect(next.totalCount).toBe(whole.totalCount);
      seen.push(...next.nodes.map(({ slug }) => slug));
      after = next.pageInfo.hasNextPage ? next.pageInfo.endCursor : null;
    } while (after && seen.length < 100);
    expect(seen.slice(0, whole.nodes.length)).toEqual(whole.nodes.map(({ slug }) => slug).slice(0, seen.length));
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('does not open the pages of one sort with the marker of another', async () => {
    const { pageInfo } = await page({ text: 'meetup' }, { first: 1, sort: 'BEST' });
    await expect(page({ text: 'meetup' }, { first: 1, after: pageInfo.endCursor })).rejects.toThrow('page marker');
    const near = { ...LISBON, withinKm: 2000 };
    await expect(page({ text: 'meetup', near }, { after: pageInfo.endCursor, sort: 'NEAREST' })).rejects.toThrow(
      'page marker',
    );
    const forged = Buffer.from(JSON.stringify(['BEST', '1; DROP 2026-01-01', newId()])).toString('base64url');
    await expect(page({ text: 'meetup' }, { after: forged, sort: 'BEST' })).rejects.toThrow('page marker');
  });
});
