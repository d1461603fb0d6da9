/** RFC 5545 §3.1: a line has at most 75 octets, its line break not counted. */
const LONGEST_LINE = 75;

/** A property with a TEXT value, or no line when nothing of the value remains. */
export function textLine(name: string, value: string): string[] {
  const escaped = text(value);
  return escaped === '' ? [] : [`${name}:${escaped}`];
}

/** What keeps a text from being written as it is. Most texts have none of it, and looking is cheaper than replacing. */
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const NEEDS_CARE = /[\\;,\u0000-\u001f\u007f-\u009f\u2028\u2029\ud800-\udfff]/;

/**
 * A TEXT value, RFC 5545 §3.3.11. Every line break that any program splits at becomes `\n` (Python splits at U+2028,
 * VT and NEL too), so that a name can never begin a property of its own; no other control character passes.
 */
export function text(value: string): string {
  if (!NEEDS_CARE.test(value)) return value.trim();
  return value
    .replace(/\r\n|[\r\v\f\u0085\u2028\u2029]/g, '\n')
    .replace(/\t/g, ' ')
    .replace(/(?!\n)\p{Cc}|\p{Cs}/gu, '')
    .trim()
    .replace(/[\\;,]/g, '\\$&')
    .replace(/\n/g, '\\n');
}

/** A URI value, RFC 5545 §3.3.13: never escaped, so `,` and `;` are percent-encoded for programs that unescape all. */
export function uri(value: string): string {
  return value.replace(/\p{Cc}|\p{Cs}/gu, '').replace(/[^\w!#$%&'()*+./:=?@~[\]-]/gu, encodeURIComponent);
}

/**
 * A quoted parameter value, RFC 5545 §3.2. A double quote cannot stand in it and becomes a single one: RFC 6868 has a way
 * to write it that Outlook does not read. A caret is doubled, since those who follow RFC 6868 would take it for its mark.
 */
export function quoted(value: string): string {
  const plain = value.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').replace(/\p{Cs}/gu, '');
  return `"${plain.trim().replaceAll('"', "'").replaceAll('^', '^^')}"`;
}

/** An e-mail address as a URI, RFC 6068 §2. */
export function mailto(email: string): string {
  return `mailto:${email.replace(/\p{Cc}|\p{Cs}|\s/gu, '').replace(/[^\w!$'*+.@~-]/gu, encodeURIComponent)}`;
}

/** Lines as they stand in the file. To be called for a few at a time: a list of 90,000 keeps the collector busy. */
export function written(lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${lines.map(fold).join('\r\n')}\r\n`;
}

/** Breaks a line where it must, never inside a character: half a character is not UTF-8 to a program that reads lines. */
function fold(line: string): string {
  const length = Buffer.byteLength(line);
  if (length <= LONGEST_LINE) return line;
  return length === line.length ? foldAscii(line) : foldUtf8(Buffer.from(line));
}

/** Where each character is one octet there is no need to look at any. */
function foldAscii(line: string): string {
  const pieces = [line.slice(0, LONGEST_LINE)];
  const room = LONGEST_LINE - 1; // the space that marks a continuation
  for (let start = LONGEST_LINE; start < line.length; start += room) pieces.push(line.slice(start, start + room));
  return pieces.join('\r\n ');
}

function foldUtf8(octets: Buffer): string {
  const pieces: string[] = [];
  let start = 0;
  let room = LONGEST_LINE;
  while (octets.length - start > room) {
    let end = start + room;
    while (isInsideCharacter(octets[end])) end--;
    pieces.push(octets.toString('utf8', start, end));
    start = end;
    room = LONGEST_LINE - 1;
  }
  return [...pieces, octets.toString('utf8', start)].join('\r\n ');
}

/** UTF-8 marks every octet but a character's first with the bits 10. */
function isInsideCharacter(octet = 0): boolean {
  return (octet & 0b1100_0000) === 0b1000_0000;
}

/** An instant in UTC, RFC 5545 §3.3.5. */
export function utc(instant: Date): string {
  const iso = instant.toISOString();
  const [date, time] = [iso.slice(0, 4) + iso.slice(5, 7) + iso.slice(8, 10), iso.slice(11, 13) + iso.slice(14, 16)];
  return `${date}T${time}${iso.slice(17, 19)}Z`;
}
