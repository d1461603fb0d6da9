import { createHmac, createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { lettersOf, bytesOf, readTicketCode } from './ticket-code.ts';

/** PKCS #8 of an Ed25519 key (RFC 8410 §7) up to its 32 bytes. */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');
const SCANNED = /^GT1-([0-9A-Z]{10})-([0-9A-Z]{103})$/;

/**
 * The signed text in a ticket's QR code: `GT1-<code>-<signature>`. 118 letters of QR's alphanumeric mode, so the code
 * stays coarse enough for an old phone on a dark evening. The signature (Ed25519, RFC 8032) is over
 * `goodturn-ticket:1:<event id>:<code>`; whoever has the event's public key can tell a true ticket from an invented one
 * without asking anybody. Nothing is stored: the event's key follows from our secret.
 */
export function signedTicket(secret: string, eventId: string, ticketCode: string): string {
  const code = ticketCode.replace('-', '');
  return `GT1-${code}-${lettersOf(sign(null, signedBytes(eventId, code), keyOf(secret, eventId)))}`;
}

/** The event's public key: 32 bytes, base64url, as `x` of a JSON Web Key (RFC 8037). */
export function ticketKeyOf(secret: string, eventId: string): string {
  return createPublicKey(keyOf(secret, eventId))
    .export({ type: 'spki', format: 'der' })
    .subarray(SPKI.length)
    .toString('base64url');
}

/** Whether the text is a ticket that the event of this key has signed. What became of it since, only we can tell. */
export function isSignedTicket(ticketKey: string, eventId: string, text: string): boolean {
  const [, code, letters] = SCANNED.exec(text.trim().toUpperCase()) ?? [];
  const raw = Buffer.from(ticketKey, 'base64url');
  if (!code || !letters || raw.length !== 32) return false;
  const key = createPublicKey({ key: Buffer.concat([SPKI, raw]), type: 'spki', format: 'der' });
  return verify(null, signedBytes(eventId, code), key, bytesOf(letters));
}

/** The ticket code in what was scanned or typed at the door. */
export function ticketCodeOf(scanned: string): string {
  const [, code] = SCANNED.exec(scanned.trim().toUpperCase()) ?? [];
  return readTicketCode(code ?? scanned);
}

function keyOf(secret: string, eventId: string): KeyObject {
  const seed = createHmac('sha256', secret).update(`ticket-key:${eventId}`).digest();
  return createPrivateKey({ key: Buffer.concat([PKCS8, seed]), type: 'pkcs8', format: 'der' });
}

function signedBytes(eventId: string, code: string): Buffer {
  return Buffer.from(`goodturn-ticket:1:${eventId}:${code}`);
}
