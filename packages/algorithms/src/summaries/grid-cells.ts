import { blocksOf } from '../numeric/blocks.ts'
import { valuesAtRanks } from '../order/values-at-ranks.ts'

/** The records of one cell of a grid, or of adjacent ones. */
export interface GridCell {
  readonly lower: number
  readonly upper: number
  readonly count: number
  /** Enough records to be told, all of one value, which is both ends. */
  readonly single: boolean
}

const GRID_STEPS = 4096

/** Largest multiple of the grid's step: twelve digits. An end that is told to more of them is as good as a value near it. */
const FINEST = 2 ** 40

/** A value beyond that is told to about 1/4096 of itself. */
const COARSE_BITS = 12

/** From so many values on they are counted rather than sorted. */
const MANY = 2 ** 16

/**
 * The cells that hold a value, in ascending order, of a grid of the values' own: about 1/4096 of their inner spread.
 *
 * @param measured at least one value, none of them missing; may be left in another order
 * @param fewest how many records of one value are told as that value
 */
export function gridCells(measured: Float64Array, fewest: number): GridCell[] {
  return measured.length < MANY ? sortedCells(measured, fewest) : countedCells(measured, fewest)
}

export function sortedCells(measured: Float64Array, fewest: number): GridCell[] {
  const sorted = measured.sort()
  const marks = stepRanks(sorted.length, fewest).map((rank) => sorted[rank]!)
  return cellsOfSorted(sorted, gridStep(marks), fewest)
}

/** The same in one pass: the inner values are counted in a window of cells, and only those outside it are sorted. */
export function countedCells(measured: Float64Array, fewest: number): GridCell[] {
  const ranks = stepRanks(measured.length, fewest).map((rank) => ({ from: rank, to: rank + 1 }))
  const marks = valuesAtRanks(measured, ranks).map(([value]) => value!)
  const step = gridStep(marks)
  const window = new CellWindow(Math.floor(marks[TENTH]! / step), step)
  if (!window.isFine) return sortedCells(measured, fewest)
  for (const block of blocksOf(measured)) window.count(block)
  const outside = cellsOfSorted(window.outside().sort(), step, fewest)
  const isBelow = ({ lower }: GridCell) => lower < window.lower
  return [...outside.filter(isBelow), ...window.cells(fewest), ...outside.filter((cell) => !isBelow(cell))]
}

/** Counts values by cell in a window of the grid. */
class CellWindow {
  /** The inner spread is less than 8,192 cells; as much again on either side, and more. */
  static readonly #cells = 2 ** 15
  readonly #first: number
  readonly #step: number
  readonly #counts = new Int32Array(CellWindow.#cells)
  readonly #lowest = new Float64Array(CellWindow.#cells).fill(Number.POSITIVE_INFINITY)
  readonly #highest = new Float64Array(CellWindow.#cells).fill(Number.NEGATIVE_INFINITY)
  readonly #outside: number[] = []

  /** @param tenth the number of the cell of the lowest tenth */
  constructor(tenth: number, step: number) {
    this.#first = tenth - CellWindow.#cells / 4
    this.#step = step
  }

  /** Whether all of it is finer than the coarse grid of large values. */
  get isFine(): boolean {
    return Math.abs(this.#first) < FINEST / 2
  }

  get lower(): number {
    return this.#first * this.#step
  }

  count(values: Float64Array): void {
    const [first, step, counts, lowest, highest] = [this.#first, this.#step, this.#counts, this.#lowest, this.#highest]
    for (let i = 0; i < values.length; i++) {
      const value = values[i]
      const cell = Math.floor(value / step) - first
      if (cell >= 0 && cell < counts.length) {
        counts[cell]++
        if (value < lowest[cell]) lowest[cell] = value
        if (value > highest[cell]) highest[cell] = value
      } else this.#outside.push(value)
    }
  }

  /** The values that lie outside. */
  outside(): Float64Array {
    return Float64Array.from(this.#outside)
  }

  cells(fewest: number): GridCell[] {
    const cells: GridCell[] = []
    for (let cell = 0; cell < this.#counts.length; cell++) {
      const count = this.#counts[cell]!
      if (count > 0) cells.push(cellOf(this.#lowest[cell]!, this.#highest[cell]!, count, this.#step, fewest))
    }
    return cells
  }
}

function cellsOfSorted(sorted: Float64Array, step: number, fewest: number): GridCell[] {
  const cells: GridCell[] = []
  for (let start = 0; start < sorted.length; ) {
    const end = endOfCell(sorted, start, step)
    cells.push(cellOf(sorted[start]!, sorted[end - 1]!, end - start, step, fewest))
    start = end
  }
  return cells
}

/** The cell of some values, given the lowest and the highest of them. */
function cellOf(lowest: number, highest: number, count: number, step: number, fewest: number): GridCell {
  const value = lowest + 0
  if (lowest === highest && count >= fewest) return { lower: value, upper: value, count, single: true }
  const { lower, upper } = placeOf(value, step)
  return { lower, upper, count, single: false }
}

/** Where the values of a cell end: in ever larger steps, and back by halves, since a cell may hold one value or nearly all. */
function endOfCell(sorted: Float64Array, start: number, step: number): number {
  const { lower } = placeOf(sorted[start]!, step)
  const isWithin = (place: number) => placeOf(sorted[place]!, step).lower === lower
  let within = start
  let stride = 1
  while (within + stride < sorted.length && isWithin(within + stride)) {
    within += stride
    stride *= 2
  }
  let end = Math.min(sorted.length, within + stride)
  while (end - within > 1) {
    const middle = (within + end) >> 1
    if (isWithin(middle)) within = middle
    else end = middle
  }
  return end
}

/**
 * Where a value lies on the grid. Values so large against its step that an end would tell nearly all their digits lie on a coarser one,
 * relative to their size: else they would be ends themselves.
 */
function placeOf(value: number, step: number): { readonly lower: number; readonly upper: number } {
  const index = Math.floor(value / step)
  if (Math.abs(index) < FINEST) return { lower: index * step, upper: (index + 1) * step }
  const size = Math.abs(value)
  const coarse = 2 ** (Math.floor(Math.log2(size)) - COARSE_BITS)
  const [near, far] = [Math.floor(size / coarse) * coarse, (Math.floor(size / coarse) + 1) * coarse]
  return value < 0 ? { lower: -far, upper: -near } : { lower: near, upper: far }
}

/** Where the value of the lowest tenth is among those at {@link stepRanks}. */
const TENTH = 1

/** The ranks of the values that the step follows from: the tenths, the innermost that may be told, the middle. */
function stepRanks(length: number, fewest: number): number[] {
  const last = length - 1
  const tenth = Math.floor(length / 10)
  const inner = Math.min(fewest, last >> 1)
  const within = (rank: number) => Math.min(last, Math.max(0, rank))
  return [last - tenth, tenth, last - inner, inner, length >> 1].map(within)
}

/** A power of two of about 1/4096 of the distance between the tenths of the values, whatever the outermost are. */
function gridStep([high, low, innerHigh, innerLow, middle]: readonly number[]): number {
  const spread = [high! - low!, innerHigh! - innerLow!, Math.abs(middle!), 1].find((candidate) => candidate > 0)!
  return Math.max(2 ** Math.floor(Math.log2(Math.min(spread, Number.MAX_VALUE) / GRID_STEPS)), Number.MIN_VALUE)
}
