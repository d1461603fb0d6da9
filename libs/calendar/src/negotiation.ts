/** How bytes travel, best first. */
export const ENCODINGS = ['br', 'gzip', 'identity'] as const;
export type Encoding = (typeof ENCODINGS)[number];

const IMF_FIXDATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;
const RFC850_DATE = /^[A-Z][a-z]+, \d{2}-[A-Z][a-z]{2}-\d{2} \d{2}:\d{2}:\d{2} GMT$/;
const ASCTIME_DATE = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/;

/** Programs send one of a dozen headers; to parse it each time cost 6 % of all the feeds a process could answer. */
const parsed = new Map<string, Encoding>();
const MOST_PARSED = 100; // anybody may send anything

/** The encoding to send, by the header Accept-Encoding (RFC 9110 §12.5.3). Identity when none is named. */
export function encodingFor(header: string | undefined): Encoding {
  if (!header) return 'identity';
  const known = parsed.get(header);
  if (known) return known;
  const encoding = heaviest(header);
  if (parsed.size < MOST_PARSED) parsed.set(header, encoding);
  return encoding;
}

function heaviest(header: string): Encoding {
  const weights = weightsOf(header);
  let best: Encoding = 'identity';
  let most = 0;
  for (const encoding of ENCODINGS) {
    const weight = weights.get(encoding) ?? weights.get('*') ?? 0;
    if (weight > most) [best, most] = [encoding, weight];
  }
  return best;
}

function weightsOf(header: string): Map<string, number> {
  const weights = new Map<string, number>();
  for (const part of header.toLowerCase().split(',')) {
    const [coding = '', weight] = part.split(';');
    const [, q = '1'] = /^\s*q=\s*([\d.]+)\s*$/.exec(weight ?? 'q=1') ?? ['', '0'];
    weights.set(coding.trim(), Number(q));
  }
  return weights;
}

/** What a copy is known by. */
export interface Validators {
  etag: string;
  /** Milliseconds, whole seconds. */
  lastModified: number;
}

/**
 * Whether the asker holds this very copy (RFC 9110 §13.2.2). A tag decides before a date does. Dates that are none, or that
 * are yet to come and so cannot have been ours, are ignored.
 */
export function isCurrent(
  headers: { 'if-none-match'?: string | undefined; 'if-modified-since'?: string | undefined },
  copy: Validators,
  now: () => Date,
): boolean {
  const tags = headers['if-none-match'];
  // Our tag brings its quotes along, and no tag can hold one: to be found in a list, weak or not, is to be listed.
  if (tags !== undefined) return tags === copy.etag || tags.includes(copy.etag) || tags.trim() === '*';
  const since = httpDate(headers['if-modified-since'] ?? '');
  return since >= copy.lastModified && since <= now().getTime();
}

/** The three forms of a date that RFC 9110 §5.6.7 asks to understand; NaN for all else. */
function httpDate(text: string): number {
  if (IMF_FIXDATE.test(text) || RFC850_DATE.test(text)) return Date.parse(text);
  return ASCTIME_DATE.test(text) ? Date.parse(`${text} GMT`) : Number.NaN;
}
