import { compareCategories } from '../../labels/category.ts'
import type { CategoryCounts } from '../../summaries/category-counts.ts'
import { quantileOf } from '../../summaries/distribution.ts'
import type { ColumnStatistics } from '../column-statistics.ts'
import type { Expression } from '../expressions/expression.ts'
import type { SimpleImputer } from '../transformer.ts'
import { type ColumnType, categoriesIn, distributionIn, type Kind, momentsIn, tooFew } from './kind.ts'

/** Puts the mean, the median, the most frequent or a given value where one is missing. */
export const simpleImputer: Kind<SimpleImputer> = {
  accepts: (transformer) => typesFor(transformer).filter((type) => isOfType(transformer.missingValues, type)),
  before: (transformer, feature) => {
    const { missingValues: value } = transformer
    const blank: Expression[] = value === null ? [] : [{ op: 'blank', feature, value }]
    return [...blank, ...indicatorsOf(transformer, feature).map((name) => ({ op: 'mark', feature, name }) as const)]
  },
  adds: indicatorsOf,
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
  express: ({ strategy, fillValue, keepEmptyFeatures }, feature, statistics) => {
    const impute = (value: number | string) => [{ op: 'impute', feature, value } as const]
    if (keepEmptyFeatures && strategy !== 'constant' && isEmpty(statistics)) return impute(0)
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

function typesFor({ strategy, fillValue, keepEmptyFeatures }: SimpleImputer): readonly ColumnType[] {
  if (strategy === 'constant') return typeof fillValue === 'string' ? ['texts'] : ['numbers']
  return strategy === 'most_frequent' && !keepEmptyFeatures ? ['numbers', 'texts'] : ['numbers']
}

function isOfType(value: SimpleImputer['missingValues'], type: ColumnType): boolean {
  return value === null || (typeof value === 'number') === (type === 'numbers')
}

/** scikit-learn's name. */
function indicatorsOf({ addIndicator }: SimpleImputer, feature: string): string[] {
  return addIndicator ? [`missingindicator_${feature}`] : []
}

/** Whether no site has values enough to tell of. */
function isEmpty(statistics: ColumnStatistics | null): boolean {
  switch (statistics?.kind) {
    case undefined:
      return true
    case 'moments':
      return statistics.count === 0
    case 'distribution':
      return statistics.values.length === 0
    case 'categories':
      return !statistics.hasOthers && statistics.categories.every((category) => category === null)
    default:
      return statistics satisfies never
  }
}

/** Of equally frequent values the first in order. */
function mostFrequent(feature: string, { categories, counts }: CategoryCounts): number | string {
  const present = [...categories.keys()].filter((index) => categories[index] !== null)
  const [first] = present.sort((a, b) => counts[b] - counts[a] || compareCategories(categories[a], categories[b]))
  const value = first === undefined ? null : categories[first]
  if (value === null) throw tooFew(feature)
  return value
}
