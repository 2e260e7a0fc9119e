import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Column,
  columnOf,
  createFrame,
  createRandom,
  type Frame,
  rowKeys,
  selectColumns,
  selectRows,
  shuffleInPlace,
  trainTestSplit,
} from '../src/index.ts'

const problem = fc.record({
  codes: fc.array(fc.nat(5), { minLength: 2, maxLength: 200 }).map((codes) => Int32Array.from(codes)),
  testSize: fc.double({ min: 0.01, max: 0.99, noNaN: true }),
  stratify: fc.boolean(),
  seed: fc.nat(),
})

const keysFor = (codes: Int32Array, seed: number) => rowKeys(createFrame(['row'], [Float64Array.from(codes.keys())]), seed)

describe('a split into train and test', () => {
  it('puts every row in exactly one part, and leaves neither empty', () => {
    fc.assert(
      fc.property(problem, ({ codes, testSize, stratify, seed }) => {
        const { train, test } = trainTestSplit(codes, { testSize, stratify, keys: keysFor(codes, seed) })
        expect([...train, ...test].sort((a, b) => a - b)).toEqual([...codes.keys()])
        expect(train.length).toBeGreaterThan(0)
        expect(test.length).toBeGreaterThan(0)
      }),
    )
  })

  it('keeps each class’s share when stratified, and a row of every class to train on', () => {
    fc.assert(
      fc.property(problem, ({ codes, testSize, seed }) => {
        const { train, test } = trainTestSplit(codes, { testSize, stratify: true, keys: keysFor(codes, seed) })
        const countIn = (rows: Int32Array, c: number) => rows.filter((row) => codes[row] === c).length
        const classes = [...new Set(codes)]
        const hasPair = classes.some((c) => countIn(train, c) + countIn(test, c) > 1)
        fc.pre(hasPair)
        const share = Math.ceil(testSize * codes.length) / codes.length
        for (const c of classes) {
          const size = countIn(train, c) + countIn(test, c)
          expect(countIn(train, c)).toBeGreaterThan(0)
          expect(countIn(test, c)).toBeLessThan(size * share + 1)
          if (countIn(train, c) > 1) expect(countIn(test, c)).toBeGreaterThan(size * share - 1)
        }
      }),
    )
  })

  it('has scikit-learn’s sizes: shares of the test rounded up, of the training down, or numbers of rows', () => {
    const codes = new Int32Array(103)
    const sizes = (testSize: number | null, trainSize: number | null = null) => {
      const { train, test } = trainTestSplit(codes, { testSize, trainSize, stratify: false, keys: keysFor(codes, 1) })
      return [train.length, test.length]
    }
    expect(sizes(null)).toEqual([77, 26])
    expect(sizes(0.3)).toEqual([72, 31])
    expect(sizes(null, 0.3)).toEqual([30, 73])
    expect(sizes(0.2, 0.3)).toEqual([30, 21])
    expect(sizes(3)).toEqual([100, 3])
    expect(sizes(3, 50)).toEqual([50, 3])
    expect(() => sizes(0.6, 0.5)).toThrow('together are more')
    expect(() => sizes(103)).toThrow(RangeError)
  })

  it('is the same for the same seed and another for another seed', () => {
    const codes = new Int32Array(100)
    const split = (seed: number) => trainTestSplit(codes, { testSize: 0.3, stratify: false, keys: keysFor(codes, seed) })
    expect(split(1)).toEqual(split(1))
    expect(split(1)).not.toEqual(split(2))
    expect(split(1).test).toHaveLength(30)
  })

  it('refuses one row, and a test size outside (0, 1)', () => {
    const options = { testSize: 0.5, stratify: true, keys: Float64Array.of(1, 2) }
    expect(() => trainTestSplit(Int32Array.of(0), options)).toThrow(RangeError)
    expect(() => trainTestSplit(Int32Array.of(0, 1), { ...options, testSize: 2 })).toThrow(RangeError)
    expect(() => trainTestSplit(Int32Array.of(0, -1), options)).toThrow(RangeError)
  })

  it('divides the same records alike in whatever order rows and columns come, equal records included', () => {
    const cell = fc.oneof(
      fc.integer({ min: 0, max: 3 }).map(Number),
      fc.constant(Number.NaN),
      fc.double({ noDefaultInfinity: true }),
    )
    const record = fc.tuple(cell, fc.option(fc.constantFrom('a', 'b', 'é', '')), fc.nat(2))
    const records = fc.array(record, { minLength: 4, maxLength: 80 })
    fc.assert(
      fc.property(records, fc.nat(), fc.nat(), fc.boolean(), (rows, seed, order, stratify) => {
        const frame = createFrame<Column>(
          ['n', 't', 'c'],
          [Float64Array.from(rows, ([n]) => n), rows.map(([, t]) => t), Float64Array.from(rows, ([, , c]) => c)],
        )
        const trained = (records: Frame<Column>) => {
          const codes = Int32Array.from(columnOf(records, 'c') as Float64Array)
          const { train } = trainTestSplit(codes, { testSize: 0.4, stratify, keys: rowKeys(records, seed) })
          const columns = ['n', 't', 'c'].map((name) => columnOf(records, name))
          return Array.from(train, (row) => JSON.stringify(columns.map((column) => column[row]))).sort()
        }
        const shuffled = selectRows(frame, shuffleInPlace(Int32Array.from(rows.keys()), createRandom(order)))
        expect(trained(shuffled)).toEqual(trained(frame))
        expect(trained(selectColumns(shuffled, ['c', 't', 'n']))).toEqual(trained(frame))
      }),
    )
  })

  it('takes about its share of every group of equal records', () => {
    const keys = rowKeys(createFrame(['n'], [Float64Array.from({ length: 4000 }, (_, row) => row % 4)]), 5)
    const { test } = trainTestSplit(new Int32Array(4000), { testSize: 0.25, stratify: false, keys })
    for (let group = 0; group < 4; group++) {
      const share = test.filter((row) => row % 4 === group).length / 1000
      expect(Math.abs(share - 0.25)).toBeLessThan(0.06)
    }
  })
})
