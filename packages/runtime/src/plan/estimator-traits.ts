import type { Estimator, EstimatorOf, GroupStatistic } from '@flotta/contract'

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

/** What an estimator is computed from, and how. */
interface Traits<E extends Estimator> {
  /** The summary that sites make: records by group, joint moments of pairs of features, or survival. */
  readonly summary: 'groups' | 'pairs' | 'survival'
  /** The statistic whose summary has places that depend on the records, so that it is no sum over places agreed before. */
  readonly notAdditive: (estimator: E) => string | undefined
  /** What a table of groups has to hold beside the numbers of records. */
  readonly columns: (estimator: E) => RequestedColumn[]
}

const additive = () => undefined
const never = ({ kind }: Estimator) => kind
const nothing = () => []
const sample = ({ feature: name }: { readonly feature: string }): RequestedColumn[] => [
  { name, moments: 'squares', bins: false, anyType: false },
]
const ofFeatures = { summary: 'groups', notAdditive: additive, columns: (own: GroupStatistic) => columnsOf([own]) } as const
const counts = { summary: 'groups', notAdditive: additive, columns: nothing } as const
const samples = { summary: 'groups', notAdditive: additive, columns: sample } as const
const pairs = { summary: 'pairs', notAdditive: additive, columns: nothing } as const

const traits: { readonly [Kind in Estimator['kind']]: Traits<EstimatorOf<Kind>> } = {
  Count: counts,
  Sum: ofFeatures,
  Mean: ofFeatures,
  Variance: ofFeatures,
  Missing: ofFeatures,
  Extremes: { ...ofFeatures, notAdditive: never },
  Quantiles: { ...ofFeatures, notAdditive: never },
  Describe: { ...ofFeatures, notAdditive: never },
  ValueCounts: counts,
  Histogram: counts,
  GroupBy: {
    summary: 'groups',
    notAdditive: ({ statistics }) => statistics.map((own) => traitsOf(own).notAdditive(own)).find((kind) => kind !== undefined),
    columns: ({ statistics }) => columnsOf(statistics),
  },
  Contingency: counts,
  TTest: samples,
  Anova: samples,
  Proportion: counts,
  Covariance: pairs,
  Correlation: pairs,
  KaplanMeier: { summary: 'survival', notAdditive: never, columns: nothing },
}

/** The compiler has checked that the table has an entry for each. */
export function traitsOf<E extends Estimator>(estimator: E): Traits<E> {
  return traits[estimator.kind] as unknown as Traits<E>
}

/** Each feature once, with all that is asked of it. */
function columnsOf(statistics: readonly GroupStatistic[]): RequestedColumn[] {
  const columns = new Map<string, RequestedColumn>()
  for (const { kind, features } of statistics) {
    for (const name of features) {
      const { moments, bins, anyType } = columns.get(name) ?? { moments: 'none', bins: false, anyType: true }
      columns.set(name, {
        name,
        anyType: anyType && (kind === 'Describe' || kind === 'Missing'),
        moments: more(moments, momentsFor(kind)),
        bins: bins || kind === 'Extremes' || kind === 'Quantiles' || kind === 'Describe',
      })
    }
  }
  return [...columns.values()]
}

function momentsFor(kind: GroupStatistic['kind']): WantedMoments {
  if (kind === 'Variance' || kind === 'Describe') return 'squares'
  return kind === 'Sum' || kind === 'Mean' ? 'sum' : 'none'
}

function more(a: WantedMoments, b: WantedMoments): WantedMoments {
  if (a === 'squares' || b === 'squares') return 'squares'
  return a === 'sum' ? a : b
}
