import { momentsSummary } from '@flotta/algorithms'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { guardedQuantiles } from '../../src/metadata/guarded-quantiles.ts'
import { publishedMissingCells } from '../../src/metadata/missing-cells.ts'
import { publishedMetadata } from '../../src/metadata/publish.ts'
import { rarestOfTwo } from '../../src/metadata/rarest-of-two.ts'
import type { ColumnFigures } from '../../src/metadata/table-figures.ts'
import { defaultMissing } from '../../src/ports/datasource-source.ts'

const momentsOf = (values: Float64Array) => momentsSummary.value(momentsSummary.add(momentsSummary.init(), values))
const policy = { minimumRecords: 10, minimumCell: 10 }

function numeric(name: string, values: readonly number[], missing = 0): ColumnFigures {
  const column = Float64Array.from([...values, ...new Array<number>(missing).fill(Number.NaN)])
  return {
    name,
    type: 'float',
    declared: undefined,
    missing,
    moments: momentsOf(column),
    rarest: rarestOfTwo(column),
    quantiles: guardedQuantiles(column, policy.minimumCell),
    distinct: undefined,
    values: undefined,
  }
}

const text: Omit<ColumnFigures, 'name' | 'values'> = {
  type: 'string',
  declared: undefined,
  missing: 3,
  moments: undefined,
  rarest: undefined,
  quantiles: undefined,
  distinct: 4,
}

const publish = (columns: ColumnFigures[], mode: 'full' | 'summary' | 'schema', records: number) =>
  publishedMetadata('t', { records, columns }, mode, policy)

describe('what is published of a table', () => {
  const spread = Array.from({ length: 1003 }, (_, i) => 20 + ((i * 37) % 1003) / 13.37)

  it('is names, types and units and nothing else in mode schema', () => {
    const column = { ...numeric('x', spread), declared: { feature: 'x', type: undefined, unit: 'kg', categories: [] } }
    expect(publish([column], 'schema', 1003)).toEqual({
      name: 't',
      publish: 'schema',
      records: null,
      problem: null,
      features: [{ name: 'x', type: 'float', unit: 'kg', missing: null, mean: null, std: null, categories: null }],
    })
  })

  it('is, in every mode, the categories that the owner declares, whichever of them occur', () => {
    const declared = { feature: 'sex', type: 'categorical' as const, unit: undefined, categories: ['f', 'm', 'x'] }
    for (const mode of ['schema', 'summary', 'full'] as const) {
      const [declaring] = publish([{ ...text, name: 'sex', values: undefined, declared }], mode, 1003).features
      expect(declaring?.levels).toEqual(['f', 'm', 'x'])
      expect(publish([{ ...text, name: 'sex', values: undefined }], mode, 1003).features[0]).not.toHaveProperty('levels')
    }
  })

  it('is which cells mean that there is no value, where they are not the usual ones', () => {
    const file = { kind: 'file', name: 't', path: 't.csv', format: 'csv' } as const
    expect(publishedMissingCells(file)).toEqual({})
    expect(publishedMissingCells({ ...file, missing: [...defaultMissing].reverse() })).toEqual({})
    expect(publishedMissingCells({ ...file, missing: ['', '-9'] })).toEqual({ missingCells: ['', '-9'] })
    expect(publishedMissingCells({ ...file, format: 'parquet' })).toEqual({ missingCells: [] })
  })

  it('is exact counts, mean and deviation in mode summary, and quartiles to the second digit of the deviation', () => {
    const { records, features } = publish([numeric('x', spread.slice(0, 980), 23)], 'summary', 1003)
    const { mean, std } = momentsOf(Float64Array.from(spread.slice(0, 980)))
    expect(records).toBe(1003)
    expect(features[0]).toMatchObject({ missing: 23, mean, std })
    expect(features[0]?.quantiles).toHaveLength(3)
    for (const value of features[0]!.quantiles!) expect(value).toBe(Math.round(value))
  })

  it('is more quantiles in mode full, as they are', () => {
    const { records, features } = publish([numeric('x', spread, 4)], 'full', 1007)
    expect(records).toBe(1007)
    expect(features[0]).toMatchObject({ missing: 4, mean: momentsOf(Float64Array.from(spread)).mean })
    expect(features[0]?.quantiles).toEqual(guardedQuantiles(Float64Array.from(spread), policy.minimumCell))
  })

  it.each(['full', 'summary'] as const)('holds no mean or deviation of fewer values than a result must rest on (%s)', (mode) => {
    const { features } = publish([numeric('x', spread.slice(0, 9), 991)], mode, 1000)
    expect(features[0]).toMatchObject({ mean: null, std: null })
    expect(features[0]?.quantiles).toBeUndefined()
  })

  it.each(['full', 'summary'] as const)('does not tell how many few records have one of two values (%s)', (mode) => {
    const rare = Array.from({ length: 1000 }, (_, i) => (i < 3 ? 1 : 0))
    expect(publish([numeric('sick', rare)], mode, 1000).features[0]).toMatchObject({ mean: null, std: null })
    const often = Array.from({ length: 1000 }, (_, i) => (i < 300 ? 1 : 0))
    expect(publish([numeric('sick', often)], mode, 1000).features[0]?.mean).toBeCloseTo(0.3, 10)
  })

  it('names categories in mode full alone, and only those that are frequent enough', () => {
    const column: ColumnFigures = { ...text, name: 'c', values: [{ value: 'a', records: 40 }] }
    expect(publish([column], 'summary', 50).features[0]).toEqual({
      name: 'c',
      type: 'categorical',
      missing: 3,
      mean: null,
      std: null,
      categories: 1,
    })
    expect(publish([column], 'full', 60).features[0]).toMatchObject({ categories: 4, values: [{ value: 'a', records: 40 }] })
  })

  it.each(['full', 'summary'] as const)('does not tell by how many records lack a value how few have one (%s)', (mode) => {
    const missingOf = (missing: number) =>
      publish([numeric('x', spread.slice(0, 1000 - missing), missing)], mode, 1000).features[0]
    expect([3, 990, 991, 999, 1000].map((missing) => missingOf(missing)?.missing)).toEqual([3, 990, null, null, 1000])
  })

  it('names no more categories than leave none or enough records to the others', () => {
    const values = [
      { value: 'a', records: 40 },
      { value: 'b', records: 20 },
    ]
    const named = (records: number) => publish([{ ...text, name: 'c', values }], 'full', records).features[0]?.values
    expect([63, 66, 73].map((records) => named(records)?.length)).toEqual([2, 1, 2])
  })

  it('does not tell in mode summary how many different texts there are, for that would be the number of records', () => {
    expect(publish([{ ...text, name: 'id', distinct: 997, values: undefined }], 'summary', 1000).features[0]).toMatchObject({
      type: 'string',
      categories: null,
    })
  })
})

describe('published quantiles', () => {
  const values = fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { maxLength: 400 })

  it('rest on as many values as a cell must have, none of them on the lowest or highest, no two on the same', () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 12 }), (list, minimumCell) => {
        const sorted = Float64Array.from(list, (value) => value + 0).sort()
        const quantiles = guardedQuantiles(Float64Array.from(list), minimumCell)
        if (quantiles === undefined) {
          expect(sorted.length).toBeLessThan(4 * (minimumCell + 1))
          return
        }
        const steps = quantiles.length + 1
        let before = 1
        for (const [index, quantile] of quantiles.entries()) {
          const from = Math.round(((index + 1) / steps) * (sorted.length - 1) - (minimumCell - 1) / 2)
          const window = sorted.slice(from, from + minimumCell)
          expect(from).toBeGreaterThanOrEqual(before)
          before = from + minimumCell
          const mean = window.reduce((sum, value) => sum + value / window.length, 0)
          expect(Math.abs(quantile - mean)).toBeLessThanOrEqual(1e-6)
        }
        expect(before).toBeLessThan(sorted.length)
      }),
    )
  })
})
