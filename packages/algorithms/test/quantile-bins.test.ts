import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  binsOf,
  createRandom,
  guardedExtremes,
  type QuantileBins,
  quantileBinsSummary,
  quantileOfBins,
  shuffleInPlace,
} from '../src/index.ts'

const value = fc.oneof(
  fc.double({ min: -1e3, max: 1e3, noNaN: true }),
  fc.integer({ min: 0, max: 20 }),
  fc.constantFrom(Number.NaN, 1e290, -1e290, 5e-324, 0, -0, 1e16),
)
const probability = fc.oneof(fc.constantFrom(0, 0.25, 0.5, 0.75, 1), fc.double({ min: 0, max: 1, noNaN: true }))

function pooledQuantile(values: readonly number[], probability: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  const place = (sorted.length - 1) * probability
  const [low, high] = [sorted[Math.floor(place)], sorted[Math.min(sorted.length - 1, Math.floor(place) + 1)]]
  return low === high ? low : low + (high - low) * (place - Math.floor(place))
}

const within = (lower: number | null, value: number, upper: number | null) => {
  const slack = 1e-9 * Math.abs(value)
  return (lower ?? Number.NEGATIVE_INFINITY) <= value + slack && value - slack <= (upper ?? Number.POSITIVE_INFINITY)
}

describe('quantile bins', () => {
  it('of 1 to 20 sites bound the pooled quantile, whatever the order of merging', () => {
    const table = fc.array(value, { minLength: 1, maxLength: 300 })
    fc.assert(
      fc.property(table, fc.integer({ min: 1, max: 20 }), probability, fc.nat(), (values, siteCount, p, seed) => {
        const random = createRandom(seed)
        const parts = Array.from({ length: siteCount }, (): number[] => [])
        for (const item of values) parts[random.below(siteCount)].push(item)
        const told = parts.filter((part) => binsOf(Float64Array.from(part), { minimumCell: 5 }).length > 0)
        const states = told.map((part) => binsOf(Float64Array.from(part), { minimumCell: 5, resolution: 16 }))
        const merged = states.reduce(quantileBinsSummary.merge, quantileBinsSummary.init())
        shuffleInPlace(states, random)
        expect(states.reduceRight(quantileBinsSummary.merge, quantileBinsSummary.init())).toEqual(merged)
        const pooled = told.flat().filter((item) => !Number.isNaN(item))
        expect(merged.reduce((sum, { count }) => sum + count, 0)).toBe(pooled.length)
        if (pooled.length === 0) return
        const { value: estimate, lower, upper } = quantileOfBins(merged, p)
        expect(within(lower, pooledQuantile(pooled, p), upper)).toBe(true)
        expect(estimate === null).toBe(lower === null || upper === null)
        if (estimate !== null) expect(within(lower, estimate, upper)).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  it('tell of no value that fewer records than the minimum share: each bin holds as many, and the outermost are open', () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 200 }), (values) => {
        const measured = values.filter((item) => !Number.isNaN(item))
        for (const { lower, upper, count } of binsOf(Float64Array.from(values), { minimumCell: 10 })) {
          expect(count).toBeGreaterThanOrEqual(10)
          const inside = measured.filter((item) => within(lower, item, upper))
          expect(inside.length).toBeGreaterThanOrEqual(10)
        }
        const { minimum, maximum } = guardedExtremes(binsOf(Float64Array.from(values), { minimumCell: 10 }))
        if (minimum !== null) expect(measured.filter((item) => item <= minimum).length).toBeGreaterThanOrEqual(10)
        if (maximum !== null) expect(measured.filter((item) => item >= maximum).length).toBeGreaterThanOrEqual(10)
      }),
      { numRuns: 300 },
    )
  })

  it('end at no value of one record, however far it lies from all others', () => {
    // Of more digits than an end may have: what has fewer may be one by chance.
    const digits = fc.double({ min: 1, max: 2, noNaN: true }).filter((part) => !Number.isInteger(part * 2 ** 40))
    const far = fc.tuple(digits, fc.integer({ min: 60, max: 960 }), fc.boolean())
    const outlier = far.map(([part, exponent, isNegative]) => (isNegative ? -1 : 1) * part * 2 ** exponent)
    fc.assert(
      fc.property(fc.uniqueArray(outlier, { minLength: 20, maxLength: 60 }), (outliers) => {
        const ages = Array.from({ length: 200 }, (_, row) => 20 + (row % 50))
        const ends = binsOf(Float64Array.from([...ages, ...outliers]), { minimumCell: 10 }).flatMap(({ lower, upper }) => [
          lower,
          upper,
        ])
        expect(outliers.filter((value) => ends.includes(value))).toEqual([])
      }),
    )
  })

  it('hold ranks to about 1/resolution: of 20,000 values the bounds are within 1 % of the records', () => {
    const random = createRandom(3)
    const values = Float64Array.from({ length: 20_000 }, () => -Math.log(1 - random.float64()))
    const bins: QuantileBins = binsOf(values, { minimumCell: 10 })
    const sorted = values.toSorted()
    for (const p of [0.05, 0.25, 0.5, 0.75, 0.95]) {
      const { value: estimate, lower, upper } = quantileOfBins(bins, p)
      const between = sorted.filter((item) => item >= lower! && item <= upper!).length
      expect(between).toBeLessThanOrEqual(200)
      expect(estimate).toBeCloseTo(pooledQuantile([...sorted], p), 2)
    }
  })

  it('are exact where enough records share each value', () => {
    const ages = Float64Array.from({ length: 1000 }, (_, row) => 20 + (row % 50))
    const bins = binsOf(ages, { minimumCell: 10 })
    for (const p of [0, 0.1, 0.5, 0.99, 1]) {
      const expected = pooledQuantile([...ages], p)
      expect(quantileOfBins(bins, p)).toEqual({ probability: p, value: expected, lower: expected, upper: expected })
    }
    expect(guardedExtremes(bins)).toEqual({ minimum: 20, maximum: 69 })
  })

  it('are told nothing of by a site with too few values', () => {
    expect(binsOf(Float64Array.of(1, 2, 3, Number.NaN), { minimumCell: 4 })).toEqual([])
    expect(quantileOfBins([], 0.5)).toEqual({ probability: 0.5, value: null, lower: null, upper: null })
  })
})
