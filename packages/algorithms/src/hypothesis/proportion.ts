import { normalUpperQuantile } from '../distributions/normal.ts'

export interface Proportion {
  readonly proportion: number
  /** At 95 %, by Wilson's score (1927): it stays within 0 and 1, and holds for shares near them. */
  readonly interval: readonly [number, number]
}

/**
 * The ends are the roots of a quadratic equation; each is had from the other one of the two by their product, so that near 0 and 1
 * no digits cancel, and of none or all it is 0 or 1.
 *
 * @returns null without records
 */
export function proportionOf(successes: number, records: number): Proportion | null {
  if (records === 0) return null
  const failures = records - successes
  return {
    proportion: successes / records,
    interval: [lowerEnd(successes, failures), 1 - lowerEnd(failures, successes)],
  }
}

function lowerEnd(successes: number, failures: number): number {
  const z = normalUpperQuantile(0.025)
  const half = (z * z) / 2
  const upper = successes + half + z * Math.sqrt((successes * failures) / (successes + failures) + (z * z) / 4)
  return (successes / (successes + failures)) * (successes / upper)
}
