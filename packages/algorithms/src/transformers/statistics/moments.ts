import { sumOf, toNumber } from '../../numeric/double-double.ts'
import { isMeasured } from '../../summaries/moments.ts'
import type { Guard } from './guard.ts'

/** Number, mean and spread of the measured values of a column. */
export interface Moments {
  readonly kind: 'moments'
  readonly count: number
  readonly mean: number
  /** Sum of squared deviations from the mean. */
  readonly m2: number
}

export const noMoments: Moments = { kind: 'moments', count: 0, mean: 0, m2: 0 }

/**
 * The moments of a column, in two passes; the second is corrected for the rounding of the mean (Chan, Golub, LeVeque 1983, eq. 1.7).
 *
 * Fewer values than the guard asks for are no values: none and some look alike.
 */
export function momentsOf(column: Float64Array, { minimumCell }: Guard): Moments {
  const values = column.filter(isMeasured)
  const count = values.length
  if (count < Math.max(1, minimumCell)) return noMoments
  const mean = toNumber(sumOf(values, () => true)) / count
  let squares = 0
  let rest = 0
  for (const value of values) {
    const deviation = value - mean
    squares += deviation * deviation
    rest += deviation
  }
  return { kind: 'moments', count, mean, m2: Math.max(0, squares - (rest * rest) / count) }
}

/** The moments of two columns laid on top of each other (Chan, Golub, LeVeque 1979). */
export function mergeMoments(a: Moments, b: Moments): Moments {
  if (a.count === 0) return b
  if (b.count === 0) return a
  const count = a.count + b.count
  const delta = b.mean - a.mean
  const mean = (a.mean * a.count + b.mean * b.count) / count
  return { kind: 'moments', count, mean, m2: a.m2 + b.m2 + delta * delta * (a.count / count) * b.count }
}
