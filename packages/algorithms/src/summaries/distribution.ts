import type { Guard } from './guard.ts'
import { isMeasured } from './moments.ts'
import type { Summary } from './summary.ts'

/**
 * A column's values in order, in bins: each bin has a value that stands for all of its records.
 *
 * Laws: merging is exact, whatever the order and grouping. No bin of a guarded site holds fewer than `minimumCell` records; its
 * value is the mean of the bin, or the one value that enough of its records have. For every t, the number of records up to t
 * differs from the true one by less than {@link MAX_BIN_FACTOR} × the site's {@link binSize}, added over the sites; where each
 * distinct value has enough records of its own, it does not differ.
 */
export interface Distribution {
  readonly kind: 'distribution'
  /** Ascending, without repetition. */
  readonly values: readonly number[]
  /** Records of each value. */
  readonly counts: readonly number[]
}

/** Bins of a site at the most: ranks are known to about a thousandth. */
export const MAX_BINS = 1000

/** A bin has fewer records than this many times the site's bin size. */
export const MAX_BIN_FACTOR = 3

export const emptyDistribution: Distribution = { kind: 'distribution', values: [], counts: [] }

/** The distributions of a guarded site's columns. */
export function distributionSummary(guard: Guard): Summary<Distribution, Distribution, Float64Array> {
  return {
    init: () => emptyDistribution,
    add: (state, column) => mergeDistributions(state, distributionOf(column, guard)),
    merge: mergeDistributions,
    value: (state) => state,
  }
}

/** How many records a bin of a site needs. Unguarded, each distinct value has its own. */
export function binSize(records: number, { minimumCell }: Guard): number {
  return minimumCell <= 1 ? 1 : Math.max(minimumCell, Math.ceil(records / MAX_BINS))
}

/** The distribution of a column's measured values; fewer than the guard asks for are no values. */
export function distributionOf(column: Float64Array, guard: Guard): Distribution {
  const sorted = column.filter(isMeasured).sort()
  if (sorted.length < Math.max(1, guard.minimumCell)) return emptyDistribution
  const size = binSize(sorted.length, guard)
  const bins = new Bins()
  let start = 0
  for (let runStart = 0; runStart < sorted.length; ) {
    const runEnd = endOfRun(sorted, runStart)
    if (runEnd - runStart >= size) {
      bins.close(sorted[runStart], runEnd - start)
      start = runEnd
    } else if (runEnd - start >= size) {
      bins.close(meanOf(sorted, start, runEnd), runEnd - start)
      start = runEnd
    }
    runStart = runEnd
  }
  bins.extendLast(sorted.length - start)
  return bins.toDistribution()
}

/** The distribution of two columns laid on top of each other. */
export function mergeDistributions(a: Distribution, b: Distribution): Distribution {
  const bins = new Bins()
  let i = 0
  let j = 0
  while (i < a.values.length || j < b.values.length) {
    const fromA = j >= b.values.length || (i < a.values.length && a.values[i] <= b.values[j])
    if (fromA) bins.close(a.values[i], a.counts[i++])
    else bins.close(b.values[j], b.counts[j++])
  }
  return bins.toDistribution()
}

/**
 * The quantile of the records, as NumPy's `percentile` with linear interpolation over the values of the bins.
 *
 * @param share in [0, 1]
 * @returns NaN when there is no value
 */
export function quantileOf({ values, counts }: Distribution, share: number): number {
  const total = counts.reduce((sum, count) => sum + count, 0)
  if (total === 0) return Number.NaN
  const place = (total - 1) * share
  const below = valueAt(values, counts, Math.floor(place))
  const above = valueAt(values, counts, Math.ceil(place))
  const part = place - Math.floor(place)
  return part < 0.5 ? below + (above - below) * part : above - (above - below) * (1 - part)
}

/** Value of the record with this rank, from 0. */
function valueAt(values: readonly number[], counts: readonly number[], rank: number): number {
  let before = 0
  for (let bin = 0; bin < values.length; bin++) {
    before += counts[bin]
    if (rank < before) return values[bin]
  }
  return values[values.length - 1]
}

/** Collects bins in ascending order; equal values become one. */
class Bins {
  readonly #values: number[] = []
  readonly #counts: number[] = []

  close(value: number, count: number): void {
    const last = this.#values.length - 1
    // A mean may round to the value of the bin before.
    if (last >= 0 && this.#values[last] >= value) this.#counts[last] += count
    else {
      this.#values.push(value)
      this.#counts.push(count)
    }
  }

  /** Adds the records that are too few for a bin of their own to the last one, whose value stays as it is. */
  extendLast(count: number): void {
    this.#counts[this.#counts.length - 1] += count
  }

  toDistribution(): Distribution {
    return { kind: 'distribution', values: this.#values, counts: this.#counts }
  }
}

function endOfRun(sorted: Float64Array, start: number): number {
  let end = start + 1
  while (end < sorted.length && sorted[end] === sorted[start]) end++
  return end
}

function meanOf(sorted: Float64Array, start: number, end: number): number {
  let rest = 0
  const first = sorted[start]
  for (let i = start; i < end; i++) rest += sorted[i] - first
  return Math.min(sorted[end - 1], first + rest / (end - start))
}
