import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { ENCODINGS, type Encoding, type Validators } from './negotiation.ts';

/** A feed in one encoding, ready to be sent: bytes, and both sets of headers made once, as name, value, name, value. */
export interface FeedCopy extends Validators {
  bytes: Buffer;
  found: string[];
  notModified: string[];
}

export interface FeedText {
  text: string;
  mediaType: 'text/calendar' | 'application/atom+xml';
  /** What the file is called when somebody saves it. */
  fileName: string;
  /** That of one person is kept from search engines, shared caches and the pages that its links lead to. */
  audience: 'everybody' | 'one person';
  /** See `Feed`. */
  topics: readonly string[] | null;
  lastModified: Date;
  expiresAt: Date;
}

/** Whoever has the address reads the feed: no search engine lists it, and no page that it links to is told. */
export const SECRET = ['X-Robots-Tag', 'noindex', 'Referrer-Policy', 'no-referrer'];

/** Headers and bookkeeping, beside the bytes. */
const OVERHEAD_BYTES = 2048;
/** Level 9 makes a feed of 100 events 5 % smaller and takes eight times as long, level 11 12 % and sixty times. */
const BROTLI_LEVEL = 6;

const compress: Record<Exclude<Encoding, 'identity'>, (bytes: Buffer) => Promise<Buffer>> = {
  gzip: (bytes) => promisify(gzip)(bytes, { level: 9 }),
  br: (bytes) => promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_LEVEL } }),
};

/** A feed as it is sent until something in it changes. Compressed once, when somebody first asks for that. */
export class RenderedFeed {
  /** Milliseconds. */
  readonly expiresAt: number;
  private readonly copies: Partial<Record<Encoding, FeedCopy>> = {};
  private readonly underway: Partial<Record<Encoding, Promise<FeedCopy>>> = {};
  private readonly plain: FeedCopy;

  constructor(private readonly feed: FeedText) {
    this.expiresAt = feed.expiresAt.getTime();
    this.plain = this.copyOf(Buffer.from(feed.text), 'identity');
    this.copies.identity = this.plain;
  }

  /** What it takes in memory. */
  get size(): number {
    return ENCODINGS.reduce((sum, encoding) => sum + (this.copies[encoding]?.bytes.length ?? 0), OVERHEAD_BYTES);
  }

  /** Whether a change of this group or person (`person:<id>`) may change the feed. */
  isAbout(topic: string): boolean {
    return this.feed.topics?.includes(topic) ?? !topic.startsWith('person:');
  }

  /** The copy in this encoding, when it is at hand. */
  copy(encoding: Encoding): FeedCopy | undefined {
    return this.copies[encoding];
  }

  /** The copy in this encoding, made now if nobody asked for it yet. */
  async encode(encoding: Encoding): Promise<FeedCopy> {
    if (encoding === 'identity') return this.plain;
    this.underway[encoding] ??= compress[encoding](this.plain.bytes).then((bytes) => this.copyOf(bytes, encoding));
    const copy = await this.underway[encoding];
    this.copies[encoding] = copy;
    return copy;
  }

  private copyOf(bytes: Buffer, encoding: Encoding): FeedCopy {
    const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 27)}"`;
    const lastModified = Math.floor(this.feed.lastModified.getTime() / 1000) * 1000;
    const personal = this.feed.audience === 'one person';
    const notModified = [
      ...['ETag', etag],
      ...['Last-Modified', new Date(lastModified).toUTCString()],
      ...['Cache-Control', `${personal ? 'private' : 'public'}, max-age=300`],
      ...['Vary', 'Accept-Encoding'],
      ...(personal ? SECRET : []),
    ];
    const found = [
      ...['Content-Type', `${this.feed.mediaType}; charset=utf-8`],
      ...['Content-Length', String(bytes.length)],
      ...(encoding === 'identity' ? [] : ['Content-Encoding', encoding]),
      ...['Content-Disposition', disposition(this.feed.fileName)],
      ...['X-Content-Type-Options', 'nosniff'],
      ...(personal ? [] : ['Access-Control-Allow-Origin', '*']), // public, and read by calendars that live in a browser
      ...notModified,
    ];
    return { bytes, etag, lastModified, found, notModified };
  }
}

/** RFC 6266: a name in ASCII for all, and the real one beside it when it has other letters. */
function disposition(name: string): string {
  const ascii = name.replace(/[^\w.-]+/g, '-');
  const real = encodeURIComponent(name).replace(/['()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16)}`);
  return `inline; filename="${ascii}"${ascii === name ? '' : `; filename*=UTF-8''${real}`}`;
}
