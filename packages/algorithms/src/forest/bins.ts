import type { Frame } from '../frame/frame.ts'

/** The bin of missing values, below all others. */
export const MISSING_BIN = 0

/** Bins of numbers, 1 to 255, so that a bin fits a byte. 64 were measured to be too coarse. */
const MAX_NUMBER_BINS = 255

/** A column as small integers that keep its order. */
export interface BinnedColumn {
  /** Per row. */
  readonly bins: Uint8Array
  /** Per bin: its smallest value. Bin 0 has none. */
  readonly lowest: Float64Array
  /** Per bin: its largest value. Bin 0 has none. */
  readonly highest: Float64Array
}

/**
 * Bins each column: one bin per distinct value while they are few, quantiles of equal size otherwise.
 *
 * @throws {RangeError} when a value is infinite
 */
export function binFrame(frame: Frame): BinnedColumn[] {
  return frame.columns.map((column, index) => {
    for (const value of column) {
      if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY) {
        throw new RangeError(`column ${JSON.stringify(frame.names[index])} holds an infinite value`)
      }
    }
    return binColumn(column)
  })
}

function binColumn(column: Float64Array): BinnedColumn {
  const { lowest, highest } = quantileBins(column.filter((value) => !Number.isNaN(value)).sort())
  const bins = new Uint8Array(column.length)
  for (let row = 0; row < column.length; row++) bins[row] = binOf(column[row], highest)
  return { bins, lowest, highest }
}

/** The first bin whose largest value is not below the value; NaN compares false everywhere and is told apart first. */
function binOf(value: number, highest: Float64Array): number {
  if (Number.isNaN(value)) return MISSING_BIN
  let low = 1
  let high = highest.length - 1
  while (low < high) {
    const middle = (low + high) >>> 1
    if (highest[middle] < value) low = middle + 1
    else high = middle
  }
  return low
}

/** Closes a bin when it holds its part of the rows that are left, or when every value left can have a bin of its own. */
function quantileBins(sorted: Float64Array): { lowest: Float64Array; highest: Float64Array } {
  const lowest = [Number.NaN]
  const highest = [Number.NaN]
  let distinctLeft = countDistinct(sorted)
  let binStart = 0
  for (let runStart = 0; runStart < sorted.length; ) {
    let runEnd = runStart + 1
    while (runEnd < sorted.length && sorted[runEnd] === sorted[runStart]) runEnd++
    distinctLeft--
    const binsLeft = MAX_NUMBER_BINS - (highest.length - 1)
    const isFull = (runEnd - binStart) * binsLeft >= sorted.length - binStart
    if (isFull || distinctLeft < binsLeft) {
      lowest.push(sorted[binStart])
      highest.push(sorted[runStart])
      binStart = runEnd
    }
    runStart = runEnd
  }
  return { lowest: Float64Array.from(lowest), highest: Float64Array.from(highest) }
}

function countDistinct(sorted: Float64Array): number {
  let count = 0
  for (let i = 0; i < sorted.length; i++) if (i === 0 || sorted[i] !== sorted[i - 1]) count++
  return count
}

/**
 * A threshold t with highest(lower bin) ≤ t < lowest(upper bin): the middle of the gap, as scikit-learn's.
 *
 * It is a single-precision number wherever one lies in the gap, so that a model file needs four bytes for it.
 */
export function thresholdBetween({ lowest, highest }: BinnedColumn, lowerBin: number, upperBin: number): number {
  if (lowerBin === MISSING_BIN) return Number.NEGATIVE_INFINITY
  const from = highest[lowerBin]
  const below = lowest[upperBin]
  const middle = from / 2 + below / 2
  for (const candidate of [Math.fround(middle), middle]) if (from <= candidate && candidate < below) return candidate
  return from
}
