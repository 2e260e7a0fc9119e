import { type ColumnState, guardedExtremes, momentsSummary, quantileOfBins } from '@flotta/algorithms'
import type { ColumnValue, EstimatorOf, GroupStatistic } from '@flotta/contract'

const QUARTILES = [0.25, 0.5, 0.75]

/** Figures of one feature, as far as the statistics ask for them; a feature that some site withheld has none. */
export function columnValue(column: ColumnState, statistics: readonly (GroupStatistic | EstimatorOf<'Describe'>)[]): ColumnValue {
  const { name, withheld, missing, present } = column
  const suppressed = withheld > 0
  const asked = statistics.filter(({ features }) => features.includes(name))
  return {
    name,
    suppressed,
    withheldAt: withheld,
    count: suppressed ? null : present,
    missing: suppressed ? null : missing,
    ...Object.assign({}, ...asked.map((statistic) => figuresOf(column, statistic, suppressed))),
  }
}

type Figures = Omit<Partial<ColumnValue>, 'name' | 'suppressed'>

function figuresOf(
  { moments, bins }: ColumnState,
  statistic: GroupStatistic | EstimatorOf<'Describe'>,
  suppressed: boolean,
): Figures {
  const of = suppressed || moments === null ? null : momentsSummary.value(moments)
  const extremes = suppressed || bins === null ? { minimum: null, maximum: null } : guardedExtremes(bins)
  const quantiles = (probabilities: readonly number[]) =>
    probabilities.map((probability) => quantileOfBins(suppressed ? [] : (bins ?? []), probability))
  switch (statistic.kind) {
    case 'Sum':
      return { sum: of ? of.sum : null }
    case 'Mean':
      return { mean: of ? of.mean : null }
    case 'Variance':
      return { variance: of ? of.variance : null, std: of ? of.std : null }
    case 'Missing':
      return {}
    case 'Extremes':
      return extremes
    case 'Quantiles':
      return { quantiles: quantiles(statistic.probabilities) }
    case 'Describe':
      return { mean: of ? of.mean : null, std: of ? of.std : null, ...extremes, quantiles: quantiles(QUARTILES) }
    default:
      return statistic satisfies never
  }
}
