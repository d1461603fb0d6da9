import { expect, it } from '@jest/globals';
import { canonicalLanguage, preferredLanguage } from './language.ts';

it('takes the language a browser names first', () => {
  expect(preferredLanguage('pt-br,pt;q=0.9,en;q=0.8')).toBe('pt-BR');
  expect(preferredLanguage('ar;q=1')).toBe('ar');
});

it('speaks English to whoever does not say', () => {
  for (const header of [undefined, null, '', '*', 'not a tag']) expect(preferredLanguage(header)).toBe('en');
});

it('writes language tags in one way', () => {
  expect(canonicalLanguage('zh-hant-tw')).toBe('zh-Hant-TW');
  expect(canonicalLanguage('')).toBeNull();
});
