import { expect, it } from '@jest/globals';
import { scopesOf } from './api-key.service.ts';

it('reads the scopes of a key and leaves out what is not ours', () => {
  expect(scopesOf('{"goodturn":["impact","read","everything"],"other":["events"]}')).toEqual(['read', 'impact']);
});

it('gives a key without permissions no scope', () => {
  expect(scopesOf(null)).toEqual([]);
  expect(scopesOf('{}')).toEqual([]);
});
