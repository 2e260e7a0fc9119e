import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { valuesAtRanks } from '../src/order/values-at-ranks.ts'

const value = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom(0, -0),
)

describe('valuesAtRanks', () => {
  it('gives what sorting gives, for any values and places', () => {
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 300 }),
        fc.array(fc.tuple(fc.nat(299), fc.nat(20)), { minLength: 1, maxLength: 8 }),
        (list, places) => {
          const values = Float64Array.from(list, (number) => number + 0)
          const sorted = values.slice().sort()
          const ranges = places.map(([start, length]) => {
            const from = start % values.length
            return { from, to: Math.min(values.length, from + 1 + length) }
          })
          expect(valuesAtRanks(values, ranges).map((found) => [...found])).toEqual(
            ranges.map(({ from, to }) => [...sorted.slice(from, to)]),
          )
        },
      ),
    )
  })

  it.each([
    ['nearly all values are one', (i: number) => (i % 200 === 0 ? i - 5000 : 3)],
    ['a value in a hundred is missing', (i: number) => (i % 100 === 0 ? Number.NaN : Math.cos(i))],
    ['values are as far apart as numbers can be', (i: number) => Math.cos(i) * Number.MAX_VALUE],
    ['values are as near as numbers can be', (i: number) => (i % 5) * Number.MIN_VALUE],
  ])('works where %s', (_, at) => {
    const values = Float64Array.from({ length: 20_000 }, (_, i) => at(i))
    const sorted = values.filter((value) => !Number.isNaN(value)).sort()
    const ranges = [0, 150, 9_900, sorted.length - 20].map((from) => ({ from, to: from + 20 }))
    expect(valuesAtRanks(values, ranges).map((found) => [...found])).toEqual(
      ranges.map(({ from, to }) => [...sorted.slice(from, to)]),
    )
  })

  it('works where one bin holds nearly all values', () => {
    const values = Float64Array.from({ length: 10_000 }, (_, i) => (i === 7 ? 1e12 : Math.sin(i)))
    const sorted = values.slice().sort()
    expect([...valuesAtRanks(values, [{ from: 4990, to: 5010 }])[0]!]).toEqual([...sorted.slice(4990, 5010)])
  })
})
