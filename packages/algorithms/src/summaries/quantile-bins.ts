import { blocksOf } from '../numeric/blocks.ts'
import { type GridCell, gridCells } from './grid-cells.ts'
import { isMeasured } from './moments.ts'
import type { Summary } from './summary.ts'

/**
 * Records whose value lies in lower ≤ value ≤ upper. A bin of one value has lower = upper; null is an end that is not told, at the
 * edge of a site's values.
 */
export interface QuantileBin {
  readonly lower: number | null
  readonly upper: number | null
  readonly count: number
}

export type QuantileBins = readonly QuantileBin[]

/** A quantile with bounds that certainly hold: the pooled table's quantile lies in lower ≤ q ≤ upper. */
export interface Quantile {
  readonly probability: number
  /** Null where it falls among the outermost records of a site, whose extent is not told. */
  readonly value: number | null
  readonly lower: number | null
  readonly upper: number | null
}

export interface BinOptions {
  /** Fewest records of a bin: what is told of values rests on as many. */
  readonly minimumCell: number
  /** About how many bins; a bin holds about 1/resolution of the records, so that is the error in rank. @default 512 */
  readonly resolution?: number
}

/** Bins of several sites, put together: a multiset, so any order and grouping gives the same state. */
export const quantileBinsSummary: Summary<QuantileBins, QuantileBins, QuantileBins> = {
  init: () => [],
  add: mergeBins,
  merge: mergeBins,
  value: (bins) => bins,
}

function mergeBins(a: QuantileBins, b: QuantileBins): QuantileBins {
  const sorted = [...a, ...b].sort(compareBins)
  const merged: QuantileBin[] = []
  for (const bin of sorted) {
    const last = merged.at(-1)
    if (last && last.lower === bin.lower && last.upper === bin.upper) {
      merged[merged.length - 1] = { ...last, count: last.count + bin.count }
    } else merged.push(bin)
  }
  return merged
}

/**
 * The measured values of a site in bins of at least `minimumCell` records each.
 *
 * Edges lie on a grid of the site's own (about 1/4096 of its inner spread), so that none is anybody's value; only where enough
 * records share a value the bin is that value. The outermost bins are open: nothing is told of how far they reach. Fewer values than
 * `minimumCell` give no bins at all.
 */
export function binsOf(values: Float64Array, { minimumCell, resolution = 512 }: BinOptions): QuantileBins {
  const measured = measuredOf(values)
  const fewest = Math.max(1, minimumCell)
  if (measured.length < fewest) return []
  const size = Math.max(fewest, Math.ceil(measured.length / resolution))
  const parts = joinCells(gridCells(measured, fewest), fewest, size)
  return mergeBins(
    parts.map((part, index) => binOf(part, index === 0, index === parts.length - 1)),
    [],
  )
}

function measuredOf(values: Float64Array): Float64Array {
  const measured = new Float64Array(values.length)
  let count = 0
  for (const block of blocksOf(values)) count = appendMeasured(block, measured, count)
  return measured.subarray(0, count)
}

function appendMeasured(values: Float64Array, measured: Float64Array, start: number): number {
  let count = start
  for (let i = 0; i < values.length; i++) if (isMeasured(values[i])) measured[count++] = values[i]
  return count
}

function binOf({ lower, upper, count, single }: GridCell, isFirst: boolean, isLast: boolean): QuantileBin {
  return single ? { lower, upper, count } : { lower: isFirst ? null : lower, upper: isLast ? null : upper, count }
}

/** Joins cells from below into parts of about `size`; a value that enough records share is a part by itself. */
function joinCells(cells: readonly GridCell[], fewest: number, size: number): GridCell[] {
  const parts: GridCell[] = []
  let pending: GridCell | undefined
  for (const cell of cells) {
    if (cell.single && (pending === undefined || pending.count >= fewest)) {
      if (pending) parts.push(pending)
      parts.push(cell)
      pending = undefined
      continue
    }
    pending = pending ? join(pending, cell) : cell
    if (pending.count < size) continue
    parts.push(pending)
    pending = undefined
  }
  if (pending === undefined) return parts
  const before = pending.count < fewest ? parts.pop() : undefined
  return [...parts, before ? join(before, pending) : pending]
}

function join(a: GridCell, b: GridCell): GridCell {
  return { lower: a.lower, upper: b.upper, count: a.count + b.count, single: false }
}

/**
 * The quantile at a probability, as numpy and pandas define it (linear interpolation between order statistics).
 *
 * Every record lies between the ends of its bin, so the order statistics of all lower ends and of all upper ends bound the true one.
 * The value between them spreads the records of each bin evenly.
 */
export function quantileOfBins(bins: QuantileBins, probability: number): Quantile {
  const records = bins.reduce((sum, { count }) => sum + count, 0)
  if (records === 0) return { probability, value: null, lower: null, upper: null }
  const place = (records - 1) * probability
  const before = Math.floor(place)
  const after = Math.min(records - 1, before + 1)
  const share = place - before
  const between = (at: (rank: number) => number) => {
    const [low, high] = [at(before), at(after)]
    return low === high || share === 0 ? low : low + (high - low) * share
  }
  const lower = between(orderStatistic(bins.map((bin) => [bin.lower ?? Number.NEGATIVE_INFINITY, bin.count])))
  const upper = between(orderStatistic(bins.map((bin) => [bin.upper ?? Number.POSITIVE_INFINITY, bin.count])))
  const known = Number.isFinite(lower) && Number.isFinite(upper)
  const spread = known ? between((rank) => spreadStatistic(bins, rank)) : 0
  return {
    probability,
    value: known ? Math.min(upper, Math.max(lower, spread)) : null,
    lower: Number.isFinite(lower) ? lower : null,
    upper: Number.isFinite(upper) ? upper : null,
  }
}

/** A value that at least one bin's records do not exceed from below (minimum) or from above (maximum): no single record's extreme. */
export function guardedExtremes(bins: QuantileBins): { readonly minimum: number | null; readonly maximum: number | null } {
  const ends = (values: (number | null)[]) => values.filter((value) => value !== null)
  const uppers = ends(bins.map(({ upper }) => upper))
  const lowers = ends(bins.map(({ lower }) => lower))
  return {
    minimum: uppers.length === 0 ? null : uppers.reduce((a, b) => Math.min(a, b)),
    maximum: lowers.length === 0 ? null : lowers.reduce((a, b) => Math.max(a, b)),
  }
}

/** The value of a rank among weighted values. */
function orderStatistic(weighted: [number, number][]): (rank: number) => number {
  const sorted = weighted.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  return (rank) => {
    let seen = 0
    for (const [value, count] of sorted) {
      seen += count
      if (seen > rank) return value
    }
    return sorted.at(-1)![0]
  }
}

/** Where the records at or below reach rank + ½, if each bin's records lie evenly between its ends, open ones at their known end. */
function spreadStatistic(bins: QuantileBins, rank: number): number {
  const edges = [...new Set(bins.flatMap((bin) => [bin.lower, bin.upper]).filter((edge) => edge !== null))].sort((a, b) => a - b)
  const target = rank + 0.5
  let low = 0
  let high = edges.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (recordsTo(bins, edges[middle], true) >= target) high = middle
    else low = middle + 1
  }
  const edge = edges[low]
  const below = recordsTo(bins, edge, false)
  if (low === 0 || below < target) return edge
  const start = recordsTo(bins, edges[low - 1], true)
  return edges[low - 1] + ((edge - edges[low - 1]) * (target - start)) / (below - start)
}

function recordsTo(bins: QuantileBins, value: number, including: boolean): number {
  let sum = 0
  for (const { lower, upper, count } of bins) {
    const from = lower ?? upper ?? 0
    const to = upper ?? lower ?? 0
    if (to < value || (including && to === value)) sum += count
    else if (from < value) sum += (count * (value - from)) / (to - from)
  }
  return sum
}

function compareBins(a: QuantileBin, b: QuantileBin): number {
  return compareEnds(a.lower, b.lower, Number.NEGATIVE_INFINITY) || compareEnds(a.upper, b.upper, Number.POSITIVE_INFINITY) || 0
}

function compareEnds(a: number | null, b: number | null, open: number): number {
  const [left, right] = [a ?? open, b ?? open]
  return left < right ? -1 : left > right ? 1 : 0
}
