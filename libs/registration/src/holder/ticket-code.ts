import { randomBytes } from 'node:crypto';

/** Crockford's base 32: no I, L, O or U, so that a code can be read out at a loud door. */
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A new ticket code of 50 random bits: `7K2MX-Q9RTA`. */
export function newTicketCode(): string {
  const letters = Array.from(randomBytes(10), (byte) => LETTERS[byte & 31]).join('');
  return `${letters.slice(0, 5)}-${letters.slice(5)}`;
}

/** A typed code as it is stored: letters that look alike are taken for what they must be. */
export function readTicketCode(typed: string): string {
  const letters = typed.toUpperCase().replace(/[\s-]/g, '').replace(/[IL]/g, '1').replaceAll('O', '0');
  return letters.length === 10 ? `${letters.slice(0, 5)}-${letters.slice(5)}` : letters;
}

/** Bytes in these letters, five bits each; the last letter is filled up with zeros. */
export function lettersOf(bytes: Uint8Array): string {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? []).map((five) => LETTERS[parseInt(five.padEnd(5, '0'), 2)]).join('');
}

/** The bytes that `lettersOf` wrote. Letters that are none of ours count as zero: a signature over them fails. */
export function bytesOf(letters: string): Buffer {
  const bits = Array.from(letters, (letter) => Math.max(0, LETTERS.indexOf(letter)).toString(2).padStart(5, '0')).join(
    '',
  );
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
}
