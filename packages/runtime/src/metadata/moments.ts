/** Number, mean and sample standard deviation of the finite values of a column. */
export interface Moments {
  readonly count: number
  readonly mean: number
  /** n - 1; 0 for a single value. */
  readonly std: number
  /** Where there are two different values, how many records have the rarer one: their mean and number tell it. */
  readonly rarest: number | undefined
}

/**
 * Two passes: the mean by a compensated sum (Neumaier 1974), the deviation with the correction for what the mean is off by (Chan,
 * Golub and LeVeque 1983). Where sums leave the range of doubles, the figures are not finite and are not to be published.
 *
 * @param values NaN stands for a missing value
 */
export function momentsOf(values: Float64Array): Moments {
  let count = 0
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  let sum = 0
  let compensation = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (Number.isNaN(value)) continue
    count++
    if (value < low) low = value
    if (value > high) high = value
    const next = sum + value
    compensation += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum
    sum = next
  }
  const mean = (sum + compensation) / count
  let atLow = 0
  let atHigh = 0
  let squares = 0
  let deviations = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (Number.isNaN(value)) continue
    if (value === low) atLow++
    else if (value === high) atHigh++
    const deviation = value - mean
    squares += deviation * deviation
    deviations += deviation
  }
  const variance = count > 1 ? Math.max(0, squares - (deviations * deviations) / count) / (count - 1) : 0
  const rarest = atHigh > 0 && atLow + atHigh === count ? Math.min(atLow, atHigh) : undefined
  return { count, mean, std: Math.sqrt(variance), rarest }
}
