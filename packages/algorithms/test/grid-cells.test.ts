import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MAX_MAGNITUDE } from '../src/index.ts'
import { countedCells, gridCells, sortedCells } from '../src/summaries/grid-cells.ts'

const value = fc.oneof(
  { weight: 4, arbitrary: fc.double({ min: -50, max: 250, noNaN: true }) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 90 }) },
  fc.double({ min: -MAX_MAGNITUDE, max: MAX_MAGNITUDE, noNaN: true }),
  fc.constantFrom(0, -0, 5e-324, -1e-300, 1e15, 1e15 + 1, 1e300, -1e300),
)
const column = fc.oneof(
  fc.array(value, { minLength: 1, maxLength: 400 }),
  fc.array(fc.constantFrom(3, 3, 3, 3, 3, 3, 3, 3, 1e6), { minLength: 1, maxLength: 400 }),
  fc.array(fc.integer({ min: 2 ** 52, max: 2 ** 53 - 1 }), { minLength: 1, maxLength: 100 }),
  fc.array(
    fc.double({ min: -20, max: 20, noNaN: true }).map((exponent) => 10 ** exponent),
    { minLength: 1, maxLength: 400 },
  ),
)

describe('the cells of a grid', () => {
  it('are the same whether the values are sorted or counted', () => {
    fc.assert(
      fc.property(column, fc.integer({ min: 1, max: 20 }), (list, fewest) => {
        const values = Float64Array.from(list)
        expect(countedCells(values.slice(), fewest)).toEqual(sortedCells(values.slice(), fewest))
      }),
      { numRuns: 500 },
    )
  })

  it('hold every value once, in ascending order, however many there are', () => {
    const values = Float64Array.from({ length: 100_000 }, (_, i) => Math.tan(i) + (i % 10 === 0 ? 0 : 100))
    const cells = gridCells(values.slice(), 10)
    expect(cells).toEqual(sortedCells(values.slice(), 10))
    expect(cells.reduce((sum, { count }) => sum + count, 0)).toBe(values.length)
    for (const [index, { lower, upper, single }] of cells.entries()) {
      expect(single ? lower === upper : lower < upper).toBe(true)
      expect(lower).toBeGreaterThanOrEqual(cells[index - 1]?.upper ?? Number.NEGATIVE_INFINITY)
    }
  })
})
