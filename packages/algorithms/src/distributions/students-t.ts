import { incompleteBeta } from './incomplete-beta.ts'
import { solve } from './solve.ts'
import type { Tails } from './tail.ts'

/** Student's t distribution; the degrees of freedom need not be whole. */
export function studentsT(t: number, degrees: number): Tails {
  const scale = degrees + t * t
  const tail = incompleteBeta(degrees / 2, 0.5, degrees / scale, (t * t) / scale)
  const outer = tail.lower / 2
  const inner = 0.5 + tail.upper / 2
  return t < 0 ? { lower: outer, upper: inner } : { lower: inner, upper: outer }
}

/** The value that is exceeded with this probability, which is above 0 and below 1. */
export function studentsTUpperQuantile(probability: number, degrees: number): number {
  if (probability > 0.5) return -studentsTUpperQuantile(1 - probability, degrees)
  return solve((t) => studentsT(t, degrees).upper, probability, 40)
}
