import { fDistribution } from '../distributions/f.ts'
import { toNumber } from '../numeric/double-double.ts'
import { addSquares, type Moments, momentsSummary } from '../summaries/moments.ts'

export interface Anova {
  readonly statistic: number
  readonly betweenDegrees: number
  readonly withinDegrees: number
  readonly pValue: number
}

/**
 * Whether several groups have the same mean: one-way analysis of variance.
 *
 * @returns null with fewer than two groups, without degrees of freedom within, and where no group varies
 */
export function anova(groups: readonly Moments[]): Anova | null {
  const all = groups.reduce(momentsSummary.merge, momentsSummary.init())
  const within = groups.map(({ squares }) => squares).reduce(addSquares, momentsSummary.init().squares)
  const betweenDegrees = groups.length - 1
  const withinDegrees = all.count - groups.length
  if (betweenDegrees < 1 || withinDegrees < 1 || all.squares === null || within === null) return null
  const between = addSquares(all.squares, { high: -within.high, low: -within.low })
  if (between === null || !(toNumber(within) > 0)) return null
  const statistic = Math.max(0, toNumber(between)) / betweenDegrees / (toNumber(within) / withinDegrees)
  return { statistic, betweenDegrees, withinDegrees, pValue: fDistribution(statistic, betweenDegrees, withinDegrees).upper }
}
