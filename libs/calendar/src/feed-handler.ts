import { Clock } from '#kernel';
import { Injectable, Logger } from '@nestjs/common';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { feedAddressOf, type AnyAddress } from './feed-address.ts';
import { FeedCache } from './feed-cache.ts';
import { encodingFor, isCurrent } from './negotiation.ts';
import { SECRET, type FeedCopy } from './rendered-feed.ts';

const NOT_FOUND = 'There is no calendar at this address. It may have moved; please look on the page of the group.\n';
const UNAVAILABLE = 'We cannot read this calendar just now. Please try again in a minute.\n';
const NOT_ALLOWED = 'A calendar can only be read: GET or HEAD.\n';

const NOT_THERE = ['Cache-Control', 'public, max-age=60'];
/** The same whether a token was revoked, replaced or never given out. */
const NOT_YOURS = ['Cache-Control', 'private, max-age=60', ...SECRET];

/** Answers the feeds before any framework sees the request: thousands of programs poll them all day (rule C4). */
@Injectable()
export class FeedHandler {
  private readonly logger = new Logger(FeedHandler.name);

  constructor(
    private readonly feeds: FeedCache,
    private readonly clock: Clock,
  ) {}

  /** Takes the request over and returns true, or returns false when it does not ask for a feed. */
  handle(request: IncomingMessage, response: ServerResponse): boolean {
    const { url = '', method } = request;
    if (!url.startsWith('/calendar/') && !url.startsWith('/feeds/')) return false;
    const reads = method === 'GET' || method === 'HEAD';
    // Nearly all requests end here: the address as we wrote it, on a feed that did not change.
    const copy = reads ? this.feeds.kept(url)?.copy(encodingFor(request.headers['accept-encoding'])) : undefined;
    if (copy) {
      this.send(copy, request, response);
      return true;
    }
    const address = feedAddressOf(url);
    if (!address) return false;
    if (reads) void this.sendWhenRendered(address, request, response);
    else say(response, 405, NOT_ALLOWED, ['Allow', 'GET, HEAD']);
    return true;
  }

  private send(copy: FeedCopy, request: IncomingMessage, response: ServerResponse): void {
    if (isCurrent(request.headers, copy, () => this.clock.now())) {
      response.writeHead(304, copy.notModified);
      response.end();
    } else {
      response.writeHead(200, copy.found);
      response.end(copy.bytes); // Node leaves the body out of an answer to HEAD
    }
  }

  private async sendWhenRendered(
    address: AnyAddress,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    try {
      const feed = await this.feeds.get(address);
      if (!feed) return say(response, 404, NOT_FOUND, address.kind === 'me' ? NOT_YOURS : NOT_THERE);
      this.send(await this.feeds.encode(feed, encodingFor(request.headers['accept-encoding'])), request, response);
    } catch (error) {
      this.logger.error(error);
      if (!response.headersSent) say(response, 503, UNAVAILABLE, ['Retry-After', '60', 'Cache-Control', 'no-store']);
    }
  }
}

function say(response: ServerResponse, status: number, sentence: string, headers: string[]): void {
  response.writeHead(status, [
    ...headers,
    ...['Content-Type', 'text/plain; charset=utf-8'],
    ...['Content-Length', String(Buffer.byteLength(sentence))],
    ...['X-Content-Type-Options', 'nosniff'],
  ]);
  response.end(sentence);
}
