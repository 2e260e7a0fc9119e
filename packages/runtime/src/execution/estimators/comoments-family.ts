import {
  comomentsSummary,
  mergePairTables,
  type PairState,
  type PairTableState,
  pairsOf,
  pairTableCodec,
  tellablePairs,
} from '@flotta/algorithms'
import { type Estimator, type EstimatorOf, FlottaError, type StatisticValue } from '@flotta/contract'
import { z } from 'zod'
import type { Family } from './family.ts'
import { countSchema, doubleDoubleSchema, momentsSchema } from './state-schemas.ts'

/** Fewest records for each feature: with as many features as records a matrix would tell the records. */
const RECORDS_PER_FEATURE = 3

const pairSchema = z.strictObject({
  withheld: countSchema,
  comoments: z.strictObject({ x: momentsSchema, y: momentsSchema, products: doubleDoubleSchema.nullable() }),
})

/** Estimators that follow from the joint moments of pairs of features. */
export const comomentsFamily: Family<PairTableState> = {
  state: z.strictObject({ sites: countSchema, records: countSchema, pairs: z.array(pairSchema) }),
  async summarise(estimator, records, { minimumCell }) {
    const asked = matrixEstimator(estimator)
    const { columns, rowCount } = await records.frame(asked.features)
    const scored = columns.map((column, index) => scoresOf(column, asked, index))
    const fewest = Math.max(minimumCell, RECORDS_PER_FEATURE * scored.length)
    const told = tellablePairs(scored, { fewest, minimum: minimumCell })
    const pairs = pairsOf(scored.length).map(([i, j], place): PairState => {
      const none = comomentsSummary.init()
      if (!told[place]) return { withheld: 1, comoments: none }
      return { withheld: 0, comoments: comomentsSummary.add(none, { x: scored[i]!, y: scored[j]! }) }
    })
    return { sites: 1, records: rowCount, pairs }
  },
  merge: mergePairTables,
  value(estimator, { pairs, records, sites }): StatisticValue {
    const { kind, features, ...method } = matrixEstimator(estimator)
    const places = new Map(pairsOf(features.length).map(([i, j], place) => [`${i} ${j}`, place]))
    const pairOf = (i: number, j: number) => pairs[places.get(`${Math.min(i, j)} ${Math.max(i, j)}`)!]!
    const figureOf = kind === 'Covariance' ? covarianceOf : correlationOf
    const matrix = {
      features: [...features],
      values: features.map((_, i) => features.map((__, j) => figureOf(pairOf(i, j)))),
      counts: features.map((_, i) => features.map((__, j) => countOf(pairOf(i, j)))),
      records,
      sites,
    }
    if (kind === 'Covariance') return { kind, ...matrix }
    // A feature is told to vary by its correlation with any other; where it varies, it has a correlation of one with itself.
    for (const [i, row] of matrix.values.entries()) if (row.some((value) => value !== null)) row[i] = 1
    return { kind, ...matrix, method: method.method ?? 'pearson' }
  },
  additive: (estimator) => pairTableCodec(pairsOf(matrixEstimator(estimator).features.length).length),
}

function covarianceOf({ withheld, comoments }: PairState): number | null {
  return withheld > 0 ? null : comomentsSummary.value(comoments).covariance
}

function correlationOf({ withheld, comoments }: PairState): number | null {
  return withheld > 0 ? null : comomentsSummary.value(comoments).correlation
}

function countOf({ withheld, comoments }: PairState): number | null {
  return withheld > 0 ? null : comoments.x.count
}

type MatrixEstimator = EstimatorOf<'Covariance'> | EstimatorOf<'Correlation'>

function matrixEstimator(estimator: Estimator): MatrixEstimator & { readonly method?: 'pearson' | 'spearman' } {
  if (estimator.kind !== 'Covariance' && estimator.kind !== 'Correlation')
    throw new FlottaError('invalid_artifact', `${estimator.kind} is not computed from pairs of features.`)
  return estimator
}

/** The values themselves, or for Spearman's correlation their ranks among the quantiles of the pooled table. */
function scoresOf(column: Float64Array, estimator: MatrixEstimator, index: number): Float64Array {
  if (estimator.kind !== 'Correlation' || estimator.method !== 'spearman') return column
  const quantiles = Float64Array.from(estimator.quantiles?.[index] ?? []).sort()
  if (quantiles.length === 0)
    throw new FlottaError('invalid_artifact', 'Spearman’s correlation needs the quantiles of each feature.')
  return column.map((value) =>
    Number.isNaN(value) ? value : (below(quantiles, value, false) + below(quantiles, value, true)) / 2,
  )
}

/** How many of the sorted values are smaller, or also equal. */
function below(sorted: Float64Array, value: number, orEqual: boolean): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (sorted[middle]! < value || (orEqual && sorted[middle] === value)) low = middle + 1
    else high = middle
  }
  return low
}
