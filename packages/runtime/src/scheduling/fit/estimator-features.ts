import type { Estimator, GroupKey } from '@flotta/contract'

/** A feature that an estimator names; `place` is its path within the estimator. */
export interface EstimatorFeature {
  readonly name: string
  readonly place: string
  readonly numeric: boolean
}

/** Every feature that an estimator names, and whether it must be numeric. */
export function estimatorFeatures(estimator: Estimator): EstimatorFeature[] {
  switch (estimator.kind) {
    case 'Count':
      return []
    case 'Sum':
    case 'Mean':
    case 'Variance':
    case 'Extremes':
    case 'Quantiles':
    case 'Covariance':
    case 'Correlation':
      return named(estimator.features, true)
    case 'Missing':
    case 'Describe':
      return named(estimator.features, false)
    case 'ValueCounts':
    case 'Proportion':
      return [{ name: estimator.feature, place: 'feature', numeric: false }]
    case 'Histogram':
      return [{ name: estimator.feature, place: 'feature', numeric: true }]
    case 'GroupBy':
      return [
        ...estimator.keys.map((key, index) => ofKey(key, `keys[${index}]`)),
        ...estimator.statistics.flatMap((statistic, index) =>
          estimatorFeatures(statistic).map((use) => ({ ...use, place: `statistics[${index}].${use.place}` })),
        ),
      ]
    case 'Contingency':
      return [ofKey(estimator.rows, 'rows'), ofKey(estimator.columns, 'columns')]
    case 'TTest':
    case 'Anova':
      return [{ name: estimator.feature, place: 'feature', numeric: true }, ofKey(estimator.group, 'group')]
    case 'KaplanMeier':
      return [
        { name: estimator.time, place: 'time', numeric: true },
        { name: estimator.event, place: 'event', numeric: true },
        ...(estimator.group ? [ofKey(estimator.group, 'group')] : []),
      ]
    default:
      return estimator satisfies never
  }
}

function named(features: readonly string[], numeric: boolean): EstimatorFeature[] {
  return features.map((name) => ({ name, place: 'features', numeric }))
}

function ofKey(key: GroupKey, place: string): EstimatorFeature {
  return { name: key.feature, place: `${place}.feature`, numeric: 'edges' in key }
}
