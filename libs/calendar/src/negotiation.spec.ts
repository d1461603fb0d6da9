import { describe, expect, it } from '@jest/globals';
import { encodingFor, isCurrent } from './negotiation.ts';

describe('the encoding of an answer', () => {
  it.each([
    [undefined, 'identity'],
    ['', 'identity'],
    ['gzip, deflate, br', 'br'],
    ['gzip, deflate', 'gzip'],
    ['GZIP', 'gzip'],
    ['deflate', 'identity'],
    ['*', 'br'],
    ['*;q=0', 'identity'],
    ['br;q=0, *', 'gzip'],
    ['br;q=0.5, gzip;q=0.8', 'gzip'],
    ['br; q=1.0, gzip;q=1', 'br'],
    ['gzip;q=0.5, identity', 'identity'],
    ['br;q=0,gzip;q=0.000', 'identity'],
    ['gzip;q=much', 'identity'],
    ['gzip;q=', 'identity'],
    [',;,', 'identity'],
  ])('for %j is %s', (header, encoding) => {
    expect(encodingFor(header)).toBe(encoding);
  });
});

describe('a copy', () => {
  const copy = { etag: '"abc"', lastModified: Date.parse('1994-11-06T08:49:37Z') };
  const now = (): Date => new Date('2026-03-01T12:00:00Z');

  it.each([
    ['"abc"', true],
    ['W/"abc"', true],
    ['"x", "abc" , "y"', true],
    ['"a,b", W/"abc"', true],
    ['*', true],
    [' * ', true],
    ['"abcd"', false],
    ['"xabc", "ab"', false],
    ['abc', false],
    ['"*"', false],
    ['', false],
  ])('is current for If-None-Match %s: %s', (tags, current) => {
    expect(isCurrent({ 'if-none-match': tags }, copy, now)).toBe(current);
  });

  it.each([
    ['Sun, 06 Nov 1994 08:49:37 GMT', true],
    ['Sunday, 06-Nov-94 08:49:37 GMT', true],
    ['Sun Nov  6 08:49:37 1994', true],
    ['Sun, 06 Nov 1994 08:49:36 GMT', false],
    ['Mon, 07 Nov 1994 00:00:00 GMT', true],
    ['Sun, 01 Mar 2026 12:00:01 GMT', false], // yet to come
    ['1994-11-06T08:49:37Z', false],
    ['yesterday', false],
    ['Sun, 99 Nov 1994 08:49:37 GMT', false],
    ['', false],
  ])('is current for If-Modified-Since %s: %s', (since, current) => {
    expect(isCurrent({ 'if-modified-since': since }, copy, now)).toBe(current);
  });

  it('is judged by its tag alone when a tag is given', () => {
    const since = 'Sun, 06 Nov 1994 08:49:37 GMT';
    expect(isCurrent({ 'if-none-match': '"old"', 'if-modified-since': since }, copy, now)).toBe(false);
    expect(isCurrent({ 'if-none-match': '"abc"', 'if-modified-since': 'yesterday' }, copy, now)).toBe(true);
  });

  it('is sent to somebody who asks for no condition', () => {
    expect(isCurrent({}, copy, now)).toBe(false);
  });
});
