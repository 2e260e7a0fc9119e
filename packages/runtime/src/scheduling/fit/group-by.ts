/** Items by a key of theirs, in the order in which each key is met first. */
export function groupBy<T>(items: readonly T[], key: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const own = key(item)
    groups.set(own, [...(groups.get(own) ?? []), item])
  }
  return [...groups.values()]
}
