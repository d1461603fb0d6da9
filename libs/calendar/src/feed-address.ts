/** What feeds there are, by the word in their address. */
export type FeedKind = 'groups' | 'series' | 'events' | 'tags' | 'site';

export interface FeedAddress {
  kind: FeedKind;
  /** Slug or tag; `site` for the site. */
  name: string;
}

const ADDRESS = /^\/calendar\/(?:(groups|series|events|tags)\/([^/?#]+)|(site))\.ics(?:\?|$)/;
const LONGEST_NAME = 200;

/**
 * Reads the target of a request: `/calendar/groups/<slug>.ics`, the same with `series`, `events` and `tags`, and
 * `/calendar/site.ics`. A query is ignored: some subscribers add one to get around caches. Null when it is no such address.
 */
export function feedAddressOf(target: string): FeedAddress | null {
  const [, kind, name, site] = ADDRESS.exec(target) ?? [];
  if (site) return { kind: 'site', name: site };
  if (!kind || !name) return null;
  const decoded = decode(name);
  if (decoded.length > LONGEST_NAME || /^$|\p{Cc}/u.test(decoded)) return null; // PostgreSQL refuses U+0000 as an error
  return { kind: kind as FeedKind, name: kind === 'tags' ? decoded.toLowerCase() : decoded };
}

/** The path as we write it ourselves: what people who ask for the same feed have in common. */
export function feedPath({ kind, name }: FeedAddress): string {
  return kind === 'site' ? '/calendar/site.ics' : `/calendar/${kind}/${encodeURIComponent(name)}.ics`;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return '';
    throw error;
  }
}
