import type { Category } from '../../labels/category.ts'
import type { CategoryCounts } from '../../summaries/category-counts.ts'
import { declaredCategories, type OneHotEncoder } from '../transformer.ts'
import { categoriesIn, type Kind } from './kind.ts'

/**
 * One column for each category; rare ones share a column.
 *
 * Rare are those below `minFrequency` or beyond `maxCategories`, and over the federation those that no site has enough records
 * of: their names never leave. A value that was never seen is an error, no column, or the rare column.
 */
export const oneHotEncoder: Kind<OneHotEncoder> = {
  accepts: () => ['numbers', 'texts'],
  needs: ({ categories }) => (categories === undefined ? 'categories' : null),
  expands: () => true,
  express: (transformer, feature, statistics) => {
    const { handleUnknown, drop } = transformer
    const declared = declaredCategories(transformer, feature)
    const { categories, infrequent } = declared
      ? { categories: declared, infrequent: false }
      : frequentCategories(transformer, categoriesIn(feature, statistics))
    const names = categories.map((category) => `${feature}_${category ?? 'missing'}`)
    if (infrequent) names.push(`${feature}_infrequent`)
    const dropsFirst = drop === 'first' || (drop === 'if_binary' && names.length === 2)
    return [
      {
        op: 'indicate',
        feature,
        categories,
        infrequent,
        names,
        dropped: dropsFirst ? 0 : null,
        unknown: handleUnknown === 'error' ? 'error' : 'ignore',
        on: 1,
        off: 0,
      },
    ]
  },
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
