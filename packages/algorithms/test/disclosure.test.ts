import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isFollowed, joinSmallIntervals, publishableCells, survivalSummary } from '../src/index.ts'

const MINIMUM = 5
const counts = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 12 }) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 200 }) },
)
const tables = fc
  .oneof(
    fc.tuple(fc.integer({ min: 1, max: 6 })),
    fc.tuple(fc.integer({ min: 2, max: 5 }), fc.integer({ min: 2, max: 5 })),
    fc.tuple(fc.integer({ min: 2, max: 3 }), fc.integer({ min: 2, max: 3 }), fc.integer({ min: 2, max: 3 })),
  )
  .chain((shape) => {
    const cells = shape.reduce((product, levels) => product * levels, 1)
    return fc.record({ shape: fc.constant([...shape]), counts: fc.array(counts, { minLength: cells, maxLength: cells }) })
  })

const levelOf = (shape: readonly number[], cell: number, key: number) =>
  Math.floor(cell / shape.slice(key + 1).reduce((product, levels) => product * levels, 1)) % shape[key]

/**
 * What an attacker knows: every published cell; and of every set of keys the margins that a table over those keys would publish,
 * with what is left. Each is a set of unpublished cells whose sum is known.
 */
function knownSums(shape: readonly number[], table: readonly number[], published: readonly boolean[]): number[][] {
  const sums: number[][] = []
  for (let subset = 0; subset < 2 ** shape.length - 1; subset++) {
    const keys = shape.map((_, key) => key).filter((key) => (subset >> key) & 1)
    const groups = new Map<string, number[]>()
    table.forEach((_, cell) => {
      const id = keys.map((key) => levelOf(shape, cell, key)).join()
      groups.set(id, [...(groups.get(id) ?? []), cell])
    })
    const margins = [...groups.values()]
    const totals = margins.map((cells) => cells.reduce((sum, cell) => sum + table[cell], 0))
    const told = publishableCells({ shape: keys.map((key) => shape[key]), counts: totals }, MINIMUM)
    const rest = margins.filter((_, index) => !told[index]).flat()
    for (const cells of [...margins.filter((_, index) => told[index]), rest]) sums.push(cells.filter((cell) => !published[cell]))
  }
  return sums.filter((cells) => cells.length > 0)
}

/** Cells whose value the known sums determine, by linear algebra over the rationals (counts are small: doubles are exact enough). */
function determined(cells: number, sums: readonly (readonly number[])[]): Set<number> {
  const rows: number[][] = sums.map((sum) => Array.from({ length: cells }, (_, cell) => (sum.includes(cell) ? 1 : 0)))
  let rank = 0
  for (let column = 0; column < cells; column++) {
    const pivot = rows.findIndex((row, index) => index >= rank && Math.abs(row[column]) > 1e-9)
    if (pivot < 0) continue
    ;[rows[rank], rows[pivot]] = [rows[pivot], rows[rank]]
    rows[rank] = rows[rank].map((value) => value / rows[rank][column])
    rows.forEach((row, index) => {
      if (index === rank || Math.abs(row[column]) < 1e-9) return
      const factor = row[column]
      rows[index] = row.map((value, i) => value - factor * rows[rank][i])
    })
    rank++
  }
  const known = rows.slice(0, rank).flatMap((row) => {
    const places = row.flatMap((value, cell) => (Math.abs(value) > 1e-9 ? [cell] : []))
    return places.length === 1 ? places : []
  })
  return new Set(known)
}

describe('a table of counts', () => {
  it('is published so that no small cell follows from the published cells and all margins, by linear algebra', () => {
    fc.assert(
      fc.property(tables, ({ shape, counts: table }) => {
        const published = publishableCells({ shape, counts: table }, MINIMUM)
        const known = determined(table.length, knownSums(shape, table, published))
        table.forEach((count, cell) => {
          if (published[cell]) expect(count).toBeGreaterThanOrEqual(MINIMUM)
          else if (count > 0 && count < MINIMUM && total(table) >= MINIMUM) expect(known.has(cell)).toBe(false)
        })
      }),
      { numRuns: 1000 },
    )
  })

  it('of one key leaves no remainder of fewer records than the minimum', () => {
    fc.assert(
      fc.property(fc.array(counts, { minLength: 1, maxLength: 12 }), (table) => {
        const published = publishableCells({ shape: [table.length], counts: table }, MINIMUM)
        const rest = total(table.filter((_, cell) => !published[cell]))
        expect(rest === 0 || rest >= MINIMUM || published.every((told) => !told)).toBe(true)
      }),
    )
  })

  it('of two keys lets each small cell be any number of a range as wide as the minimum (rows, columns and total known)', () => {
    const square = fc.array(counts, { minLength: 9, maxLength: 9 })
    fc.assert(
      fc.property(square, (table) => {
        const published = publishableCells({ shape: [3, 3], counts: table }, MINIMUM)
        const margins = [0, 1].flatMap((key) =>
          [0, 1, 2].map((level) => total(table.filter((_, c) => levelOf([3, 3], c, key) === level))),
        )
        if (margins.some((margin) => margin < MINIMUM)) return
        table.forEach((count, cell) => {
          if (published[cell] || count === 0 || count >= MINIMUM) return
          expect(widthOf(table, published, cell)).toBeGreaterThanOrEqual(MINIMUM)
        })
      }),
      { numRuns: 500 },
    )
  })

  it('is published whole when every cell has enough, an empty one among them not', () => {
    expect(publishableCells({ shape: [2, 2], counts: [10, 20, 30, 40] }, 10)).toEqual([true, true, true, true])
    expect(publishableCells({ shape: [3], counts: [50, 3, 60] }, 10)).toEqual([false, false, true])
    expect(publishableCells({ shape: [], counts: [9] }, 10)).toEqual([false])
    expect(publishableCells({ shape: [2, 2], counts: [50, 3, 60, 70] }, 10)).toEqual([false, false, false, false])
  })
})

describe('intervals of survival', () => {
  it('are joined until events and censorings are none or enough, and count every record', () => {
    const row = fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 1 }))
    fc.assert(
      fc.property(fc.array(row, { maxLength: 300 }), (rows) => {
        const grid = Array.from({ length: 16 }, (_, index) => index + 1)
        const summary = survivalSummary(grid)
        const follow = { time: Float64Array.from(rows, ([time]) => time), event: Float64Array.from(rows, ([, event]) => event) }
        const joined = joinSmallIntervals(summary.add(summary.init(), follow), 10)
        for (const { events, censored } of joined ?? []) {
          expect(events === 0 || events >= 10).toBe(true)
          expect(censored === 0 || censored >= 10).toBe(true)
        }
        if (joined) expect(total(joined.map(({ events, censored }) => events + censored))).toBe(rows.length)
      }),
    )
  })

  it('merge to the same counts in any order and grouping, on the edges that all have', () => {
    const summary = survivalSummary([1, 2, 3, 4])
    const state = fc
      .uniqueArray(fc.integer({ min: 0, max: 2 }))
      .chain((edges) =>
        fc.tuple(
          ...[...edges.sort(), 3].map((edge) => fc.record({ edge: fc.constant(edge), events: fc.nat(30), censored: fc.nat(30) })),
        ),
      )
    fc.assert(
      fc.property(state, state, state, (a, b, c) => {
        expect(summary.merge(a, b)).toEqual(summary.merge(b, a))
        expect(summary.merge(summary.merge(a, b), c)).toEqual(summary.merge(a, summary.merge(b, c)))
        expect(summary.merge(a, summary.init())).toEqual(a)
      }),
    )
  })

  it('leave out who has no time, or an event that is neither 0 nor 1', () => {
    expect([isFollowed(1, 1), isFollowed(0, 0), isFollowed(-1, 0), isFollowed(Number.NaN, 1), isFollowed(3, 2)]).toEqual([
      true,
      true,
      false,
      false,
      false,
    ])
  })
})

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}

/** Range of one cell of a 3 × 3 table with known margins: by enumeration of shifts along cycles of unpublished cells. */
function widthOf(table: readonly number[], published: readonly boolean[], cell: number): number {
  const reach = (sign: 1 | -1) => {
    let moved = 0
    let current = [...table]
    for (;;) {
      const path = augmentingCycle(current, published, cell, sign)
      if (path === undefined || moved > 500) return moved
      current = current.map((value, index) => value + (path.get(index) ?? 0))
      moved++
    }
  }
  return reach(1) + reach(-1)
}

/** A unit change of the cell, with changes of other unpublished cells that leave rows and columns as they are: breadth first. */
function augmentingCycle(
  table: readonly number[],
  published: readonly boolean[],
  cell: number,
  sign: 1 | -1,
): Map<number, number> | undefined {
  const [row, column] = [Math.floor(cell / 3), cell % 3]
  if (sign === -1 && table[cell] === 0) return undefined
  const free = (index: number, change: number) => index !== cell && !published[index] && (change > 0 || table[index] > 0)
  // From the cell's column, alternately −sign within a column to another row, +sign within a row to another column, back to its row.
  const queue: { readonly at: number; readonly onColumn: boolean; readonly path: Map<number, number> }[] = [
    { at: column, onColumn: true, path: new Map([[cell, sign]]) },
  ]
  const seen = new Set([`c${column}`])
  for (let head = 0; head < queue.length; head++) {
    const { at, onColumn, path } = queue[head]
    for (let other = 0; other < 3; other++) {
      const index = onColumn ? other * 3 + at : at * 3 + other
      const change = onColumn ? -sign : sign
      if (!free(index, change)) continue
      const next = new Map(path).set(index, change)
      if (onColumn && other === row) return next
      const id = `${onColumn ? 'r' : 'c'}${other}`
      if (seen.has(id)) continue
      seen.add(id)
      queue.push({ at: other, onColumn: !onColumn, path: next })
    }
  }
  return undefined
}
