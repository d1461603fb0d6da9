import { createHmac, timingSafeEqual } from 'node:crypto';
import { isUuid } from './ids.ts';

/**
 * Secret links in mail (`/manage/<token>`, `/unsubscribe/<token>`), 256 bits: 16 bytes name the row, 16 bytes prove that
 * we made the link. Nothing is stored, so nothing can leak from the database; the worker can write the link again into
 * a later mail, which a stored hash could not. A row's `version` goes into the proof: raising it revokes old links.
 */
export function personalToken(secret: string, purpose: string, id: string, version: number): string {
  return Buffer.concat([Buffer.from(id.replaceAll('-', ''), 'hex'), proof(secret, purpose, id, version)]).toString(
    'base64url',
  );
}

/** The row that a token names, still to be proven with `isPersonalToken` once the row's version is known. */
export function rowOfToken(token: string): string | null {
  if (!/^[\w-]{43}$/.test(token)) return null;
  const hex = Buffer.from(token, 'base64url').subarray(0, 16).toString('hex');
  const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return isUuid(id) ? id : null;
}

/** Whether the token is ours for this row, purpose and version, compared in constant time. */
export function isPersonalToken(secret: string, purpose: string, id: string, version: number, token: string): boolean {
  const given = Buffer.from(token, 'base64url').subarray(16);
  const right = proof(secret, purpose, id, version);
  return given.length === right.length && timingSafeEqual(given, right);
}

function proof(secret: string, purpose: string, id: string, version: number): Buffer {
  return createHmac('sha256', secret).update(`${purpose}:${id}:${version}`).digest().subarray(0, 16);
}
