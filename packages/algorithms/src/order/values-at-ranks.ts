/** Places in ascending order, from the first (0) to the one before `to`. */
export interface RankRange {
  readonly from: number
  readonly to: number
}

const BINS = 4096

/**
 * The values at some places of the ascending order, without sorting all: values are counted in bins of equal width, and only the
 * bins that hold a wanted place are gathered and sorted. Two passes, plus what the wanted bins take.
 *
 * @param values NaN stands for a missing one, which has no place
 * @param ranges within the number of values, each with at least one place
 */
export function valuesAtRanks(values: Float64Array, ranges: readonly RankRange[]): Float64Array[] {
  const binning = binningOf(values)
  const sizes = binSizes(values, binning)
  const starts = startsOf(sizes)
  const places = gatheredPlaces(sizes, starts, ranges)
  const gathered = gather(values, binning, places)
  for (const bin of places.wanted) sortUnlessEqual(gathered.subarray(places.offsets[bin]!, places.offsets[bin]! + sizes[bin]!))
  return ranges.map(({ from, to }) => Float64Array.from({ length: to - from }, (_, index) => at(from + index)))

  function at(rank: number): number {
    const bin = places.wanted.findLast((candidate) => starts[candidate]! <= rank)!
    return gathered[places.offsets[bin]! + rank - starts[bin]!]!
  }
}

/** Bins of equal width between two values, and one below and one above; a greater value is never in a lower bin. */
interface Binning {
  readonly low: number
  readonly high: number
  /** 0, which is a single bin between them, where their distance is no number to divide by. */
  readonly scale: number
}

const SAMPLE = 1024

/** From the first to the last hundredth of a sample: a few values far out make no bin wide. */
function binningOf(values: Float64Array): Binning {
  const stride = Math.max(1, Math.floor(values.length / SAMPLE))
  const sample = Float64Array.from({ length: Math.ceil(values.length / stride) }, (_, index) => values[index * stride])
    .filter((value) => !Number.isNaN(value))
    .sort()
  const hundredth = Math.floor(sample.length / 100)
  const [low = 0, high = 0] = [sample[hundredth], sample[sample.length - 1 - hundredth]]
  const scale = (BINS - 2) / (high - low)
  return { low, high, scale: Number.isFinite(scale) && Number.isFinite(high - low) ? scale : 0 }
}

function binSizes(values: Float64Array, { low, high, scale }: Binning): Int32Array {
  const sizes = new Int32Array(BINS)
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (value < low) sizes[0]++
    else if (value >= high) sizes[BINS - 1]++
    else if (!Number.isNaN(value)) sizes[1 + (((value - low) * scale) | 0)]++
  }
  return sizes
}

function gather(values: Float64Array, { low, high, scale }: Binning, { offsets, total }: GatheredPlaces): Float64Array {
  const gathered = new Float64Array(total)
  const next = offsets.slice()
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (Number.isNaN(value)) continue
    const bin = value < low ? 0 : value >= high ? BINS - 1 : 1 + (((value - low) * scale) | 0)
    if (next[bin] >= 0) gathered[next[bin]++] = value
  }
  return gathered
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
  const offsets = new Int32Array(sizes.length).fill(-1)
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
