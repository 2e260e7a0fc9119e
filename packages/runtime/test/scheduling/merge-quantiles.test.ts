import fc from 'fast-check'
import { expect, it } from 'vitest'
import { guardedQuantiles } from '../../src/metadata/guarded-quantiles.ts'
import { mergeQuartiles } from '../../src/scheduling/merge-quantiles.ts'

const site = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 120, maxLength: 400 })
const CELL = 5

it('quartiles of the project are off by no more than they say, for any sites', () => {
  fc.assert(
    fc.property(fc.array(site, { minLength: 1, maxLength: 4 }), (sites) => {
      const merged = mergeQuartiles(
        sites.map((values) => ({ count: values.length, quantiles: guardedQuantiles(Float64Array.from(values), CELL)! })),
      )!
      const pooled = sites.flat()
      // A quantile of a site may itself be half a cell from its place.
      const tolerance = merged.rankError + (sites.length * (CELL + 1)) / pooled.length
      for (const [index, value] of merged.values.entries()) {
        const p = (index + 1) / 4
        const below = pooled.filter((other) => other < value).length / pooled.length
        const notAbove = pooled.filter((other) => other <= value).length / pooled.length
        expect(below).toBeLessThanOrEqual(p + tolerance)
        expect(notAbove).toBeGreaterThanOrEqual(p - tolerance)
      }
    }),
  )
})

it('the quartiles of one site are its own', () => {
  const values = Float64Array.from({ length: 1000 }, (_, i) => i)
  const quantiles = guardedQuantiles(values, 10)!
  expect(mergeQuartiles([{ count: 1000, quantiles }])!.values).toEqual([quantiles[4], quantiles[9], quantiles[14]])
})

it('sites that do not overlap are still merged by their weights', () => {
  const low = Array.from({ length: 19 }, (_, i) => i)
  const high = Array.from({ length: 19 }, (_, i) => 1000 + i)
  const { values } = mergeQuartiles([
    { count: 900, quantiles: low },
    { count: 100, quantiles: high },
  ])!
  expect(values.every((value) => value < 20)).toBe(true)
})

it('nothing published is nothing merged', () => {
  expect(mergeQuartiles([])).toBeNull()
})
