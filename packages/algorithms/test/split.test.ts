import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRandom, trainTestSplit } from '../src/index.ts'

const problem = fc.record({
  codes: fc.array(fc.nat(5), { minLength: 2, maxLength: 200 }).map((codes) => Int32Array.from(codes)),
  testSize: fc.double({ min: 0.01, max: 0.99, noNaN: true }),
  stratify: fc.boolean(),
  seed: fc.nat(),
})

describe('a split into train and test', () => {
  it('puts every row in exactly one part, and leaves neither empty', () => {
    fc.assert(
      fc.property(problem, ({ codes, testSize, stratify, seed }) => {
        const { train, test } = trainTestSplit(codes, { testSize, stratify, random: createRandom(seed) })
        expect([...train, ...test].sort((a, b) => a - b)).toEqual([...codes.keys()])
        expect(train.length).toBeGreaterThan(0)
        expect(test.length).toBeGreaterThan(0)
      }),
    )
  })

  it('keeps each class’s share when stratified, and a row of every class to train on', () => {
    fc.assert(
      fc.property(problem, ({ codes, testSize, seed }) => {
        const { train, test } = trainTestSplit(codes, { testSize, stratify: true, random: createRandom(seed) })
        const countIn = (rows: Int32Array, c: number) => rows.filter((row) => codes[row] === c).length
        const classes = [...new Set(codes)]
        const hasPair = classes.some((c) => countIn(train, c) + countIn(test, c) > 1)
        fc.pre(hasPair)
        for (const c of classes) {
          const size = countIn(train, c) + countIn(test, c)
          expect(countIn(train, c)).toBeGreaterThan(0)
          if (size > 1) expect(Math.abs(countIn(test, c) - size * testSize)).toBeLessThan(1)
        }
      }),
    )
  })

  it('is the same for the same seed and another for another seed', () => {
    const codes = new Int32Array(100)
    const split = (seed: number) => trainTestSplit(codes, { testSize: 0.3, stratify: false, random: createRandom(seed) })
    expect(split(1)).toEqual(split(1))
    expect(split(1)).not.toEqual(split(2))
    expect(split(1).test).toHaveLength(30)
  })

  it('refuses one row, and a test size outside (0, 1)', () => {
    const options = { testSize: 0.5, stratify: true, random: createRandom(1) }
    expect(() => trainTestSplit(Int32Array.of(0), options)).toThrow(RangeError)
    expect(() => trainTestSplit(Int32Array.of(0, 1), { ...options, testSize: 1 })).toThrow(RangeError)
    expect(() => trainTestSplit(Int32Array.of(0, -1), options)).toThrow(RangeError)
  })
})
