import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { seal, unseal } from './seal.ts';

const secret = 'a secret of at least thirty-two characters';

it('opens what it sealed, whatever the text', () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => unseal(secret, seal(secret, text)) === text));
});

it('never writes the same text twice in the same way', () => {
  expect(seal(secret, 'token')).not.toBe(seal(secret, 'token'));
});

it('opens nothing with another secret', () => {
  expect(unseal(`${secret}!`, seal(secret, 'token'))).toBeNull();
});

it('notices every changed byte', () => {
  const bytes = Buffer.from(seal(secret, 'token'), 'base64url');
  for (const position of bytes.keys()) {
    const changed = Buffer.from(bytes);
    changed[position] = (changed[position] ?? 0) ^ 1;
    expect(unseal(secret, changed.toString('base64url'))).toBeNull();
  }
});

it('takes nonsense for what it is', () => {
  for (const nonsense of ['', 'abc', '%%%', 'A'.repeat(100)]) expect(unseal(secret, nonsense)).toBeNull();
});
