import type { Random } from './random.ts'

/** Puts the items in a uniformly random order (Fisher and Yates) and returns the same array. */
export function shuffleInPlace<Items extends Int32Array | Float64Array | unknown[]>(items: Items, random: Random): Items {
  for (let last = items.length - 1; last > 0; last--) {
    const other = random.below(last + 1)
    const item = items[last]
    items[last] = items[other]
    items[other] = item
  }
  return items
}
