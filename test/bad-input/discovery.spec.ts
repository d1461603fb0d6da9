import { newId } from '#kernel';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { post } from '../support/graphql.ts';
import { testSystem, type TestSystem } from '../support/system.ts';

let t: TestSystem;
beforeAll(async () => {
  t = await testSystem();
});
afterAll(() => t.stop());

const EVENTS = `query($filter: EventFilter, $after: String, $sort: EventSort) {
  events(filter: $filter, after: $after, sort: $sort) { totalCount nodes { id } } }`;
const near = (changes: Record<string, number>) => ({
  near: { latitude: 38.7, longitude: -9.1, withinKm: 10, ...changes },
});

it.each<[string, Record<string, unknown>, string, RegExp]>([
  ['a distance of nothing', near({ withinKm: 0 }), 'near.withinKm', /0\.1 to 20,000/],
  ['a distance below nothing', near({ withinKm: -5 }), 'near.withinKm', /0\.1 to 20,000/],
  ['a distance further than the globe is round', near({ withinKm: 100_000 }), 'near.withinKm', /0\.1 to 20,000/],
  ['a latitude beyond the pole', near({ latitude: 91 }), 'near.latitude', /between -90 and 90/],
  ['a longitude beyond the date line', near({ longitude: 180.5 }), 'near.longitude', /between -180 and 180/],
  ['no word', { text: '' }, 'text', /a word to look for/],
  ['blanks', { text: '   ' }, 'text', /a word to look for/],
  ['signs only', { text: '?!* —' }, 'text', /a word to look for/],
  ['a novel', { text: 'word '.repeat(41) }, 'text', /up to 200 characters/],
  ['too many words', { text: 'a b c d e f g h i j k' }, 'text', /at most 10 words/],
  ['a language that is none', { language: 'Portuguese!' }, 'language', /such as en/],
])('a search refuses %s, in a sentence', async (_, filter, field, sentence) => {
  const { errors, data } = await post(t.url, EVENTS, { filter });
  expect(data ?? null).toBeNull();
  expect(errors).toEqual([
    expect.objectContaining({ message: expect.stringMatching(sentence), extensions: { code: 'INPUT', field } }),
  ]);
});

it.each([
  ['NEAREST', { text: 'maps' }, 'near'],
  ['BEST', near({}), 'text'],
])('a search refuses to be sorted by %s of nothing', async (sort, filter, field) => {
  const { errors } = await post(t.url, EVENTS, { filter, sort });
  expect(errors[0].extensions).toEqual({ code: 'SORT', field });
});

it.each([
  ['words', 'BEST', 'many 2026-03-01T12:00:00.000Z'],
  ['a day that is none', 'BEST', '1.5 2026-13-41T12:00:00.000Z'],
  ['a year before all time', 'BEST', '1.5 0000-01-01T00:00:00.000Z'],
  ['no end', 'BEST', `${'9'.repeat(400)} 2026-03-01T12:00:00.000Z`],
])('a search refuses a page marker that holds %s', async (_, sort, key) => {
  const after = Buffer.from(JSON.stringify([sort, key, newId()])).toString('base64url');
  const { errors } = await post(t.url, EVENTS, { filter: { text: 'maps' }, sort, after });
  expect(errors[0].extensions).toEqual({ code: 'CURSOR', field: 'after' });
});

it('a search takes null for what is left out', async () => {
  const filter = { text: null, language: null, near: null, tag: null, group: null, from: null, to: null, format: null };
  expect((await t.graphql(EVENTS, { filter, sort: null })).events).toEqual({ totalCount: 0, nodes: [] });
});

it('a search finds nothing, and breaks nothing, for words in any script and of any shape', async () => {
  for (const text of [
    "'",
    'a\\b',
    ':* & !',
    '½ ⑴ ﷺ',
    'نص',
    'हिन्दी',
    '👩🏽‍💻 x',
    '<->',
    '1e9 -0',
    'ｆｕｌｌ＇ｗｉｄｔｈ',
    '%',
    '_',
  ]) {
    const { errors } = await post(t.url, EVENTS, { filter: { text } });
    for (const error of errors ?? []) expect(error.extensions).toEqual({ code: 'INPUT', field: 'text' });
  }
});
