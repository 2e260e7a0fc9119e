/** A sum of doubles as the unevaluated sum of two: about 32 significant digits. */
export interface CompensatedSum {
  readonly sum: number
  readonly compensation: number
}

/**
 * Adds the values for which `keep` holds to the sum (Neumaier 1974; each step is an error-free TwoSum, Knuth 1969).
 *
 * @param values each finite, and small enough that no partial sum overflows
 */
export function addAll(start: CompensatedSum, values: Float64Array, keep: (value: number) => boolean): CompensatedSum {
  let sum = start.sum
  let compensation = start.compensation
  for (const value of values) {
    if (!keep(value)) continue
    const next = sum + value
    const part = next - sum
    compensation += sum - (next - part) + (value - part)
    sum = next
  }
  return normalised(sum, compensation)
}

/** The sum of two compensated sums; any order or grouping agrees to a relative 1e-30 of the sum of magnitudes. */
export function addSums(a: CompensatedSum, b: CompensatedSum): CompensatedSum {
  const sum = a.sum + b.sum
  const part = sum - a.sum
  return normalised(sum, a.sum - (sum - part) + (b.sum - part) + a.compensation + b.compensation)
}

/** Moves into `sum` what the compensation has outgrown it by. */
function normalised(sum: number, compensation: number): CompensatedSum {
  const total = sum + compensation
  const part = total - sum
  return { sum: total, compensation: sum - (total - part) + (compensation - part) }
}
