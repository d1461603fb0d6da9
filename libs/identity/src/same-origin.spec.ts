import { expect, it } from '@jest/globals';
import { isSameOrigin } from './same-origin.ts';

const ours = 'https://meetups.example';

it('takes a form from a page of ours', () => {
  expect(isSameOrigin({ 'sec-fetch-site': 'same-origin', origin: 'null' }, ours)).toBe(true);
  expect(isSameOrigin({ origin: ours }, ours)).toBe(true);
  expect(isSameOrigin({ origin: 'http://localhost:3000', host: 'localhost:3000' }, ours)).toBe(true);
});

it('takes a request of a program or an old browser, which tells nothing', () => {
  expect(isSameOrigin({}, ours)).toBe(true);
  expect(isSameOrigin({ origin: 'null' }, ours)).toBe(true);
});

it('refuses a form from another site, also from a neighbour under the same domain', () => {
  expect(isSameOrigin({ 'sec-fetch-site': 'cross-site', origin: 'null' }, ours)).toBe(false);
  expect(isSameOrigin({ 'sec-fetch-site': 'same-site', origin: 'https://blog.meetups.example' }, ours)).toBe(false);
  expect(isSameOrigin({ origin: 'https://evil.example', host: 'meetups.example' }, ours)).toBe(false);
  expect(isSameOrigin({ origin: 'nonsense' }, ours)).toBe(false);
});
