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
    return [
      {
        op: 'encode',
        feature,
        categories: known.categories.filter((category) => category !== null),
        infrequent: known.hasOthers,
        unknown: handleUnknown === 'error' ? 'error' : (unknownValue ?? 'missing'),
        missing: encodedMissingValue,
      },
    ]
  },
}
