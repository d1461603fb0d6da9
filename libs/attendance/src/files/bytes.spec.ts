import { describe, expect, it } from '@jest/globals';
import { textOf } from './bytes.ts';

const TEXT = 'Name\tE-mail\r\nZoë Kowalska\tzoe@example.org\r\n田中 陽菜 🎉\t\r\n';

describe('the bytes of a file', () => {
  it.each([
    ['UTF-8', Buffer.from(TEXT)],
    ['UTF-8 with its mark', Buffer.from(`\ufeff${TEXT}`)],
    ['UTF-16', Buffer.from(`\ufeff${TEXT}`, 'utf16le')],
    ['UTF-16, big end first', Buffer.from(`\ufeff${TEXT}`, 'utf16le').swap16()],
    ['UTF-16 without its mark', Buffer.from(TEXT, 'utf16le')],
    ['UTF-16, big end first, without its mark', Buffer.from(TEXT, 'utf16le').swap16()],
  ])('are read as %s', async (_name, bytes) => {
    expect(await read(bytes)).toBe(TEXT);
    expect(await read(bytes, 1)).toBe(TEXT);
  });

  it.each([
    ['an empty file', Buffer.alloc(0), 'FILE_EMPTY', 'is empty'],
    ['an Excel workbook', Buffer.from('PK\u0003\u0004\u0014\u0000', 'latin1'), 'FILE_NOT_A_TABLE', 'save it as CSV'],
    ['an old Excel workbook', Buffer.from('d0cf11e0a1b11ae1', 'hex'), 'FILE_NOT_A_TABLE', 'save it as CSV'],
    ['a PDF', Buffer.from('%PDF-1.7'), 'FILE_NOT_A_TABLE', 'PDF'],
    ['a program', Buffer.from('a\0\0bcd\nef\0g'), 'FILE_NOT_A_TABLE', 'zero bytes'],
  ])('refuse %s', async (_name, bytes, code, words) => {
    await expect(read(bytes)).rejects.toMatchObject({ code, message: expect.stringContaining(words) });
  });

  it.each([1, 7, 4_096, 1_000_000])('name the line that is in another encoding, cut every %d bytes', async (size) => {
    const lines = Buffer.from('Zoë,1\n'.repeat(2_000));
    const bytes = Buffer.concat([lines, Buffer.from('Jos\xe9,2\n', 'latin1'), lines]);
    await expect(read(bytes, size)).rejects.toMatchObject({
      code: 'FILE_ENCODING',
      message: expect.stringContaining('Line 2001 '),
    });
  });

  it.each([1, 7, 1_000_000])('name the line of half a letter in UTF-16, cut every %d bytes', async (size) => {
    const lines = Buffer.from('\ufeff' + 'Zoë 🎉\r\n'.repeat(3_000), 'utf16le');
    const bytes = Buffer.concat([lines, Buffer.from([0x3d, 0xd8]), lines]);
    await expect(read(bytes, size)).rejects.toMatchObject({
      code: 'FILE_ENCODING',
      message: expect.stringContaining('Line 3001 '),
    });
  });

  it.each([
    ['UTF-8', Buffer.from('a\nZoë').subarray(0, -1)],
    ['UTF-16', Buffer.from('\ufeffa\nZoë', 'utf16le').subarray(0, -1)],
  ])('say that a file in %s was cut off', async (_name, bytes) => {
    await expect(read(bytes)).rejects.toMatchObject({
      code: 'FILE_ENCODING',
      message: expect.stringContaining('line 2. It was probably cut off'),
    });
  });

  it('refuse a line without an end as soon as it is too long', async () => {
    let sent = 0;
    async function* endless() {
      yield Buffer.from('Name\n');
      for (; sent < 10_000_000; sent += 10_000) yield Buffer.from('x'.repeat(10_000));
    }
    await expect(drained(textOf(endless()))).rejects.toMatchObject({
      code: 'LINE_TOO_LONG',
      message: expect.stringContaining('Line 2 '),
    });
    expect(sent).toBeLessThan(100_000);
  });

  it('refuse more than 50 MB', async () => {
    async function* large() {
      for (let megabyte = 0; megabyte <= 50; megabyte += 1) yield Buffer.alloc(1024 * 1024, 'Ada\n');
    }
    await expect(drained(textOf(large()))).rejects.toMatchObject({ code: 'FILE_TOO_LARGE' });
  });
});

async function read(bytes: Buffer, size = bytes.length): Promise<string> {
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }
  return drained(textOf(chunks()));
}

async function drained(texts: AsyncIterable<string>): Promise<string> {
  let all = '';
  for await (const text of texts) all += text;
  return all;
}
