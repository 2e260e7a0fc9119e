import type { Estimator, GroupKey } from './estimators.ts'

/** What an estimator groups records by, in the order of the keys of its groups. */
export function groupKeysOf(estimator: Estimator): readonly GroupKey[] {
  switch (estimator.kind) {
    case 'ValueCounts':
      return [{ feature: estimator.feature }]
    case 'Histogram':
      return [{ feature: estimator.feature, edges: estimator.edges }]
    case 'Proportion':
      return [{ feature: estimator.feature, equals: estimator.value }]
    case 'GroupBy':
      return estimator.keys
    case 'Contingency':
      return [estimator.rows, estimator.columns]
    case 'TTest':
    case 'Anova':
      return [estimator.group]
    case 'KaplanMeier':
      return estimator.group === undefined ? [] : [estimator.group]
    case 'Count':
    case 'Sum':
    case 'Mean':
    case 'Variance':
    case 'Missing':
    case 'Extremes':
    case 'Quantiles':
    case 'Describe':
    case 'Covariance':
    case 'Correlation':
      return []
    default:
      return estimator satisfies never
  }
}

/** The features among them whose groups are their values, as they are. */
export function keysByValue(estimator: Estimator): string[] {
  const keys = groupKeysOf(estimator).filter((key) => !('edges' in key) && !('equals' in key))
  return [...new Set(keys.map(({ feature }) => feature))]
}
