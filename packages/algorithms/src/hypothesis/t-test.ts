import { studentsT, studentsTUpperQuantile } from '../distributions/students-t.ts'
import { divide, subtract, toNumber } from '../numeric/double-double.ts'
import { type Moments, momentsSummary } from '../summaries/moments.ts'
import type { Untested } from './untested.ts'

export interface TTest {
  readonly statistic: number
  readonly degreesOfFreedom: number
  /** Two-sided. */
  readonly pValue: number
  /** Of the first group less that of the second. */
  readonly difference: number
  /** Of the difference, at 95 %. */
  readonly interval: readonly [number, number]
}

/**
 * Whether two groups have the same mean: Welch's test (unequal variances, Satterthwaite's degrees of freedom), or Student's.
 * The means are subtracted before they are rounded: of times in milliseconds all digits that differ may be the last ones.
 */
export function tTest(a: Moments, b: Moments, { equalVariances = false } = {}): TTest | Untested {
  const [first, second] = [momentsSummary.value(a), momentsSummary.value(b)]
  if (a.count < 2 || b.count < 2) return 'too_few_values'
  if (first.variance === null || second.variance === null) return 'too_large'
  const { error, degreesOfFreedom } = equalVariances
    ? pooled(a.count, first.variance, b.count, second.variance)
    : separate(a.count, first.variance, b.count, second.variance)
  if (!Number.isFinite(error)) return 'too_large'
  if (error === 0) return 'no_variance'
  const difference = toNumber(subtract(divide(a.sum, a.count), divide(b.sum, b.count)))
  const statistic = difference / error
  const pValue = Math.min(1, 2 * studentsT(Math.abs(statistic), degreesOfFreedom).upper)
  const reach = studentsTUpperQuantile(0.025, degreesOfFreedom) * error
  return { statistic, degreesOfFreedom, pValue, difference, interval: [difference - reach, difference + reach] }
}

function pooled(countA: number, varianceA: number, countB: number, varianceB: number) {
  const degreesOfFreedom = countA + countB - 2
  const variance = ((countA - 1) * varianceA + (countB - 1) * varianceB) / degreesOfFreedom
  return { error: Math.sqrt(variance * (1 / countA + 1 / countB)), degreesOfFreedom }
}

function separate(countA: number, varianceA: number, countB: number, varianceB: number) {
  const [a, b] = [varianceA / countA, varianceB / countB]
  // Of shares, since the squares of variances may be too large or too small for a double.
  const degreesOfFreedom = 1 / ((a / (a + b)) ** 2 / (countA - 1) + (b / (a + b)) ** 2 / (countB - 1))
  return { error: Math.sqrt(a + b), degreesOfFreedom }
}
