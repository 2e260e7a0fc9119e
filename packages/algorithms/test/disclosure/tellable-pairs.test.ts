import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pairsOf, tellablePairs } from '../../src/index.ts'

const MINIMUM = 5

/** Records of each pattern: bit i of a pattern's number says whether the record has a value of feature i. */
type Sizes = readonly number[]

function columnsOf(features: number, sizes: Sizes): Float64Array[] {
  const patterns = sizes.flatMap((size, pattern) => new Array<number>(size).fill(pattern))
  return Array.from({ length: features }, (_, i) =>
    Float64Array.from(patterns, (pattern) => ((pattern >> i) & 1 ? 1 : Number.NaN)),
  )
}

function toldOf(
  features: number,
  sizes: Sizes,
  { minimum = MINIMUM, fewest = minimum }: { minimum?: number; fewest?: number } = {},
): [number, number][] {
  const told = tellablePairs(columnsOf(features, sizes), { fewest, minimum })
  return pairsOf(features).filter((_, place) => told[place])
}

/** The least number of records that any combination of the sums of one feature is a figure of, by trying which records it could be zero on. */
function fewestTold(i: number, told: readonly (readonly [number, number])[], sizes: Sizes): number {
  const others = told.flatMap(([x, y]) => (x === i ? [y] : y === i ? [x] : []))
  const patterns = sizes.map((_, pattern) => pattern).filter((pattern) => sizes[pattern] > 0 && (pattern >> i) & 1)
  const rankOn = (kept: readonly number[]) => rankOf(others.map((j) => kept.map((pattern) => (pattern >> j) & 1)))
  const all = rankOn(patterns)
  let least = Number.POSITIVE_INFINITY
  for (let choice = 0; choice < 2 ** patterns.length; choice++) {
    const kept = patterns.filter((_, place) => !((choice >> place) & 1))
    const left = patterns.filter((_, place) => (choice >> place) & 1).reduce((sum, pattern) => sum + sizes[pattern], 0)
    if (left < least && rankOn(kept) < all) least = left
  }
  return least
}

/** By elimination; entries are zeros and ones of small matrices, so doubles are good enough. */
function rankOf(matrix: readonly (readonly number[])[]): number {
  const rows = matrix.map((row) => [...row])
  let rank = 0
  for (let column = 0; column < (rows[0]?.length ?? 0); column++) {
    const pivot = rows.findIndex((row, place) => place >= rank && Math.abs(row[column]) > 1e-9)
    if (pivot < 0) continue
    ;[rows[rank], rows[pivot]] = [rows[pivot], rows[rank]]
    for (let place = rank + 1; place < rows.length; place++) {
      const factor = rows[place][column] / rows[rank][column]
      rows[place] = rows[place].map((value, at) => value - factor * rows[rank][at])
    }
    rank++
  }
  return rank
}

const size = fc.oneof(
  { weight: 3, arbitrary: fc.constant(0) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 2 * MINIMUM }) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 60 }) },
)
const tables = fc.integer({ min: 1, max: 4 }).chain((features) =>
  fc.record({
    features: fc.constant(features),
    sizes: fc.array(size, { minLength: 2 ** features, maxLength: 2 ** features }),
  }),
)

describe('the joint sums of pairs of features that are told', () => {
  it('are such that no combination of the sums of a feature is of few records', () => {
    fc.assert(
      fc.property(tables, ({ features, sizes }) => {
        const told = toldOf(features, sizes)
        for (let i = 0; i < features; i++) expect(fewestTold(i, told, sizes)).toBeGreaterThanOrEqual(MINIMUM)
      }),
      { numRuns: 400 },
    )
  })

  it('are such that in no combination of the sums of a feature few records weigh much more than all others', () => {
    const factors = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 4, maxLength: 4 })
    fc.assert(
      fc.property(tables, factors, ({ features, sizes }, factor) => {
        const told = toldOf(features, sizes)
        for (let i = 0; i < features; i++) {
          const others = told.flatMap(([x, y]) => (x === i ? [y] : y === i ? [x] : []))
          const weightOf = (pattern: number) =>
            (pattern >> i) & 1 ? others.reduce((sum, j) => sum + (((pattern >> j) & 1) === 1 ? factor[j] : 0), 0) : 0
          const weights = sizes.flatMap((size, pattern) => new Array<number>(size).fill(Math.abs(weightOf(pattern))))
          weights.sort((a, b) => b - a)
          // As many as the minimum have a share of the greatest weight, by how many sums are told of the feature.
          const share = [1, 1, 2, 6, 12][others.length]
          if (weights[0] > 0) expect(weights[MINIMUM - 1] * share).toBeGreaterThanOrEqual(weights[0])
        }
      }),
      { numRuns: 400 },
    )
  })

  it('are all, where there are enough records for each feature with every choice of missing values that there is', () => {
    const enough = fc.constantFrom(0, 4 * MINIMUM, 100)
    fc.assert(
      fc.property(
        fc
          .integer({ min: 1, max: 4 })
          .chain((features) => fc.array(enough, { minLength: 2 ** features, maxLength: 2 ** features })),
        (sizes) => {
          const features = Math.log2(sizes.length)
          const both = (i: number, j: number) => sizes.some((own, pattern) => own > 0 && (pattern >> i) & 1 && (pattern >> j) & 1)
          expect(toldOf(features, sizes)).toEqual(pairsOf(features).filter(([i, j]) => both(i, j)))
        },
      ),
      { numRuns: 200 },
    )
  })

  it('are all, where one record is enough', () => {
    fc.assert(
      fc.property(tables, ({ features, sizes }) => {
        const told = toldOf(features, sizes, { minimum: 1 })
        const all = pairsOf(features).filter(([i, j]) =>
          sizes.some((own, pattern) => own > 0 && (pattern >> i) & 1 && (pattern >> j) & 1),
        )
        expect(told).toEqual(all)
      }),
      { numRuns: 50 },
    )
  })

  const ab = 0b11
  const abc = 0b111
  const sizesOf = (features: number, records: Readonly<Record<number, number>>) =>
    Array.from({ length: 2 ** features }, (_, pattern) => records[pattern] ?? 0)

  it('leave out what a feature has by itself, where few lack the other one of two', () => {
    expect(toldOf(2, sizesOf(2, { [ab]: 100, 1: 3 }))).toEqual([
      [0, 1],
      [1, 1],
    ])
  })

  it('leave out a third feature that few lack, and keep what all have', () => {
    expect(toldOf(3, sizesOf(3, { [abc]: 100, 3: 3 }))).toEqual([
      [0, 0],
      [0, 1],
      [1, 1],
      [2, 2],
    ])
  })

  it('tell no two pairs that differ by few, though each of them is of fewer than all by enough', () => {
    // Of a, b and c enough are lacking, b and c in the same records but for three.
    const told = toldOf(3, sizesOf(3, { [abc]: 100, 1: 50, 3: 3 }))
    expect(told.some(([i, j]) => i === 0 && j === 1) && told.some(([i, j]) => i === 0 && j === 2)).toBe(false)
  })

  it('leave out a pair that together with two others is of few, though any two of them differ by enough', () => {
    // Of those that have a, all but three have either b or c: a by itself, less the sums with b and with c, is of these three.
    const sizes = sizesOf(3, { 3: 50, 5: 50, 1: 3 })
    expect(toldOf(3, sizes)).toEqual([
      [0, 1],
      [0, 2],
      [1, 1],
      [2, 2],
    ])
  })

  it('are so too for a feature that is named twice, whose sums are of the same values', () => {
    fc.assert(
      fc.property(tables, ({ features, sizes }) => {
        const columns = columnsOf(features, sizes)
        const told = tellablePairs([columns[0], ...columns], { fewest: MINIMUM, minimum: MINIMUM })
        const asOne = pairsOf(features + 1).flatMap(([i, j], place): [number, number][] =>
          told[place] ? [[Math.max(0, i - 1), Math.max(0, j - 1)]] : [],
        )
        expect(fewestTold(0, asOne, sizes)).toBeGreaterThanOrEqual(MINIMUM)
      }),
      { numRuns: 100 },
    )
  })
})
