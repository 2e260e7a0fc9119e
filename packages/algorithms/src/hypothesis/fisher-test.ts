import { hypergeometric } from '../distributions/hypergeometric.ts'

export interface FisherTest {
  /** Of the sample, ad / bc; null where it is 0 / 0, and infinite as null too. */
  readonly oddsRatio: number | null
  /** Two-sided: all tables with the same margins that are no more likely than this one. */
  readonly pValue: number
}

/** Most records of the smallest margin; a larger table has no need of an exact test. */
const MAX_MARGIN = 1e7

/**
 * Fisher's exact test of a 2 × 2 table.
 *
 * @returns null where the table is of another shape, or too large for an exact test
 */
export function fisherTest(counts: readonly (readonly number[])[]): FisherTest | null {
  if (counts.length !== 2 || counts.some((row) => row.length !== 2)) return null
  const [[a, b], [c, d]] = counts as readonly [readonly [number, number], readonly [number, number]]
  if (Math.min(a + b, a + c, b + d, c + d) > MAX_MARGIN) return null
  const { fewest, probabilities } = hypergeometric({ good: a + b, bad: c + d, drawn: a + c })
  // As scipy and R: what differs from this table's probability by rounding alone counts as equally likely.
  const limit = (probabilities[a - fewest] ?? 0) * (1 + 1e-7)
  const pValue = probabilities.reduce((sum, probability) => (probability <= limit ? sum + probability : sum), 0)
  const oddsRatio = (a * d) / (b * c)
  return { oddsRatio: Number.isFinite(oddsRatio) ? oddsRatio : null, pValue: Math.min(1, pValue) }
}
