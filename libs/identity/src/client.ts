import type { IncomingHttpHeaders } from 'node:http';
import { CLIENT_ADDRESS } from './auth.ts';

/** As much of a Fastify request as tells who sent it. */
export interface Client {
  headers: IncomingHttpHeaders;
  /** Address of the caller, as Fastify's `trustProxy` understands it. */
  ip: string;
}

/** The headers of a request as better-auth reads them; who called is what we know, not what the headers claim. */
export function clientHeaders({ headers, ip }: Client): Headers {
  const copy = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && !name.startsWith(':')) copy.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  copy.set(CLIENT_ADDRESS, ip);
  return copy;
}
