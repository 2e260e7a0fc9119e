import { normalUpperQuantile } from '../distributions/normal.ts'
import type { SurvivalIntervals } from '../summaries/survival.ts'

export interface SurvivalPoint {
  readonly time: number
  /** Under observation and without the event up to the interval that ends here. */
  readonly atRisk: number
  readonly events: number
  readonly censored: number
  /** Share that has had no event by this time. */
  readonly survival: number
  /** Greenwood's; null where nobody is left. */
  readonly standardError: number | null
  /** At 95 %, on the log-log scale; null where survival is 0 or 1. */
  readonly interval: readonly [number, number] | null
}

/**
 * The product-limit estimate (Kaplan and Meier 1958) over the ends of the intervals: an event counts at the end of its interval, and
 * who is censored in an interval is at risk until its end.
 */
export function kaplanMeier(intervals: SurvivalIntervals, grid: readonly number[]): SurvivalPoint[] {
  let atRisk = intervals.reduce((sum, { events, censored }) => sum + events + censored, 0)
  let survival = 1
  let logSurvival = 0
  let greenwood = 0
  const z = normalUpperQuantile(0.025)
  return intervals.map(({ edge, events, censored }) => {
    if (atRisk > 0) {
      survival *= (atRisk - events) / atRisk
      logSurvival += Math.log1p(-events / atRisk)
      greenwood += events / (atRisk * (atRisk - events))
    }
    const point = {
      time: grid[edge],
      atRisk,
      events,
      censored,
      survival,
      standardError: Number.isFinite(greenwood) ? survival * Math.sqrt(greenwood) : null,
      interval: logLogInterval(logSurvival, greenwood, z),
    }
    atRisk -= events + censored
    return point
  })
}

/** The first time by which half of the group has had the event; null where that does not happen. */
export function medianSurvival(points: readonly SurvivalPoint[]): number | null {
  return points.find(({ survival }) => survival <= 0.5)?.time ?? null
}

/** @param logSurvival the sum of logarithms: that of a survival near 1, once rounded, has few digits */
function logLogInterval(logSurvival: number, greenwood: number, z: number): readonly [number, number] | null {
  if (!(logSurvival < 0 && logSurvival > Number.NEGATIVE_INFINITY)) return null
  const reach = (z * Math.sqrt(greenwood)) / logSurvival
  return [Math.exp(logSurvival * Math.exp(-reach)), Math.exp(logSurvival * Math.exp(reach))]
}
