import { countMissing, valuesAtRanks } from '@flotta/algorithms'

/** In steps of a twentieth where there are values enough, else the quartiles; both hold the quartiles and the median. */
const STEPS = [20, 4] as const

/**
 * Quantiles that are nobody's value: each is the mean of the `minimumCell` values around its place, so each rests on that many
 * records, no two on the same, and none on the lowest or highest. Evenly spaced from the first step to the last but one.
 *
 * @param values NaN stands for a missing value
 * @param present how many are not missing, where that is known
 * @returns none where there are not enough values for the quartiles
 */
export function guardedQuantiles(
  values: Float64Array,
  minimumCell: number,
  present = values.length - countMissing(values),
): number[] | undefined {
  const width = Math.max(1, minimumCell)
  const steps = STEPS.find((candidate) => present >= candidate * (width + 1))
  if (steps === undefined) return undefined
  const ranges = Array.from({ length: steps - 1 }, (_, index) => {
    const from = Math.round(((index + 1) / steps) * (present - 1) - (width - 1) / 2)
    return { from, to: from + width }
  })
  return valuesAtRanks(values, ranges).map(meanOf)
}

/** Around the first value, so that equal values have exactly that mean. */
function meanOf(values: Float64Array): number {
  const [first = Number.NaN] = values
  return first + values.reduce((sum, value) => sum + (value - first), 0) / values.length
}
