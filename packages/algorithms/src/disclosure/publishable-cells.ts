import { Boxes } from './boxes.ts'

/** A table of counts over the levels of one or more keys. */
export interface CountTable {
  /** Number of levels of each key; none for a table of one cell. */
  readonly shape: readonly number[]
  /** Cells in row-major order. */
  readonly counts: ArrayLike<number>
  /** Cells that may be published at all. @default every cell */
  readonly candidate?: (cell: number) => boolean
  /** Whether a level of a key is not published whatever its margin is. @default none */
  readonly withheld?: (key: number, level: number) => boolean
}

/** Largest table over two or more keys that is looked into; a larger one is not published. */
export const MAX_PROTECTED_CELLS = 10_000

/**
 * Which cells of a table may be published, so that nobody who knows the published cells and every margin can work out another cell.
 *
 * 1. A level of a key whose margin is below `minimum` is not published; if all that is left out of a key's levels together has fewer
 *    records than `minimum`, the smallest published level is left out too, until it has (a margin minus its published parts then
 *    rests on enough records).
 * 2. A cell below `minimum` is not published.
 * 3. Each of those that has records must be a corner of a box of unpublished cells, two levels of each key, along which at least
 *    `minimum` records can be moved without changing any margin: the hypercube method (Repsilber 1994). Where no such box is, the
 *    cheapest one is left out as well; where none is possible, nothing is published.
 */
export function publishableCells(table: CountTable, minimum: number): boolean[] {
  const { shape, counts, candidate = () => true, withheld: isWithheld = () => false } = table
  const cells = counts.length
  const none = () => new Array<boolean>(cells).fill(false)
  if (shape.length >= 2 && cells > MAX_PROTECTED_CELLS) return none()
  const small = Array.from({ length: cells }, (_, cell) => !candidate(cell) || counts[cell] < minimum)
  if (shape.length === 0) return small.map((hidden) => !hidden)
  // With one key a small cell is a small level; with more, a level goes only when its margin is small.
  const isHidden = (key: number, level: number) => (shape.length === 1 && small[level]) || isWithheld(key, level)
  const withheld = shape.map((_, key) => withheldLevels(marginOf(shape, counts, key), (level) => isHidden(key, level), minimum))
  if (withheld.some((levels) => levels.every(Boolean))) return none()
  const merged = mergeWithheld(shape, counts, small, withheld)
  if (shape.length >= 2 && !protect(merged, minimum)) return none()
  return Array.from({ length: cells }, (_, cell) => !merged.hidden[merged.cellOf(cell)])
}

function marginOf(shape: readonly number[], counts: ArrayLike<number>, key: number): number[] {
  const margin = new Array<number>(shape[key]).fill(0)
  const stride = shape.slice(key + 1).reduce((product, levels) => product * levels, 1)
  for (let cell = 0; cell < counts.length; cell++) margin[Math.floor(cell / stride) % shape[key]] += counts[cell]
  return margin
}

function withheldLevels(margin: readonly number[], isHidden: (level: number) => boolean, minimum: number): boolean[] {
  const withheld = margin.map((count, level) => isHidden(level) || count < minimum)
  for (;;) {
    const rest = margin.reduce((sum, count, level) => sum + (withheld[level] ? count : 0), 0)
    if (rest === 0 || rest >= minimum) return withheld
    let smallest = -1
    margin.forEach((count, level) => {
      if (!withheld[level] && (smallest < 0 || count < margin[smallest])) smallest = level
    })
    if (smallest < 0) return withheld
    withheld[smallest] = true
  }
}

/** The table with all withheld levels of a key as one. */
interface MergedTable {
  readonly shape: readonly number[]
  readonly counts: Float64Array
  readonly hidden: boolean[]
  cellOf(cell: number): number
}

function mergeWithheld(
  shape: readonly number[],
  counts: ArrayLike<number>,
  small: readonly boolean[],
  withheld: readonly (readonly boolean[])[],
): MergedTable {
  const places = withheld.map((levels) => {
    let next = 0
    const kept = levels.map((hidden) => (hidden ? -1 : next++))
    return { levels: kept.map((place) => (place < 0 ? next : place)), size: levels.some(Boolean) ? next + 1 : next, kept: next }
  })
  const mergedShape = places.map(({ size }) => size)
  const cellOf = (cell: number) =>
    indexOf(
      mergedShape,
      levelsOf(shape, cell).map((level, key) => places[key].levels[level]),
    )
  const size = mergedShape.reduce((product, levels) => product * levels, 1)
  const merged = new Float64Array(size)
  const hidden = Array.from({ length: size }, (_, cell) =>
    levelsOf(mergedShape, cell).some((level, key) => level >= places[key].kept),
  )
  for (let cell = 0; cell < counts.length; cell++) {
    const target = cellOf(cell)
    merged[target] += counts[cell]
    if (small[cell]) hidden[target] = true
  }
  return { shape: mergedShape, counts: merged, hidden, cellOf }
}

/** Hides what protects each small cell that has records; false when one can't be protected. */
function protect({ shape, counts, hidden }: MergedTable, minimum: number): boolean {
  const boxes = new Boxes(shape, counts, hidden)
  for (let cell = 0; cell < counts.length; cell++) {
    if (!hidden[cell] || counts[cell] === 0 || counts[cell] >= minimum) continue
    const box = boxes.cheapest(levelsOf(shape, cell), minimum)
    if (box === undefined) return false
    for (const corner of box) hidden[corner] = true
  }
  return true
}

function levelsOf(shape: readonly number[], cell: number): number[] {
  const levels = new Array<number>(shape.length)
  let rest = cell
  for (let key = shape.length - 1; key >= 0; key--) {
    levels[key] = rest % shape[key]
    rest = Math.floor(rest / shape[key])
  }
  return levels
}

function indexOf(shape: readonly number[], levels: readonly number[]): number {
  return levels.reduce((index, level, key) => index * shape[key] + level, 0)
}
