import { incompleteGamma } from './incomplete-gamma.ts'
import { solve } from './solve.ts'
import type { Tails } from './tail.ts'

/** The standard normal distribution. */
export function normal(x: number): Tails {
  const { lower: inner, upper: outer } = incompleteGamma(0.5, (x * x) / 2)
  const near = 0.5 + inner / 2
  return x < 0 ? { lower: outer / 2, upper: near } : { lower: near, upper: outer / 2 }
}

/** The value that is exceeded with this probability, which is above 0 and below 1. */
export function normalUpperQuantile(probability: number): number {
  if (probability > 0.5) return -normalUpperQuantile(1 - probability)
  return solve((x) => normal(x).upper, probability, 40)
}
