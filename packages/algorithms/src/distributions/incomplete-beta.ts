import { continuedFraction } from './continued-fraction.ts'
import { deviance, stirlingRemainder } from './log-factorial.ts'

/**
 * Regularised incomplete beta functions Iₓ(a, b) and 1 − Iₓ(a, b), each without cancellation in its tail.
 *
 * @param x from 0 to 1
 * @param complement 1 − x, given apart because the difference would lose what is small
 */
export function incompleteBeta(
  a: number,
  b: number,
  x: number,
  complement = 1 - x,
): { readonly lower: number; readonly upper: number } {
  if (!(x > 0)) return { lower: 0, upper: 1 }
  if (!(complement > 0)) return { lower: 1, upper: 0 }
  const power = betaPower(a, b, x, complement)
  if (x * (a + b + 2) < a + 1) {
    const lower = power / a / fraction(a, b, x)
    return { lower, upper: 1 - lower }
  }
  const upper = power / b / fraction(b, a, complement)
  return { lower: 1 - upper, upper }
}

/** xᵃ (1 − x)ᵇ / B(a, b) by Loader's saddle point expansion (2000). */
function betaPower(a: number, b: number, x: number, complement: number): number {
  const n = a + b
  const exponent =
    stirlingRemainder(n) - stirlingRemainder(a) - stirlingRemainder(b) - deviance(a, n * x) - deviance(b, n * complement)
  return (Math.sqrt((a / n) * b) / Math.sqrt(2 * Math.PI)) * Math.exp(exponent)
}

/** The continued fraction 1 + d₁/(1 + d₂/(1 + …)) of DLMF 8.17.22. */
function fraction(a: number, b: number, x: number): number {
  return continuedFraction((n) => {
    if (n === 0) return [1, 1]
    const m = n >> 1
    const numerator = n % 2 === 0 ? m * (b - m) * x : -(a + m) * (a + b + m) * x
    return [numerator / ((a + n - 1) * (a + n)), 1]
  })
}
