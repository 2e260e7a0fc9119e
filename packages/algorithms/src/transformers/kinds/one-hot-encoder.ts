import type { Category } from '../../labels/category.ts'
import type { CategoryCounts } from '../../summaries/category-counts.ts'
import { PreparationError } from '../preparation-error.ts'
import { declaredCategories, type OneHotEncoder, ofFeature } from '../transformer.ts'
import { categoriesIn, type Kind } from './kind.ts'

/**
 * One column for each category; rare ones share a column.
 *
 * Rare are those below `minFrequency` or beyond `maxCategories`, and over the federation those that no site has enough records
 * of: their names never leave. A value that was never seen is an error, no column, or the rare column.
 */
export const oneHotEncoder: Kind<OneHotEncoder> = {
  accepts: () => ['numbers', 'texts'],
  needs: (transformer) => (transformer.categories === undefined || leavesOut(transformer) ? 'categories' : null),
  expands: () => true,
  express: (transformer, feature, statistics) => {
    const declared = declaredCategories(transformer, feature)
    const { categories, infrequent } =
      declared && !leavesOut(transformer)
        ? { categories: declared, infrequent: false }
        : frequentCategories(transformer, countsOf(declared, categoriesIn(feature, statistics)))
    const names = categories.map((category) => `${feature}_${category ?? 'missing'}`)
    if (infrequent) names.push(`${feature}_infrequent`)
    return [
      {
        op: 'indicate',
        feature,
        categories,
        infrequent,
        names,
        dropped: droppedOf(transformer, feature, categories, names),
        unknown: transformer.handleUnknown === 'error' ? 'error' : 'ignore',
        on: 1,
        off: 0,
      },
    ]
  },
}

/** Whether rare categories have no column of their own, so that counts are needed. */
function leavesOut({ minFrequency, maxCategories }: OneHotEncoder): boolean {
  return minFrequency !== null || maxCategories !== null
}

/** The place of the column that is left out; null for none. */
function droppedOf(
  transformer: OneHotEncoder,
  feature: string,
  categories: readonly Category[],
  names: readonly string[],
): number | null {
  const { drop } = transformer
  if (drop === null) return null
  if (drop === 'first') return 0
  if (drop === 'if_binary') return names.length === 2 ? 0 : null
  const place = categories.indexOf(ofFeature(drop, transformer, feature) ?? null)
  if (place < 0) throw new PreparationError(feature, 'has no column for the category that is to be dropped')
  return place
}

/** The counts of declared categories, or of all. One that no site names counts as none. */
function countsOf(declared: readonly Category[] | undefined, known: CategoryCounts): CategoryCounts {
  if (declared === undefined) return known
  const counts = declared.map((category) => known.counts[known.categories.indexOf(category)] ?? 0)
  const records = known.counts.reduce((sum, count) => sum + count, known.others)
  const others = records - counts.reduce((sum, count) => sum + count, 0)
  return { kind: 'categories', categories: declared, counts, others, hasOthers: false }
}

/** The categories that get a column of their own, and whether there are others. */
function frequentCategories(
  { minFrequency, maxCategories }: OneHotEncoder,
  { categories, counts, others, hasOthers }: CategoryCounts,
): { categories: readonly Category[]; infrequent: boolean } {
  const records = counts.reduce((sum, count) => sum + count, others)
  const least = minFrequency === null ? 0 : minFrequency < 1 ? minFrequency * records : minFrequency
  let frequent = [...categories.keys()].filter((index) => counts[index] >= least)
  if (maxCategories !== null && maxCategories < frequent.length + 1) {
    // As scikit-learn: the most frequent ones stay, of equally frequent ones the last.
    const byCount = [...frequent].sort((a, b) => counts[b] - counts[a] || b - a).slice(0, maxCategories - 1)
    frequent = byCount.sort((a, b) => a - b)
  }
  return {
    categories: frequent.map((index) => categories[index]),
    infrequent: hasOthers || frequent.length < categories.length,
  }
}
