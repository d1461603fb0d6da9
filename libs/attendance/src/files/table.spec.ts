import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { rowsOf, type Row } from './table.ts';

describe('the rows of a file', () => {
  it.each(['\t', ',', ';'])('are cut where the headers say: %j', async (sign) => {
    const text = `Report; of, the call\nName${sign}Email\n"Ada${sign} Countess"${sign}ada@example.org\n`;
    expect((await read(text)).at(-1)).toEqual({ line: 3, cells: [`Ada${sign} Countess`, 'ada@example.org'] });
  });

  it('know their line, whatever was empty or went on over several lines before', async () => {
    const rows = await read(
      'Name,Email\r\n\r\n"Ada\r\nLovelace",a\n , \n"Grace ""Amazing"" Hopper",g\r\nLast "one" here,l',
    );
    expect(rows).toEqual([
      { line: 1, cells: ['Name', 'Email'] },
      { line: 3, cells: ['Ada\r\nLovelace', 'a'] },
      { line: 6, cells: ['Grace "Amazing" Hopper', 'g'] },
      { line: 7, cells: ['Last "one" here', 'l'] },
    ]);
  });

  it('come back as they were written', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', ';', '\n', '\t', ' ', '🎉'), maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 20 }), async (people) => {
        const quoted = (plain: string) => `"${plain.replaceAll('"', '""')}"`;
        const text = `Name,Email\r\n${people.map((cells) => cells.map(quoted).join(',')).join('\r\n')}\r\n`;
        const written = people.filter((cells) => cells.some((plain) => plain.trim() !== ''));
        expect((await read(text)).slice(1).map((row) => row.cells)).toEqual(written);
      }),
    );
  });

  it.each([
    ['a quotation mark that is never closed', 'Name,Email\n"Ada,a\nGrace,g\n', 'FILE_NOT_A_TABLE', 'never closed'],
    ['one that swallows half the file', `Name,Email\n"Ada,a\n${'Grace,g\n'.repeat(20_000)}`, 'LINE_TOO_LONG', 'Line '],
    ['ten thousand columns', `Name,Email\n${'a,'.repeat(10_000)}\n`, 'FILE_NOT_A_TABLE', 'Line 2 '],
    ['endless empty lines', `Name,Email\n${'\n'.repeat(300_001)}`, 'FILE_TOO_LONG', '300,000'],
  ])('refuse %s', async (_name, text, code, words) => {
    await expect(read(text)).rejects.toMatchObject({ code, message: expect.stringContaining(words) });
  });

  it('come a thousand at a time', async () => {
    const sizes: number[] = [];
    for await (const rows of rowsOf(texts('Ada\n'.repeat(2_500)), () => false)) sizes.push(rows.length);
    expect(sizes).toEqual([1_000, 1_000, 500]);
  });
});

async function read(text: string): Promise<Row[]> {
  const all: Row[] = [];
  for await (const rows of rowsOf(texts(text), (cell) => ['Name', 'Email'].includes(cell))) all.push(...rows);
  return all;
}

async function* texts(text: string): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += 1_000) yield text.slice(at, at + 1_000);
}
