import type { Estimator } from '@flotta/contract'
import { comomentsFamily } from './comoments-family.ts'
import type { Family, OfSites } from './family.ts'
import { groupTableFamily } from './group-table-family.ts'
import { survivalFamily } from './survival-family.ts'

/** What a family does, whatever its state is. */
export function withFamily<Result>(estimator: Estimator, use: <State extends OfSites>(family: Family<State>) => Result): Result {
  switch (estimator.kind) {
    case 'Covariance':
    case 'Correlation':
      return use(comomentsFamily)
    case 'KaplanMeier':
      return use(survivalFamily)
    case 'Count':
    case 'Sum':
    case 'Mean':
    case 'Variance':
    case 'Missing':
    case 'Extremes':
    case 'Quantiles':
    case 'Describe':
    case 'ValueCounts':
    case 'Histogram':
    case 'GroupBy':
    case 'Contingency':
    case 'TTest':
    case 'Anova':
    case 'Proportion':
      return use(groupTableFamily)
    default:
      return estimator satisfies never
  }
}
