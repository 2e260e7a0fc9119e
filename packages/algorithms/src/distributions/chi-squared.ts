import { incompleteGamma } from './incomplete-gamma.ts'
import type { Tails } from './tail.ts'

/** The χ² distribution. */
export function chiSquared(x: number, degrees: number): Tails {
  return incompleteGamma(degrees / 2, x / 2)
}
