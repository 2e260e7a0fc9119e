import { PreparationError } from '../preparation-error.ts'
import { declaredCategories, type OrdinalEncoder } from '../transformer.ts'
import { countsOf, type FrequentCategories, frequentCategories, leavesOut, presentCounts } from './frequent-categories.ts'
import { categoriesIn, type Kind } from './kind.ts'

/**
 * The place of a value among the sorted categories. Rare ones have one place together, the last: those below `minFrequency` or beyond
 * `maxCategories`, and over the federation those that no site has enough records of.
 */
export const ordinalEncoder: Kind<OrdinalEncoder> = {
  accepts: () => ['numbers', 'texts'],
  needs: (transformer) => (transformer.categories === undefined || leavesOut(transformer) ? 'categories' : null),
  expands: () => false,
  express: (transformer, feature, statistics) => {
    const { handleUnknown, unknownValue, encodedMissingValue } = transformer
    const declared = declaredCategories(transformer, feature)
    const { categories, infrequent }: FrequentCategories =
      declared && !leavesOut(transformer)
        ? { categories: declared, infrequent: false }
        : frequentCategories(transformer, presentCounts(countsOf(declared, categoriesIn(feature, statistics))))
    const codes = categories.length + Number(infrequent !== false)
    for (const code of [unknownValue, encodedMissingValue]) {
      if (code !== null && Number.isInteger(code) && code >= 0 && code < codes)
        throw new PreparationError(feature, `has a category of the code ${code}, which would stand for another thing too`)
    }
    return [
      {
        op: 'encode',
        feature,
        categories,
        infrequent,
        unknown: handleUnknown === 'error' ? 'error' : (unknownValue ?? 'missing'),
        missing: encodedMissingValue,
      },
    ]
  },
}
