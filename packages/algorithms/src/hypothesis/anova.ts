import { fDistribution } from '../distributions/f.ts'
import { toNumber } from '../numeric/double-double.ts'
import { addSquares, type Moments, momentsSummary } from '../summaries/moments.ts'
import type { Untested } from './untested.ts'

export interface Anova {
  readonly statistic: number
  readonly betweenDegrees: number
  readonly withinDegrees: number
  readonly pValue: number
}

/** Whether several groups have the same mean: one-way analysis of variance. */
export function anova(groups: readonly Moments[]): Anova | Untested {
  const all = groups.reduce(momentsSummary.merge, momentsSummary.init())
  const within = groups.map(({ squares }) => squares).reduce(addSquares, momentsSummary.init().squares)
  const betweenDegrees = groups.length - 1
  const withinDegrees = all.count - groups.length
  if (betweenDegrees < 1) return 'group_count'
  if (withinDegrees < 1) return 'too_few_values'
  if (all.squares === null || within === null) return 'too_large'
  const between = addSquares(all.squares, { high: -within.high, low: -within.low })
  if (between === null) return 'too_large'
  if (!(toNumber(within) > 0)) return 'no_variance'
  const statistic = Math.max(0, toNumber(between)) / betweenDegrees / (toNumber(within) / withinDegrees)
  return { statistic, betweenDegrees, withinDegrees, pValue: fDistribution(statistic, betweenDegrees, withinDegrees).upper }
}
