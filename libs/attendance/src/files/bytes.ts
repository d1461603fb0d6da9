import { TextDecoder } from 'node:util';
import { DomainError } from '#kernel';

const MAX_BYTES = 50 * 1024 * 1024;
const MAX_LINE = 64 * 1024;
const PIECE = 64 * 1024;
/** Enough to find zero bytes between letters; a table's signs and digits have them in every language. */
const FIRST_LOOK = 4_096;

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/**
 * The text of an uploaded file in small pieces, whatever of UTF-8 and UTF-16 it is written in. Throws `FILE_EMPTY`,
 * `FILE_TOO_LARGE`, `FILE_ENCODING`, `FILE_NOT_A_TABLE` or `LINE_TOO_LONG`.
 */
export async function* textOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let text: Decoding | null = null;
  for await (const piece of piecesOf(bytes)) {
    text ??= new Decoding(encodingOf(piece));
    yield text.read(piece);
  }
  if (!text) throw new DomainError('FILE_EMPTY', 'This file is empty. Please export the report again.', 'file');
  yield text.end();
}

/** Small pieces, so that a caller who hands over everything at once costs no more memory than one who streams. */
async function* piecesOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let first: Uint8Array | null = new Uint8Array(0);
  let size = 0;
  for await (const chunk of bytes) {
    size += chunk.length;
    if (size > MAX_BYTES) throw tooLarge();
    let whole = chunk;
    if (first) {
      first = Buffer.concat([first, chunk]);
      if (first.length < FIRST_LOOK) continue;
      whole = first;
      first = null;
    }
    for (let start = 0; start < whole.length; start += PIECE) yield whole.subarray(start, start + PIECE);
  }
  if (first && first.length > 0) yield first;
}

function tooLarge(): DomainError {
  return new DomainError(
    'FILE_TOO_LARGE',
    'This file is larger than 50 MB. Please split it and import the parts one after the other.',
    'file',
  );
}

function encodingOf(start: Uint8Array): Encoding {
  refuseOtherFormats(start);
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le';
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be';
  const zeros = [0, 0];
  const look = Math.min(start.length, FIRST_LOOK);
  for (let at = 0; at < look; at += 1) {
    if (start[at] === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1;
  }
  const [even = 0, odd = 0] = zeros;
  if (even === 0 && odd > 0) return 'utf-16le';
  if (odd === 0 && even > 0) return 'utf-16be';
  return 'utf-8';
}

function refuseOtherFormats(start: Uint8Array): void {
  const signature = Buffer.from(start.subarray(0, 8)).toString('latin1');
  if (signature.startsWith('PK\u0003\u0004') || signature.startsWith('\u00d0\u00cf\u0011\u00e0')) {
    throw new DomainError(
      'FILE_NOT_A_TABLE',
      'This looks like an Excel workbook. Please save it as CSV and choose that file.',
      'file',
    );
  }
  if (signature.startsWith('%PDF')) {
    throw new DomainError(
      'FILE_NOT_A_TABLE',
      'This looks like a PDF. Please export the report as CSV and choose that file.',
      'file',
    );
  }
}

/** Turns bytes into text and knows in which line it is, so that a refusal can name the place. */
class Decoding {
  private readonly decoder: TextDecoder;
  private line = 1;
  private lineLength = 0;
  private consumed = 0;
  /** The last bytes before the present piece: enough to bring another decoder into the state of ours. */
  private before: Uint8Array = new Uint8Array(0);

  constructor(private readonly encoding: Encoding) {
    this.decoder = new TextDecoder(encoding, { fatal: true });
  }

  read(piece: Uint8Array): string {
    const text = this.decoded(piece);
    this.consumed += piece.length;
    const kept = 4 + (this.consumed % 2); // whole UTF-16 units, and any UTF-8 character that is still open
    this.before = Buffer.concat([this.before, piece.subarray(-kept)]).subarray(-kept);
    this.follow(text);
    return text;
  }

  end(): string {
    try {
      return this.decoder.decode();
    } catch {
      throw new DomainError(
        'FILE_ENCODING',
        `This file ends in the middle of a letter, in line ${this.line}. It was probably cut off on its way; please export it again.`,
        'file',
      );
    }
  }

  private decoded(piece: Uint8Array): string {
    try {
      return this.decoder.decode(piece, { stream: true });
    } catch {
      const patient = new TextDecoder(this.encoding);
      patient.decode(this.before, { stream: true });
      const [readable = ''] = patient.decode(piece).split('\ufffd', 1);
      throw new DomainError(
        'FILE_ENCODING',
        `Line ${this.line + newlinesIn(readable)} of this file is not written in UTF-8 or UTF-16. Please save the file as "CSV UTF-8" and choose it again.`,
        'file',
      );
    }
  }

  /** Keeps count of lines; one without an end would otherwise be held in memory whole. */
  private follow(text: string): void {
    if (text.includes('\0')) {
      throw new DomainError(
        'FILE_NOT_A_TABLE',
        `This does not look like a text file: there are zero bytes in it, near line ${this.line}. Please export the report as CSV and choose that file.`,
        'file',
      );
    }
    let start = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      this.lengthen(end - start);
      this.line += 1;
      this.lineLength = 0;
      start = end + 1;
    }
    this.lengthen(text.length - start);
  }

  private lengthen(characters: number): void {
    this.lineLength += characters;
    if (this.lineLength > MAX_LINE) throw lineTooLong(this.line);
  }
}

/** The refusal of a line that no report would hold. */
export function lineTooLong(line: number): DomainError {
  return new DomainError(
    'LINE_TOO_LONG',
    `Line ${line} of this file is far longer than a line of an attendance report, or a quotation mark before it is never closed. Please export the report again.`,
    'file',
  );
}

function newlinesIn(text: string): number {
  return text.split('\n').length - 1;
}
