import type { Estimator, GroupKey, GroupStatistic } from '@flotta/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SiteRecords } from '../../../src/data/site-records.ts'
import { TableCache } from '../../../src/data/table-cache.ts'
import { groupTableFamily } from '../../../src/execution/estimators/group-table-family.ts'
import { Folder } from '../../data/sources/folder.ts'

const cells = {
  s: fc.option(fc.constantFrom('north', "o'hara", 'é', '1')),
  i: fc.option(fc.integer({ min: -2, max: 2 })),
  b: fc.option(fc.boolean()),
  d: fc.option(fc.constantFrom('2020-01-01', '1999-12-31')),
  x: fc.option(fc.oneof(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.constantFrom(-1, 0, 1, 2.5, 1e15, 1e100, -1e100))),
}
type Row = { readonly [Name in keyof typeof cells]: string | number | boolean | null }
const table: fc.Arbitrary<Row[]> = fc.array(fc.record(cells), { minLength: 1, maxLength: 60 })

const key: fc.Arbitrary<GroupKey> = fc.oneof(
  fc.record({ feature: fc.constantFrom('s', 'i', 'b', 'd', 'x') }),
  fc.constantFrom<GroupKey[]>(
    { feature: 's', equals: 'north' },
    { feature: 's', equals: '1' },
    { feature: 'i', equals: 1 },
    { feature: 'i', equals: 2.5 },
    { feature: 'x', equals: 2.5 },
    { feature: 'b', equals: true },
    { feature: 'd', equals: '2020-01-01' },
    { feature: 'd', equals: '2020-01-01T00:00' },
  ),
  fc.record({ feature: fc.constantFrom('i', 'x'), edges: fc.constantFrom([-1, 0, 1], [-1e6, 1, 2.5, 3, 1e6], [0, 1]) }),
)

describe('a table of groups', () => {
  it('is the same of sums by the query engine and of the values themselves: keys, numbers, what is withheld; sums to 1e-9 of themselves', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(table, { minLength: 1, maxLength: 2 }), fc.array(key, { maxLength: 2 }), async (tables, keys) => {
        using folder = new Folder()
        const records = await recordsOf(tables, folder)
        const asked: GroupStatistic[] = [
          { kind: 'Mean', features: ['x', 'i'] },
          { kind: 'Missing', features: ['s', 'd'] },
        ]
        const summarise = (statistics: GroupStatistic[]) => {
          const estimator: Estimator = { kind: 'GroupBy', keys, statistics }
          return groupTableFamily.summarise(estimator, records, { minimumRecords: 1, minimumCell: 2 })
        }
        const sums = await summarise(asked)
        const values = await summarise([...asked, { kind: 'Variance', features: ['x'] }])
        expect(shown(sums)).toEqual(shown(values))
        for (const [index, { columns }] of sums.groups.entries())
          for (const [place, { moments }] of columns.entries()) {
            const exact = values.groups[index]!.columns[place]!.moments
            expect(moments === null).toBe(exact === null)
            if (!(moments && exact)) continue
            expect(Math.abs(moments.sum.high - exact.sum.high)).toBeLessThanOrEqual(1e-9 * Math.abs(exact.sum.high))
          }
      }),
      { numRuns: 25, endOnFailure: true },
    )
  })
})

/** All but the sums, which differ by rounding, and the squares, which only one way has. */
function shown({ groups, ...table }: Awaited<ReturnType<typeof groupTableFamily.summarise>>) {
  return {
    ...table,
    groups: groups.map(({ columns, ...group }) => ({
      ...group,
      columns: columns.map(({ moments, ...column }) => ({ ...column, count: moments?.count ?? null })),
    })),
  }
}

async function recordsOf(tables: readonly Row[][], folder: Folder): Promise<SiteRecords> {
  const names = Object.keys(cells) as (keyof Row)[]
  const types = { s: 'string', i: 'integer', b: 'boolean', d: 'date', x: 'float' } as const
  const features = names.map((feature) => ({ feature, type: types[feature], unit: undefined, categories: [] }))
  const sources = tables.map((rows, index) => {
    const lines = rows.map((row) => names.map((name) => row[name] ?? '').join(','))
    const path = folder.write(`${index}.csv`, `${names.join(',')}\n${lines.join('\n')}\n`)
    return { kind: 'file', name: String(index), path, format: 'csv', features } as const
  })
  return SiteRecords.select(sources, { kind: 'Query', stages: [] }, new TableCache())
}
