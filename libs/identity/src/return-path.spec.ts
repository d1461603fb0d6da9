import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { returnPath } from './return-path.ts';

it('returns to a page of ours, with query and fragment', () => {
  expect(returnPath('/events/spring?seat=2#map')).toBe('/events/spring?seat=2#map');
});

it('returns to the front page when the wish leads elsewhere', () => {
  const elsewhere = [
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    '/a\\..\\..//evil.example',
    'javascript:alert(1)',
    'events',
    '',
    undefined,
    null,
    ['/events'],
    `/${'a'.repeat(600)}`,
  ];
  for (const wish of elsewhere) expect(returnPath(wish)).toBe('/');
});

it('never leads to another site, whatever the wish', () => {
  const ours = 'https://meetups.example';
  fc.assert(fc.property(fc.string(), (wish) => new URL(returnPath(`/${wish}`), ours).origin === ours));
});
