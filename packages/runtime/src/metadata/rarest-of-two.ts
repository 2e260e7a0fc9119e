/**
 * How many records have the rarer one of the two values of a column; undefined where it has fewer or more different values.
 *
 * @param values NaN stands for a missing value
 */
export function rarestOfTwo(values: Float64Array): number | undefined {
  let one = Number.NaN
  let other = Number.NaN
  let ones = 0
  let others = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (Number.isNaN(value)) continue
    if (value === one) ones++
    else if (value === other) others++
    else if (ones === 0) [one, ones] = [value, 1]
    else if (others === 0) [other, others] = [value, 1]
    else return undefined
  }
  return others === 0 ? undefined : Math.min(ones, others)
}
