import { type Distribution, quantileOf } from '../../summaries/distribution.ts'
import type { Expression } from '../expressions/expression.ts'
import { PreparationError } from '../preparation-error.ts'
import { type KBinsDiscretizer, ofFeature } from '../transformer.ts'
import { clusterCentres } from './k-means.ts'
import { distributionIn, type Kind } from './kind.ts'

/** Narrower bins are left out. */
const LEAST_WIDTH = 1e-8

/** The number of the bin that a value is in, or one column for each bin. */
export const kBinsDiscretizer: Kind<KBinsDiscretizer> = {
  accepts: () => ['numbers'],
  needs: () => 'distribution',
  expands: ({ encode }) => encode === 'onehot',
  express: (transformer, feature, statistics) => {
    const { nBins, strategy, encode } = transformer
    const wanted = typeof nBins === 'number' ? nBins : ofFeature(nBins, transformer, feature)
    if (wanted === undefined) throw new PreparationError(feature, 'has no number of bins')
    const edges = edgesOf(distributionIn(feature, statistics), wanted, strategy)
    const bin: Expression = { op: 'bin', feature, edges }
    return encode === 'ordinal' ? [bin] : [bin, indicateBins(feature, edges.length + 1)]
  },
}

/** The edges between bins; the outermost two are not needed. */
function edgesOf(distribution: Distribution, nBins: number, strategy: KBinsDiscretizer['strategy']): number[] {
  const { values } = distribution
  const [least, most] = [values[0], values[values.length - 1]]
  if (least === most) return []
  switch (strategy) {
    case 'uniform':
      return uniformEdges(least, most, nBins).slice(1, -1)
    case 'quantile': {
      const all = Array.from({ length: nBins + 1 }, (_, index) => quantileOf(distribution, index / nBins))
      return all.filter((edge, index) => index === 0 || edge - all[index - 1] > LEAST_WIDTH).slice(1, -1)
    }
    case 'kmeans': {
      const edges = uniformEdges(least, most, nBins)
      const start = edges.slice(1).map((edge, index) => (edge + edges[index]) / 2)
      const centres = clusterCentres(distribution, start)
      const between = centres.slice(1).map((centre, index) => (centre + centres[index]) / 2)
      const all = [least, ...between, most]
      return all.filter((edge, index) => index === 0 || edge - all[index - 1] > LEAST_WIDTH).slice(1, -1)
    }
    default:
      return strategy satisfies never
  }
}

function uniformEdges(least: number, most: number, bins: number): number[] {
  const step = (most - least) / bins
  return Array.from({ length: bins + 1 }, (_, index) => (index === bins ? most : least + index * step))
}

/** One column for each bin. A missing value is in none. */
function indicateBins(feature: string, bins: number): Expression {
  const categories = Array.from({ length: bins }, (_, bin) => bin)
  const names = categories.map((bin) => `${feature}_${bin}`)
  return { op: 'indicate', feature, categories, infrequent: false, names, dropped: null, unknown: 'ignore', on: 1, off: 0 }
}
