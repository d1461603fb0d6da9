import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { plainText } from './plain-text.ts';

it.each([
  ['# Agenda\n\nBring *a* **laptop**.', 'Agenda\n\nBring a laptop.'],
  ['* one\n+ two\n- three\n  * four', '- one\n- two\n- three\n  - four'],
  ['See [the map](https://x.test/a_b_c).', 'See the map (https://x.test/a_b_c).'],
  ['[https://x.test](https://x.test) <https://y.test>', 'https://x.test https://y.test'],
  ['![A full room](https://x.test/room.jpg) last time', 'A full room last time'],
  ['https://x.test/_one_/*two*', 'https://x.test/_one_/*two*'],
  ['snake_case_name and _this_ and __that__', 'snake_case_name and this and that'],
  ['2 * 3 * 4', '2 * 3 * 4'],
  ['\\*kept\\* \\_kept\\_', '*kept* _kept_'],
  ['Tea &amp; cake &lt;3 &#39;now&#39; &unknown;', "Tea & cake <3 'now' &unknown;"],
  ['> quoted\n\n---\n\n```sh\nls\n```', 'quoted\n\nls'],
  ['a<br>b <b>bold</b> 1 < 2', 'a\nb bold 1 < 2'],
  ['one\r\n\r\n\r\n\r\ntwo  ', 'one\n\ntwo'],
  ['', ''],
])('reads %j as %j', (markdown, text) => {
  expect(plainText(markdown)).toBe(text);
});

it('leaves words without marks as they are', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-zäß日0-9,.?']+( [a-zäß日0-9,.?']+)*$/), (text) => plainText(text) === text),
  );
});

it.each(['[', '[a](', '![', '**a', '_a ', '<a', '`', '\\', '&#1', '> ', '- - ', '* * ', ' ', '\n', '~', '<br '])(
  'is done soon with a hundred thousand times %j',
  (piece) => {
    const started = performance.now();
    for (const start of ['', 'x', '[a](', '[a](b ']) plainText(`${start}${piece.repeat(100_000)}x`);
    expect(performance.now() - started).toBeLessThan(2000);
  },
);
