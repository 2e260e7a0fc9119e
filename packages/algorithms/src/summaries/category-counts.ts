import { nameableGroups } from '../disclosure/nameable-groups.ts'
import type { Column } from '../frame/column.ts'
import { type Category, categoriesOf, compareCategories } from '../labels/category.ts'
import type { Guard } from './guard.ts'
import type { Summary } from './summary.ts'

/**
 * How often the values of a column occur.
 *
 * A guarded site names only categories that enough of its records have, and so many of them that those of all others are none or
 * enough together.
 */
export interface CategoryCounts {
  readonly kind: 'categories'
  /** In the order of `compareCategories`. */
  readonly categories: readonly Category[]
  readonly counts: readonly number[]
  /** Records with a category that is not named. */
  readonly others: number
  /** Whether a category is not named. */
  readonly hasOthers: boolean
}

export const noCategories: CategoryCounts = { kind: 'categories', categories: [], counts: [], others: 0, hasOthers: false }

/** The categories of a guarded site's columns. */
export function categoryCountsSummary(guard: Guard): Summary<CategoryCounts, CategoryCounts, Column> {
  return {
    init: () => noCategories,
    add: (state, column) => mergeCategoryCounts(state, categoryCountsOf(column, guard)),
    merge: mergeCategoryCounts,
    value: (state) => state,
  }
}

/** The categories of a column; a missing value is one too. Fewer records than the guard asks for are none. */
export function categoryCountsOf(column: Column, { minimumCell }: Guard): CategoryCounts {
  if (column.length < minimumCell) return noCategories
  const counts = new Map<Category, number>()
  for (const category of categoriesOf(column)) counts.set(category, (counts.get(category) ?? 0) + 1)
  const all = [...counts].sort(([a], [b]) => compareCategories(a, b))
  const sizes = all.map(([, count]) => count)
  const missing = all.findIndex(([category]) => category === null)
  const isNamed = nameableGroups({ shape: [all.length], counts: sizes, missingLevels: [missing] }, minimumCell)
  const named = all.filter((_, place) => isNamed[place])
  const others = column.length - named.reduce((sum, [, count]) => sum + count, 0)
  return {
    kind: 'categories',
    categories: named.map(([category]) => category),
    counts: named.map(([, count]) => count),
    others,
    hasOthers: others > 0,
  }
}

/** The categories of two columns laid on top of each other. */
export function mergeCategoryCounts(a: CategoryCounts, b: CategoryCounts): CategoryCounts {
  const counts = new Map(a.categories.map((category, index) => [category, a.counts[index]]))
  b.categories.forEach((category, index) => {
    counts.set(category, (counts.get(category) ?? 0) + b.counts[index])
  })
  const merged = [...counts].sort(([one], [other]) => compareCategories(one, other))
  return {
    kind: 'categories',
    categories: merged.map(([category]) => category),
    counts: merged.map(([, count]) => count),
    others: a.others + b.others,
    hasOthers: a.hasOthers || b.hasOthers,
  }
}
