import { continuedFraction } from './continued-fraction.ts'
import { deviance, stirlingRemainder } from './log-factorial.ts'

/** Lower and upper regularised incomplete gamma functions P(a, x) and Q(a, x) = 1 − P, each without cancellation in its tail. */
export function incompleteGamma(a: number, x: number): { readonly lower: number; readonly upper: number } {
  if (!(x > 0)) return { lower: 0, upper: 1 }
  if (x === Number.POSITIVE_INFINITY) return { lower: 1, upper: 0 }
  if (x < a + 1) {
    const lower = (power(a, x) * series(a, x)) / a
    return { lower, upper: 1 - lower }
  }
  const upper = power(a, x) / continuedFraction((n) => (n === 0 ? [1, x + 1 - a] : [-n * (n - a), x + 2 * n + 1 - a]))
  return { lower: 1 - upper, upper }
}

/** xᵃ e⁻ˣ / Γ(a) = a · xᵃ e⁻ˣ / Γ(a + 1), by Loader's saddle point expansion (2000). */
function power(a: number, x: number): number {
  return (a * Math.exp(-stirlingRemainder(a) - deviance(a, x))) / Math.sqrt(2 * Math.PI * a)
}

/** Σ xᵏ / ((a + 1) … (a + k)) */
function series(a: number, x: number): number {
  let term = 1
  let sum = 1
  for (let k = 1; k < 100_000; k++) {
    term *= x / (a + k)
    sum += term
    if (term < sum * 1e-17) break
  }
  return sum
}
