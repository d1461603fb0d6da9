/**
 * What an update is to change: what was left out stays as it is, and null clears only what may be missing. GraphQL lets a
 * client send null for any optional field, also where the row needs a value.
 */
export function given<T extends object>(changes: T, clearable: ReadonlySet<string>): Partial<T> {
  return Object.fromEntries(
    Object.entries(changes).filter(([key, value]) => value !== undefined && (value !== null || clearable.has(key))),
  ) as Partial<T>;
}
