import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whether a form was sent from a page of ours. `Sec-Fetch-Site` decides where the browser tells it, else `Origin`. Both
 * are missing from old browsers and from programs, which hold no cookie to be misused. `Origin: null` is what our own
 * pages send, because their address is told to nobody (`Referrer-Policy: no-referrer`).
 */
export function isSameOrigin(headers: IncomingHttpHeaders, publicUrl: string): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  const { origin, host } = headers;
  if (origin === undefined || origin === 'null') return true;
  if (!URL.canParse(origin)) return false;
  return origin === new URL(publicUrl).origin || new URL(origin).host === host;
}
