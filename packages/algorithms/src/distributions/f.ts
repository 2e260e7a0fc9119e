import { incompleteBeta } from './incomplete-beta.ts'
import type { Tails } from './tail.ts'

/** The F distribution of a ratio of variances. */
export function fDistribution(f: number, numeratorDegrees: number, denominatorDegrees: number): Tails {
  if (f === Number.POSITIVE_INFINITY) return { lower: 1, upper: 0 }
  const scaled = numeratorDegrees * f
  const total = scaled + denominatorDegrees
  return incompleteBeta(numeratorDegrees / 2, denominatorDegrees / 2, scaled / total, denominatorDegrees / total)
}
