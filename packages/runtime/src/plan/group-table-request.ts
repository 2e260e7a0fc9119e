import { type Estimator, FlottaError, type GroupKey, type GroupStatistic, groupKeysOf } from '@flotta/contract'

/** Moments of the values: none, their number and sum, or their squared deviations too. */
export type WantedMoments = 'none' | 'sum' | 'squares'

/** What a table of groups has to hold of a feature. */
export interface RequestedColumn {
  readonly name: string
  readonly moments: WantedMoments
  readonly bins: boolean
  /** Figures of numbers are wanted only if it holds numbers; else texts are refused. */
  readonly anyType: boolean
}

export interface GroupTableRequest {
  readonly keys: readonly GroupKey[]
  readonly columns: readonly RequestedColumn[]
}

/** The table of groups that an estimator is computed from. */
export function groupTableRequest(estimator: Estimator): GroupTableRequest {
  return { keys: groupKeysOf(estimator), columns: requestedColumns(estimator) }
}

function requestedColumns(estimator: Estimator): RequestedColumn[] {
  switch (estimator.kind) {
    case 'Sum':
    case 'Mean':
    case 'Variance':
    case 'Missing':
    case 'Extremes':
    case 'Quantiles':
    case 'Describe':
      return columnsOf([estimator])
    case 'GroupBy':
      return columnsOf(estimator.statistics)
    case 'TTest':
    case 'Anova':
      return [{ name: estimator.feature, moments: 'squares', bins: false, anyType: false }]
    case 'Count':
    case 'ValueCounts':
    case 'Histogram':
    case 'Proportion':
    case 'Contingency':
      return []
    case 'Covariance':
    case 'Correlation':
    case 'KaplanMeier':
      throw new FlottaError('invalid_artifact', `${estimator.kind} is not computed from a table of groups.`)
    default:
      return estimator satisfies never
  }
}

type ColumnStatistic = GroupStatistic | Extract<Estimator, { kind: 'Describe' }>

/** Each feature once, with all that is asked of it. */
function columnsOf(statistics: readonly ColumnStatistic[]): RequestedColumn[] {
  const columns = new Map<string, RequestedColumn>()
  for (const { kind, features } of statistics) {
    for (const name of features) {
      const { moments, bins } = columns.get(name) ?? { moments: 'none', bins: false }
      columns.set(name, {
        name,
        anyType: kind === 'Describe' || kind === 'Missing',
        moments: more(moments, momentsFor(kind)),
        bins: bins || kind === 'Extremes' || kind === 'Quantiles' || kind === 'Describe',
      })
    }
  }
  return [...columns.values()]
}

function momentsFor(kind: ColumnStatistic['kind']): WantedMoments {
  if (kind === 'Variance' || kind === 'Describe') return 'squares'
  return kind === 'Sum' || kind === 'Mean' ? 'sum' : 'none'
}

function more(a: WantedMoments, b: WantedMoments): WantedMoments {
  if (a === 'squares' || b === 'squares') return 'squares'
  return a === 'sum' ? a : b
}
