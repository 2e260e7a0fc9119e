import type { Category } from '../../labels/category.ts'
import { declaredCategories, type LabelBinarizer } from '../transformer.ts'
import { categoriesIn, type Kind, tooFew } from './kind.ts'

/**
 * One column for each category with `posLabel` where the value is it and `negLabel` elsewhere; two categories are one column, that
 * of the second. A value that was never seen has `negLabel` everywhere.
 */
export const labelBinarizer: Kind<LabelBinarizer> = {
  accepts: () => ['numbers', 'texts'],
  needs: ({ categories }) => (categories === undefined ? 'categories' : null),
  expands: () => true,
  express: (transformer, feature, statistics) => {
    const { negLabel, posLabel } = transformer
    const all = declaredCategories(transformer, feature) ?? categoriesIn(feature, statistics).categories
    const categories: readonly Category[] = all.filter((category) => category !== null)
    if (categories.length === 0) throw tooFew(feature)
    return [
      {
        op: 'indicate',
        feature,
        categories,
        infrequent: false,
        names: categories.map((category) => `${feature}_${category}`),
        dropped: categories.length === 2 ? 0 : null,
        unknown: 'ignore',
        // As scikit-learn: a single category is told from nothing.
        on: categories.length === 1 ? negLabel : posLabel,
        off: negLabel,
      },
    ]
  },
}
