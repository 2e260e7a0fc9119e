import { PreparationError } from '../preparation-error.ts'
import { declaredCategories, type OrdinalEncoder } from '../transformer.ts'
import { categoriesIn, type Kind } from './kind.ts'

/**
 * The place of a value among the sorted categories. Over the federation, categories that no site has enough records of have one
 * place together, the last.
 */
export const ordinalEncoder: Kind<OrdinalEncoder> = {
  accepts: () => ['numbers', 'texts'],
  needs: ({ categories }) => (categories === undefined ? 'categories' : null),
  expands: () => false,
  express: (transformer, feature, statistics) => {
    const { handleUnknown, unknownValue, encodedMissingValue } = transformer
    const declared = declaredCategories(transformer, feature)
    const known = declared ? { categories: declared, hasOthers: false } : categoriesIn(feature, statistics)
    const categories = known.categories.filter((category) => category !== null)
    const codes = categories.length + Number(known.hasOthers)
    for (const code of [unknownValue, encodedMissingValue]) {
      if (code !== null && Number.isInteger(code) && code >= 0 && code < codes)
        throw new PreparationError(feature, `has a category of the code ${code}, which would stand for another thing too`)
    }
    return [
      {
        op: 'encode',
        feature,
        categories,
        infrequent: known.hasOthers,
        unknown: handleUnknown === 'error' ? 'error' : (unknownValue ?? 'missing'),
        missing: encodedMissingValue,
      },
    ]
  },
}
