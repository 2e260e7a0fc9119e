import { blocksOf } from '../numeric/blocks.ts'

/** Places in ascending order, from the first (0) to the one before `to`. */
export interface RankRange {
  readonly from: number
  readonly to: number
}

const BINS = 4096
/** Where values below the first bin are counted, those above the last one, and those that are missing. */
const BELOW = 0
const ABOVE = BINS - 1
const MISSING = BINS

/**
 * The values at some places of the ascending order, without sorting all: values are counted in bins of equal width, and only the
 * bins that hold a wanted place are gathered and sorted. One pass, one over the numbers of the bins, plus what the wanted bins take.
 *
 * @param values NaN stands for a missing one, which has no place
 * @param ranges within the number of values, each with at least one place
 */
export function valuesAtRanks(values: Float64Array, ranges: readonly RankRange[]): Float64Array[] {
  const binOf = new Uint16Array(values.length)
  const sizes = countInBins(values, binningOf(values), binOf)
  const starts = startsOf(sizes)
  const places = gatheredPlaces(sizes, starts, ranges)
  const gathered = gather(values, binOf, places)
  for (const bin of places.wanted) sortUnlessEqual(gathered.subarray(places.offsets[bin]!, places.offsets[bin]! + sizes[bin]!))
  return ranges.map(({ from, to }) => Float64Array.from({ length: to - from }, (_, index) => at(from + index)))

  function at(rank: number): number {
    const bin = places.wanted.findLast((candidate) => starts[candidate]! <= rank)!
    return gathered[places.offsets[bin]! + rank - starts[bin]!]!
  }
}

/** Bins of equal width from `low` on; a greater value is never in a lower bin. */
interface Binning {
  readonly low: number
  /** Bins for each unit. */
  readonly scale: number
}

const SAMPLE = 1024

/**
 * From the first to the last hundredth of a sample: a few values far out make no bin wide. Where those are one value, a bin is so narrow that it holds
 * no other; where they are too far apart for a number to say, the values above zero are one bin, and those below another.
 */
function binningOf(values: Float64Array): Binning {
  const stride = Math.max(1, Math.floor(values.length / SAMPLE))
  const sample = Float64Array.from({ length: Math.ceil(values.length / stride) }, (_, index) => values[index * stride])
    .filter((value) => !Number.isNaN(value))
    .sort()
  const hundredth = Math.floor(sample.length / 100)
  const [low = 0, high = 0] = [sample[hundredth], sample[sample.length - 1 - hundredth]]
  if (!Number.isFinite(high - low)) return { low: 0, scale: Number.MAX_VALUE }
  return { low, scale: Math.min(Number.MAX_VALUE, (BINS - 3) / (high - low)) }
}

/** @param binOf gets the bin of each value */
function countInBins(values: Float64Array, binning: Binning, binOf: Uint16Array): Int32Array {
  const sizes = new Int32Array(BINS + 1)
  let from = 0
  for (const block of blocksOf(values)) {
    countBlock(block, binning, binOf.subarray(from, from + block.length), sizes)
    from += block.length
  }
  return sizes.subarray(0, BINS)
}

function countBlock(values: Float64Array, { low, scale }: Binning, binOf: Uint16Array, sizes: Int32Array): void {
  for (let i = 0; i < values.length; i++) {
    const place = (values[i] - low) * scale
    const bin = place >= 0 ? (place < ABOVE - 1 ? 1 + (place | 0) : ABOVE) : place < 0 ? BELOW : MISSING
    binOf[i] = bin
    sizes[bin]++
  }
}

function gather(values: Float64Array, binOf: Uint16Array, { offsets, total }: GatheredPlaces): Float64Array {
  const gathered = new Float64Array(total)
  const next = offsets.slice()
  let from = 0
  for (const block of blocksOf(values)) {
    gatherBlock(block, binOf.subarray(from, from + block.length), next, gathered)
    from += block.length
  }
  return gathered
}

/** @param next where the next value of each bin goes; -1 where it is not gathered */
function gatherBlock(values: Float64Array, binOf: Uint16Array, next: Int32Array, gathered: Float64Array): void {
  for (let i = 0; i < values.length; i++) {
    const bin = binOf[i]
    if (next[bin] >= 0) gathered[next[bin]++] = values[i]
  }
}

/** How many values lie before each bin. */
function startsOf(sizes: Int32Array): Int32Array {
  const starts = new Int32Array(sizes.length)
  for (let bin = 1; bin < sizes.length; bin++) starts[bin] = starts[bin - 1]! + sizes[bin - 1]!
  return starts
}

interface GatheredPlaces {
  /** The bins that are gathered, in order. */
  readonly wanted: readonly number[]
  /** Where the values of a bin are gathered; -1 where they are not. */
  readonly offsets: Int32Array
  readonly total: number
}

function gatheredPlaces(sizes: Int32Array, starts: Int32Array, ranges: readonly RankRange[]): GatheredPlaces {
  const offsets = new Int32Array(MISSING + 1).fill(-1)
  const wanted: number[] = []
  let total = 0
  for (let bin = 0; bin < sizes.length; bin++) {
    const first = starts[bin]!
    const end = first + sizes[bin]!
    if (first === end || !ranges.some(({ from, to }) => from < end && to > first)) continue
    wanted.push(bin)
    offsets[bin] = total
    total += sizes[bin]!
  }
  return { wanted, offsets, total }
}

/** Columns of few distinct values fill a bin with one of them: that is seen faster than it is sorted. */
function sortUnlessEqual(values: Float64Array): void {
  const [first] = values
  if (values.some((value) => value !== first)) values.sort()
}
