import type { Category } from '../../labels/category.ts'
import { PreparationError } from '../preparation-error.ts'
import { declaredCategories, type OneHotEncoder, ofFeature } from '../transformer.ts'
import { countsOf, type FrequentCategories, frequentCategories, leavesOut } from './frequent-categories.ts'
import { categoriesIn, type Kind } from './kind.ts'

/**
 * One column for each category; rare ones share a column.
 *
 * Rare are those below `minFrequency` or beyond `maxCategories`, and over the federation those that no site has enough records
 * of: their names never leave, so that what was never seen is not told from them. Where all are named, it is an error, no column,
 * or the rare column.
 */
export const oneHotEncoder: Kind<OneHotEncoder> = {
  accepts: () => ['numbers', 'texts'],
  needs: (transformer) => (transformer.categories === undefined || leavesOut(transformer) ? 'categories' : null),
  expands: () => true,
  express: (transformer, feature, statistics) => {
    const declared = declaredCategories(transformer, feature)
    const { categories, infrequent }: FrequentCategories =
      declared && !leavesOut(transformer)
        ? { categories: declared, infrequent: false }
        : frequentCategories(transformer, countsOf(declared, categoriesIn(feature, statistics)))
    const names = categories.map((category) => `${feature}_${category ?? 'missing'}`)
    if (infrequent !== false) names.push(`${feature}_infrequent`)
    return [
      {
        op: 'indicate',
        feature,
        categories,
        infrequent: transformer.handleUnknown === 'infrequent_if_exist' ? infrequent !== false : infrequent,
        names,
        dropped: droppedOf(transformer, feature, categories, names),
        unknown: transformer.handleUnknown === 'error' ? 'error' : 'ignore',
        on: 1,
        off: 0,
      },
    ]
  },
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
