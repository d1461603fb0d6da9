import { createHash } from 'node:crypto';

/** What feeds there are, by the word in their address. */
export type FeedKind = 'groups' | 'series' | 'events' | 'tags' | 'site';

/** A feed for everybody. */
export interface FeedAddress {
  kind: FeedKind;
  /** Slug or tag; `site` for the site. */
  name: string;
  /** News of coming events for feed readers (RFC 4287); a calendar when left out. */
  format?: 'atom';
}

/** The feed of one person, found by what is stored of the secret in its address. */
export interface PersonalAddress {
  kind: 'me';
  /** SHA-256 of the token, in hex. */
  tokenHash: string;
}

export type AnyAddress = FeedAddress | PersonalAddress;

const CALENDAR = /^\/calendar\/(?:(groups|series|events|tags)\/([^/?#]+)|(site))\.ics(?:\?|$)/;
const ATOM = /^\/feeds\/(?:(groups|series|tags)\/([^/?#]+)|(site))\.atom(?:\?|$)/;
const PERSONAL = /^\/calendar\/me\/([^?#]*)/;
const LONGEST_NAME = 200;

/**
 * Reads the target of a request: `/calendar/groups/<slug>.ics`, the same with `series`, `events` and `tags`,
 * `/calendar/site.ics` and `/calendar/me/<token>.ics`; `/feeds/groups/<slug>.atom` and its like. A query is ignored: some
 * subscribers add one to get around caches. Null when it is no such address. Whatever stands in place of a token is hashed
 * and looked up, so that nothing tells a wrong one from one that never could have been right.
 */
export function feedAddressOf(target: string): AnyAddress | null {
  const [, token] = PERSONAL.exec(target) ?? [];
  if (token !== undefined) return { kind: 'me', tokenHash: tokenHashOf(token.replace(/\.ics$/, '')) };
  const atom = target.startsWith('/feeds/');
  const [, kind, name, site] = (atom ? ATOM : CALENDAR).exec(target) ?? [];
  const format = atom ? ({ format: 'atom' } as const) : {};
  if (site) return { kind: 'site', name: site, ...format };
  if (!kind || !name) return null;
  const decoded = decode(name);
  if (decoded.length > LONGEST_NAME || /^$|\p{Cc}/u.test(decoded)) return null; // PostgreSQL refuses U+0000 as an error
  return { kind: kind as FeedKind, name: kind === 'tags' ? decoded.toLowerCase() : decoded, ...format };
}

/** The path as we write it ourselves: what people who ask for the same feed have in common. */
export function feedPath({ kind, name, format }: FeedAddress): string {
  const feed = kind === 'site' ? 'site' : `${kind}/${encodeURIComponent(name)}`;
  return format === 'atom' ? `/feeds/${feed}.atom` : `/calendar/${feed}.ics`;
}

/** Under what a feed is kept in memory. That of a person is no path: nobody can ask for it by what is stored. */
export function feedKey(address: AnyAddress): string {
  return address.kind === 'me' ? `me ${address.tokenHash}` : feedPath(address);
}

/** What is stored of a token. It is random and long, so that a fast hash keeps it (and 256 bits cannot be guessed). */
export function tokenHashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return '';
    throw error;
  }
}
