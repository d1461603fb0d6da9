import { DomainError } from '#kernel';
import { UnsupportedMediaTypeException } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import type { Readable } from 'node:stream';

/** What an upload says it is: a file, as browsers and programs call them, or decisions followed by a file. */
const FILE = /^(?:application\/(?:octet-stream|vnd\.ms-excel)|text\/(?:csv|tab-separated-values))\b/;
export const FILE_AND_DECISIONS = 'application/x-goodturn-attendance';
const TAKES_FILES = /\/attendance(?:\/preview)?$/;

/** Decisions about some ten thousand people. */
const LONGEST_LINE_BYTES = 4 * 1024 * 1024;
const LARGEST_FILE_BYTES = 50 * 1024 * 1024;
const NEWLINE = 0x0a;

/** Hands the body of an upload on as it arrives; whoever reads it says when it is too large. No other address takes files. */
export function takeUploads(server: Pick<FastifyInstance, 'addContentTypeParser'>): void {
  for (const type of [FILE, FILE_AND_DECISIONS])
    server.addContentTypeParser(type, (request, body, done) => {
      if (TAKES_FILES.test(request.routeOptions.url ?? '')) return done(null, body);
      return done(new UnsupportedMediaTypeException());
    });
}

/** The bytes of an upload, which is left open for whoever stops early. Refuses one that breaks off with `UPLOAD_BROKEN`. */
export async function* bytesOf(body: Readable): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of body.iterator({ destroyOnReturn: false })) yield chunk as Uint8Array;
  } catch {
    throw new DomainError('UPLOAD_BROKEN', 'The file did not arrive whole. Please send it once more.', 'file');
  }
}

/**
 * Passes over what is left of an upload, before it is answered: a connection that is cut while somebody sends tells them
 * nothing of why. Whoever goes on after twice what a file may have is cut.
 */
export async function passOver(body: Readable): Promise<void> {
  let left = 2 * LARGEST_FILE_BYTES;
  try {
    for await (const chunk of body.iterator({ destroyOnReturn: false })) {
      left -= (chunk as Uint8Array).length;
      if (left < 0) body.destroy();
    }
  } catch {
    // whoever sent it is gone
  }
}

/** What stands in the first line, in JSON, and the bytes behind it. */
export async function lineAndRest(
  bytes: AsyncGenerator<Uint8Array>,
): Promise<{ line: unknown; rest: AsyncGenerator<Uint8Array> }> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for (let next = await bytes.next(); !next.done; next = await bytes.next()) {
    const end = next.value.indexOf(NEWLINE);
    parts.push(end < 0 ? next.value : next.value.subarray(0, end));
    size += parts.at(-1)?.length ?? 0;
    if (size > LONGEST_LINE_BYTES) break;
    if (end >= 0) return { line: jsonIn(Buffer.concat(parts)), rest: behind(next.value.subarray(end + 1), bytes) };
  }
  throw noLine();
}

function jsonIn(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString('utf8')) as unknown;
  } catch {
    throw noLine();
  }
}

function noLine(): DomainError {
  return new DomainError(
    'DECISION',
    'The first line of this upload has to hold the decisions, a JSON array in one line, and the file comes behind it.',
    'decisions',
  );
}

async function* behind(first: Uint8Array, rest: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield first;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}
