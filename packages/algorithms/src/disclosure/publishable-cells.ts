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
  for (let cell = 0; cell < counts.length; cell++) {
    if (!hidden[cell] || counts[cell] === 0 || counts[cell] >= minimum) continue
    const box = cheapestBox(shape, counts, hidden, cell, minimum)
    if (box === undefined) return false
    for (const corner of box) hidden[corner] = true
  }
  return true
}

function cheapestBox(
  shape: readonly number[],
  counts: Float64Array,
  hidden: readonly boolean[],
  cell: number,
  minimum: number,
): number[] | undefined {
  const own = levelsOf(shape, cell)
  const others = shape.map((levels) => levels - 1)
  const boxes = others.reduce((product, count) => product * count, 1)
  let best: number[] | undefined
  let bestCost = Number.POSITIVE_INFINITY
  for (let box = 0; box < boxes && bestCost > 0; box++) {
    const opposite = levelsOf(others, box).map((level, key) => (level < own[key] ? level : level + 1))
    const corners = cornersOf(shape, own, opposite)
    if (roomOf(counts, corners) < minimum) continue
    const cost = corners.reduce((sum, corner) => sum + (hidden[corner] ? 0 : 1 + counts[corner]), 0)
    if (cost < bestCost) [best, bestCost] = [corners, cost]
  }
  return best
}

/** Corners of a box: bit k of the index says whether key k has its opposite level. */
function cornersOf(shape: readonly number[], own: readonly number[], opposite: readonly number[]): number[] {
  return Array.from({ length: 2 ** shape.length }, (_, corner) =>
    indexOf(
      shape,
      own.map((level, key) => ((corner >> key) & 1 ? opposite[key] : level)),
    ),
  )
}

/** How far the first corner can move, up and down together, while all corners stay non-negative and all margins as they are. */
function roomOf(counts: Float64Array, corners: readonly number[]): number {
  let up = Number.POSITIVE_INFINITY
  let down = Number.POSITIVE_INFINITY
  corners.forEach((corner, index) => {
    if (isOdd(index)) up = Math.min(up, counts[corner])
    else down = Math.min(down, counts[corner])
  })
  return up + down
}

function isOdd(corner: number): boolean {
  let bits = 0
  for (let rest = corner; rest > 0; rest >>= 1) bits += rest & 1
  return bits % 2 === 1
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
