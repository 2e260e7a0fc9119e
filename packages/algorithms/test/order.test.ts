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

  it('works where one bin holds nearly all values', () => {
    const values = Float64Array.from({ length: 10_000 }, (_, i) => (i === 7 ? 1e12 : Math.sin(i)))
    const sorted = values.slice().sort()
    expect([...valuesAtRanks(values, [{ from: 4990, to: 5010 }])[0]!]).toEqual([...sorted.slice(4990, 5010)])
  })
})
