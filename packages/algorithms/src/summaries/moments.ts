import { blocksOf } from '../numeric/blocks.ts'
import {
  add,
  type DoubleDouble,
  divide,
  exactProduct,
  exactSum,
  multiply,
  subtract,
  toNumber,
  zero,
} from '../numeric/double-double.ts'
import type { Summary } from './summary.ts'

/** Largest magnitude that counts as a measured value: 2⁵³ of them still have a finite sum. About 1e292. */
export const MAX_MAGNITUDE = 2 ** 970

/** Number, sum and squared deviations of the measured values so far. */
export interface Moments {
  readonly count: number
  readonly sum: DoubleDouble
  /** Sum of squared deviations from the mean; null where it is too large for a double. */
  readonly squares: DoubleDouble | null
}

export interface MomentsValue {
  readonly count: number
  readonly sum: number
  /** Null when no value was measured. */
  readonly mean: number | null
  /** With n − 1; null below two values, and where it is too large for a double. */
  readonly variance: number | null
  readonly std: number | null
}

/**
 * Count, sum, mean and variance of one column over its measured values; missing ones are left out.
 *
 * States are merged by the parallel formula of Chan, Golub and LeVeque (1979) in double-double, so that any order and grouping
 * agrees with the pooled column to a relative 1e-9 even where values and differences are sixteen orders of magnitude apart.
 */
export const momentsSummary: Summary<Moments, MomentsValue, Float64Array> = {
  init: () => ({ count: 0, sum: zero, squares: zero }),
  add: (state, values) => mergeMoments(state, momentsOf(values)),
  merge: mergeMoments,
  value: ({ count, sum, squares }) => {
    const variance = count < 2 || squares === null ? null : Math.max(0, toNumber(squares)) / (count - 1)
    return {
      count,
      sum: toNumber(sum),
      mean: count === 0 ? null : toNumber(divide(sum, count)),
      variance,
      std: variance === null ? null : Math.sqrt(variance),
    }
  },
}

/**
 * Moments from figures that somebody tells: as exact as those are.
 *
 * @param std with n − 1
 */
export function momentsFrom({
  count,
  mean,
  std,
}: {
  readonly count: number
  readonly mean: number
  readonly std: number
}): Moments {
  if (count === 0) return momentsSummary.init()
  return { count, sum: exactProduct(count, mean), squares: finiteOrNull({ high: std * std * (count - 1), low: 0 }) }
}

/** Whether a value is measured: neither NaN nor infinite nor larger than {@link MAX_MAGNITUDE}. */
export function isMeasured(value: number): boolean {
  return Math.abs(value) <= MAX_MAGNITUDE
}

/** The sum of two non-negative sums of squares, or of products; null is "too large". */
export function addSquares(a: DoubleDouble | null, b: DoubleDouble | null): DoubleDouble | null {
  if (a === null || b === null) return null
  return finiteOrNull(add(a, b))
}

/** What two groups' distance adds to their joint sum of products: δx · δy · nₐ · n_b / (nₐ + n_b). */
export function betweenGroups(deltaX: DoubleDouble, deltaY: DoubleDouble, countA: number, countB: number): DoubleDouble | null {
  if (!(Math.abs(deltaX.high) < 2 ** 990 && Math.abs(deltaY.high) < 2 ** 990)) return null
  const product = multiply(divide(deltaX, countA + countB), deltaY)
  return finiteOrNull(multiply(product, exactProduct(countA, countB)))
}

export function finiteOrNull(value: DoubleDouble): DoubleDouble | null {
  return Number.isFinite(value.high) ? value : null
}

/** Two passes: the mean, then the deviations from it. In both a compensated sum (Neumaier 1974) of each block, written out for the speed of it. */
function momentsOf(values: Float64Array): Moments {
  const { count, sum } = sumOfMeasured(values)
  return count === 0
    ? { count, sum: zero, squares: zero }
    : { count, sum, squares: squaredDeviations(values, divide(sum, count), count) }
}

interface MeasuredSum {
  readonly count: number
  readonly sum: DoubleDouble
}

function sumOfMeasured(values: Float64Array): MeasuredSum {
  let total: MeasuredSum = { count: 0, sum: zero }
  for (const block of blocksOf(values)) {
    const part = blockSum(block)
    total = { count: total.count + part.count, sum: add(total.sum, part.sum) }
  }
  return total
}

function blockSum(values: Float64Array): MeasuredSum {
  let count = 0
  let sum = 0
  let compensation = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (!(Math.abs(value) <= MAX_MAGNITUDE)) continue
    count++
    const next = sum + value
    const part = next - sum
    compensation += sum - (next - part) + (value - part)
    sum = next
  }
  return { count, sum: exactSum(sum, compensation) }
}

/** With the correction for what the mean, as it is used here, is off by (Chan, Golub and LeVeque 1983, eq. 1.7). */
function squaredDeviations(values: Float64Array, mean: DoubleDouble, count: number): DoubleDouble | null {
  let total: BlockDeviations = { squares: zero, sum: 0 }
  for (const block of blocksOf(values)) {
    const part = blockDeviations(block, mean)
    total = { squares: add(total.squares, part.squares), sum: total.sum + part.sum }
  }
  const squares = finiteOrNull(add(total.squares, { high: -(total.sum * total.sum) / count, low: 0 }))
  return squares !== null && squares.high < 0 ? zero : squares
}

interface BlockDeviations {
  readonly squares: DoubleDouble
  readonly sum: number
}

function blockDeviations(values: Float64Array, { high, low }: DoubleDouble): BlockDeviations {
  let sum = 0
  let compensation = 0
  let deviations = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (!(Math.abs(value) <= MAX_MAGNITUDE)) continue
    const deviation = value - high - low
    const square = deviation * deviation
    deviations += deviation
    const next = sum + square
    const part = next - sum
    compensation += sum - (next - part) + (square - part)
    sum = next
  }
  return { squares: exactSum(sum, compensation), sum: deviations }
}

function mergeMoments(a: Moments, b: Moments): Moments {
  if (a.count === 0) return b
  if (b.count === 0) return a
  const delta = subtract(divide(b.sum, b.count), divide(a.sum, a.count))
  return {
    count: a.count + b.count,
    sum: add(a.sum, b.sum),
    squares: addSquares(addSquares(a.squares, b.squares), betweenGroups(delta, delta, a.count, b.count)),
  }
}
