import { add, type DoubleDouble, divide, exactSum, multiply, subtract, toNumber, zero } from '../numeric/double-double.ts'
import { addSquares, betweenGroups, finiteOrNull, isMeasured, type Moments, momentsSummary } from './moments.ts'
import type { Summary } from './summary.ts'

/** Two columns over the records that have both values. */
export interface Comoments {
  readonly x: Moments
  readonly y: Moments
  /** Sum of products of the deviations from the means; null where it is too large for a double. */
  readonly products: DoubleDouble | null
}

export interface ComomentsValue {
  readonly count: number
  /** With n − 1, as pandas; null below two records. */
  readonly covariance: number | null
  /** Pearson's; null where a column is constant. */
  readonly correlation: number | null
}

export interface Pair {
  readonly x: Float64Array
  readonly y: Float64Array
}

/** Covariance and correlation of two columns, with pairwise deletion of missing values. */
export const comomentsSummary: Summary<Comoments, ComomentsValue, Pair> = {
  init: () => ({ x: momentsSummary.init(), y: momentsSummary.init(), products: zero }),
  add: (state, pair) => mergeComoments(state, comomentsOf(pair)),
  merge: mergeComoments,
  value: ({ x, y, products }) => ({
    count: x.count,
    covariance: x.count < 2 || products === null ? null : toNumber(products) / (x.count - 1),
    correlation: correlationOf(x, y, products),
  }),
}

function correlationOf(x: Moments, y: Moments, products: DoubleDouble | null): number | null {
  if (x.squares === null || y.squares === null || products === null) return null
  const scale = Math.sqrt(Math.max(0, toNumber(x.squares))) * Math.sqrt(Math.max(0, toNumber(y.squares)))
  return scale === 0 ? null : Math.max(-1, Math.min(1, toNumber(products) / scale))
}

function comomentsOf(pair: Pair): Comoments {
  const { x, y } = complete(pair)
  const momentsX = momentsSummary.add(momentsSummary.init(), x)
  const momentsY = momentsSummary.add(momentsSummary.init(), y)
  if (x.length === 0) return comomentsSummary.init()
  const meanX = divide(momentsX.sum, x.length)
  const meanY = divide(momentsY.sum, y.length)
  let total = zero
  for (let row = 0; row < x.length; row++) total = add(total, multiply(deviation(x[row], meanX), deviation(y[row], meanY)))
  return { x: momentsX, y: momentsY, products: finiteOrNull(total) }
}

function deviation(value: number, mean: DoubleDouble): DoubleDouble {
  const { high, low } = exactSum(value, -mean.high)
  return exactSum(high, low - mean.low)
}

function complete({ x, y }: Pair): Pair {
  const rows = x.map((value, row) => (isMeasured(value) && isMeasured(y[row]) ? 1 : 0))
  return { x: x.filter((_, row) => rows[row] === 1), y: y.filter((_, row) => rows[row] === 1) }
}

function mergeComoments(a: Comoments, b: Comoments): Comoments {
  if (a.x.count === 0) return b
  if (b.x.count === 0) return a
  const deltaX = subtract(divide(b.x.sum, b.x.count), divide(a.x.sum, a.x.count))
  const deltaY = subtract(divide(b.y.sum, b.y.count), divide(a.y.sum, a.y.count))
  return {
    x: momentsSummary.merge(a.x, b.x),
    y: momentsSummary.merge(a.y, b.y),
    products: addSquares(addSquares(a.products, b.products), betweenGroups(deltaX, deltaY, a.x.count, b.x.count)),
  }
}
