import { comomentsSummary, mergePairTables, type PairState, type PairTableState, pairTableCodec } from '@flotta/algorithms'
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
    const pairs = pairsOf(scored.length).map(([i, j]): PairState => {
      const comoments = comomentsSummary.add(comomentsSummary.init(), { x: scored[i]!, y: scored[j]! })
      return comoments.x.count >= fewest ? { withheld: 0, comoments } : { withheld: 1, comoments: comomentsSummary.init() }
    })
    return { sites: 1, records: rowCount, pairs }
  },
  merge: mergePairTables,
  value(estimator, { pairs, records, sites }): StatisticValue {
    const { kind, features, ...method } = matrixEstimator(estimator)
    const places = new Map(pairsOf(features.length).map(([i, j], place) => [`${i} ${j}`, place]))
    const read = <T>(figure: (pair: PairState) => T) =>
      features.map((_, i) => features.map((__, j) => figure(pairs[places.get(`${Math.min(i, j)} ${Math.max(i, j)}`)!]!)))
    const values = read(({ withheld, comoments }) => {
      if (withheld > 0) return null
      const { covariance, correlation } = comomentsSummary.value(comoments)
      return kind === 'Covariance' ? covariance : correlation
    })
    const counts = read(({ withheld, comoments }) => (withheld > 0 ? null : comoments.x.count))
    const matrix = { features: [...features], values, counts, records, sites }
    return kind === 'Covariance' ? { kind, ...matrix } : { kind, ...matrix, method: method.method ?? 'pearson' }
  },
  additive: (estimator) => pairTableCodec(pairsOf(matrixEstimator(estimator).features.length).length),
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

function pairsOf(features: number): [number, number][] {
  return Array.from({ length: features }, (_, i) => i).flatMap((i) =>
    Array.from({ length: features - i }, (_, offset): [number, number] => [i, i + offset]),
  )
}
