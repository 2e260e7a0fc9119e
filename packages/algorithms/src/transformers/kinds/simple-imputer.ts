import { compareCategories } from '../../labels/category.ts'
import type { CategoryCounts } from '../../summaries/category-counts.ts'
import { quantileOf } from '../../summaries/distribution.ts'
import type { SimpleImputer } from '../transformer.ts'
import { categoriesIn, distributionIn, type Kind, momentsIn, tooFew } from './kind.ts'

/** Puts the mean, the median, the most frequent or a given value where one is missing. */
export const simpleImputer: Kind<SimpleImputer> = {
  accepts: ({ strategy, fillValue }) => {
    if (strategy === 'mean' || strategy === 'median') return ['numbers']
    if (strategy === 'most_frequent') return ['numbers', 'texts']
    return typeof fillValue === 'string' ? ['texts'] : ['numbers']
  },
  needs: ({ strategy }) => {
    switch (strategy) {
      case 'mean':
        return 'moments'
      case 'median':
        return 'distribution'
      case 'most_frequent':
        return 'categories'
      case 'constant':
        return null
      default:
        return strategy satisfies never
    }
  },
  expands: () => false,
  express: ({ strategy, fillValue }, feature, statistics) => {
    const impute = (value: number | string) => [{ op: 'impute', feature, value } as const]
    switch (strategy) {
      case 'mean':
        return impute(momentsIn(feature, statistics).mean)
      case 'median':
        return impute(quantileOf(distributionIn(feature, statistics), 0.5))
      case 'most_frequent':
        return impute(mostFrequent(feature, categoriesIn(feature, statistics)))
      case 'constant':
        return impute(fillValue ?? 0)
      default:
        return strategy satisfies never
    }
  },
}

/** Of equally frequent values the first in order. */
function mostFrequent(feature: string, { categories, counts }: CategoryCounts): number | string {
  const present = [...categories.keys()].filter((index) => categories[index] !== null)
  const [first] = present.sort((a, b) => counts[b] - counts[a] || compareCategories(categories[a], categories[b]))
  const value = first === undefined ? null : categories[first]
  if (value === null) throw tooFew(feature)
  return value
}
