import { type ColumnState, guardedExtremes, momentsSummary, quantileOfBins } from '@flotta/algorithms'
import type { ColumnValue, GroupStatistic } from '@flotta/contract'

const QUARTILES = [0.25, 0.5, 0.75]

/** Figures of one feature, as far as the statistics ask for them; a feature that some site withheld has none. */
export function columnValue(column: ColumnState, statistics: readonly GroupStatistic[]): ColumnValue {
  const { name, withheld, missing, present } = column
  const suppressed = withheld > 0
  const asked = statistics.filter(({ features }) => features.includes(name))
  const figures = asked.map((statistic) => figuresOf(column, statistic, suppressed))
  return {
    name,
    suppressed,
    withheldAt: withheld,
    count: suppressed ? null : present,
    missing: suppressed ? null : missing,
    ...Object.assign({}, ...figures),
    ...quantilesOf(figures),
  }
}

/** The quantiles that any of the statistics asks for, each once, ascending. */
function quantilesOf(figures: readonly Figures[]): Pick<Figures, 'quantiles'> {
  const all = figures.flatMap(({ quantiles }) => quantiles ?? [])
  if (all.length === 0) return {}
  const byProbability = new Map(all.map((quantile) => [quantile.probability, quantile]))
  return { quantiles: [...byProbability.values()].sort((a, b) => a.probability - b.probability) }
}

type Figures = Omit<Partial<ColumnValue>, 'name' | 'suppressed'>

function figuresOf({ moments, bins }: ColumnState, statistic: GroupStatistic, suppressed: boolean): Figures {
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
