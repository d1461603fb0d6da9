import DataLoader from 'dataloader';
import type { GraphqlContext } from './graphql-context.ts';

/**
 * The loader of this request for `key` (a function or class is a good key): many single look-ups in one answer become
 * one query. It lives as long as the request, so nobody sees another person's or an old row.
 */
export function loaderOf<Value>(
  context: GraphqlContext,
  key: unknown,
  load: (ids: readonly string[]) => Promise<Map<string, Value>>,
): DataLoader<string, Value | null> {
  const known = context.loaders.get(key) as DataLoader<string, Value | null> | undefined;
  if (known) return known;
  const loader = new DataLoader<string, Value | null>(async (ids) => {
    const found = await load(ids);
    return ids.map((id) => found.get(id) ?? null);
  });
  context.loaders.set(key, loader);
  return loader;
}
