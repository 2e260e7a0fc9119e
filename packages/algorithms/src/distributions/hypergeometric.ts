/** An urn of `good` and `bad` balls, from which `drawn` are taken without putting back. */
export interface Urn {
  readonly good: number
  readonly bad: number
  readonly drawn: number
}

/**
 * Probabilities of each possible number of good balls, from `fewest` upwards.
 *
 * By the ratio of neighbours from the most likely number outwards, then made to sum to one: no factorial cancels another.
 */
export function hypergeometric({ good, bad, drawn }: Urn): { readonly fewest: number; readonly probabilities: Float64Array } {
  const fewest = Math.max(0, drawn - bad)
  const most = Math.min(good, drawn)
  const probabilities = new Float64Array(most - fewest + 1)
  const mode = Math.min(most, Math.max(fewest, Math.floor(((good + 1) * (drawn + 1)) / (good + bad + 2))))
  probabilities[mode - fewest] = 1
  for (let k = mode; k < most; k++)
    probabilities[k + 1 - fewest] = probabilities[k - fewest] * (((good - k) / (k + 1)) * ((drawn - k) / (bad - drawn + k + 1)))
  for (let k = mode; k > fewest; k--)
    probabilities[k - 1 - fewest] = probabilities[k - fewest] * ((k / (good - k + 1)) * ((bad - drawn + k) / (drawn - k + 1)))
  const total = probabilities.reduce((sum, probability) => sum + probability, 0)
  return { fewest, probabilities: probabilities.map((probability) => probability / total) }
}
