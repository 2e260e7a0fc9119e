import type { Category } from '../../labels/category.ts'
import type { CategoryCounts } from '../../summaries/category-counts.ts'
import type { Infrequent } from '../expressions/expression.ts'
import type { Rarity } from '../transformer.ts'

/** The categories that have a place of their own, and what shares the one after them. */
export interface FrequentCategories {
  readonly categories: readonly Category[]
  readonly infrequent: Infrequent
}

/** Whether rare categories share a place, so that counts are needed. */
export function leavesOut({ minFrequency, maxCategories }: Rarity): boolean {
  return minFrequency !== null || maxCategories !== null
}

/** The counts of declared categories, or of all. One that no site names counts as none. */
export function countsOf(declared: readonly Category[] | undefined, known: CategoryCounts): CategoryCounts {
  if (declared === undefined) return known
  const counts = declared.map((category) => known.counts[known.categories.indexOf(category)] ?? 0)
  const others = recordsOf(known) - counts.reduce((sum, count) => sum + count, 0)
  return { kind: 'categories', categories: declared, counts, others, hasOthers: false }
}

/** The counts without that of missing values, which are among the others then. */
export function presentCounts(all: CategoryCounts): CategoryCounts {
  const places = [...all.categories.keys()].filter((place) => all.categories[place] !== null)
  const counts = places.map((place) => all.counts[place])
  const others = recordsOf(all) - counts.reduce((sum, count) => sum + count, 0)
  return { ...all, categories: places.map((place) => all.categories[place]), counts, others }
}

/** As scikit-learn tells the rare from the frequent; where a site does not name a category, all that is not frequent is rare. */
export function frequentCategories({ minFrequency, maxCategories }: Rarity, known: CategoryCounts): FrequentCategories {
  const { categories, counts, hasOthers } = known
  const least = minFrequency === null ? 0 : minFrequency < 1 ? minFrequency * recordsOf(known) : minFrequency
  let frequent = [...categories.keys()].filter((index) => counts[index] >= least)
  if (maxCategories !== null && maxCategories < frequent.length + 1) {
    // As scikit-learn, which counts a place for infrequent ones where there are none: the most frequent ones stay, of equally frequent ones the last.
    const byCount = [...frequent].sort((a, b) => counts[b] - counts[a] || b - a).slice(0, maxCategories - 1)
    frequent = byCount.sort((a, b) => a - b)
  }
  const rare = categories.filter((_, index) => !frequent.includes(index))
  return { categories: frequent.map((index) => categories[index]), infrequent: hasOthers || (rare.length > 0 && rare) }
}

function recordsOf({ counts, others }: CategoryCounts): number {
  return counts.reduce((sum, count) => sum + count, others)
}
