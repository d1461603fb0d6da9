import type { Type } from '@nestjs/common';
import { Field, Int, ObjectType } from '@nestjs/graphql';
import { DomainError } from './domain-error.ts';
import { isUuid } from './ids.ts';

const LARGEST_PAGE = 100;

@ObjectType({ description: 'Where a page stands in its list (Relay Cursor Connections).' })
class PageInfo {
  @Field({ description: 'Whether more follows after `endCursor`.' })
  hasNextPage: boolean;

  @Field(() => String, { nullable: true, description: 'Pass it as `after` to get the next page.' })
  endCursor: string | null;
}

/** One page of a list: what a connection's resolver returns. */
export interface Page<Node> {
  edges: { cursor: string; node: Node }[];
  nodes: Node[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
  /** Counted only when asked for. */
  readonly totalCount: Promise<number>;
}

/** The page made of `found`, which holds one row more than `size` when another page follows. */
export function pageOf<Node>(
  found: Node[],
  size: number,
  keyOf: (node: Node) => readonly string[],
  count: () => Promise<number>,
): Page<Node> {
  const nodes = found.slice(0, size);
  const edges = nodes.map((node) => ({ cursor: cursorOf(keyOf(node)), node }));
  return {
    edges,
    nodes,
    pageInfo: { hasNextPage: found.length > size, endCursor: edges.at(-1)?.cursor ?? null },
    get totalCount() {
      return count();
    },
  };
}

/** The Relay connection type of a node type: `class EventConnection extends connectionOf(Event) {}`. */
export function connectionOf<Node>(node: Type<Node>, name: string): Type<Page<Node>> {
  @ObjectType(`${name}Edge`)
  class Edge {
    @Field({ description: 'Opaque; pass it as `after`.' })
    cursor: string;

    @Field(() => node, { description: 'The entry itself.' })
    node: Node;
  }

  @ObjectType({ isAbstract: true })
  class Connection {
    @Field(() => [Edge], { description: 'The page, with a cursor for each entry.' })
    edges: Edge[];

    @Field(() => [node], { description: 'The nodes of `edges`, for those who need no cursors.' })
    nodes: Node[];

    @Field(() => PageInfo, { description: 'Where the page stands in the list.' })
    pageInfo: PageInfo;

    @Field(() => Int, { description: 'How many there are in all, whatever the page size. Costs one count.' })
    readonly totalCount: Promise<number>;
  }
  return Connection;
}

/** `first` as a connection takes it: 1 to 100, refused beyond rather than cut. */
export function pageSize(first: number | null | undefined): number {
  const size = first ?? 20;
  if (Number.isInteger(size) && size >= 1 && size <= LARGEST_PAGE) return size;
  throw new DomainError('PAGE_SIZE', `Please ask for 1 to ${LARGEST_PAGE} at a time.`, 'first');
}

/** An opaque cursor made of the sort key of a row. */
function cursorOf(parts: readonly string[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/** The sort key inside a cursor of a list in order of time: an instant (or a day) and an id. Refuses what we did not make. */
export function cursorParts(after: string): { at: string; id: string } {
  const [at, id, ...more] = partsOf(after);
  const fits = typeof at === 'string' && typeof id === 'string' && more.length === 0;
  if (fits && isUuid(id) && [at, `${at}T00:00:00.000Z`].some(isInstant)) return { at, id };
  throw notOurs();
}

/**
 * The sort key inside a cursor of a list that can be sorted in several ways: the name of its sort, then words or an
 * instant, and an id. Refuses what we did not make, and a cursor of another sort, which marks no place in this one.
 */
export function sortedCursorParts(
  after: string,
  sort: string,
  holds: 'instant' | 'words',
): { key: string; id: string } {
  const [of, key, id, ...more] = partsOf(after);
  const fits = of === sort && typeof key === 'string' && typeof id === 'string' && more.length === 0;
  if (fits && isUuid(id) && (holds === 'instant' ? isInstant(key) : isStorable(key))) return { key, id };
  throw notOurs();
}

function notOurs(): DomainError {
  return new DomainError(
    'CURSOR',
    'That page marker is not one of ours, or of another sort. Please start again without `after`.',
    'after',
  );
}

function partsOf(after: string): unknown[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(after, 'base64url').toString('utf8'));
    return Array.isArray(parts) ? parts : [];
  } catch {
    return [];
  }
}

function isInstant(text: string): boolean {
  const instant = new Date(text);
  // PostgreSQL knows no year 0, and reads years of more than four digits in its own way.
  return /^(?!0000)\d{4}-/.test(text) && !Number.isNaN(instant.getTime()) && instant.toISOString() === text;
}

/** PostgreSQL stores no NUL and no half of a surrogate pair. */
function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}
