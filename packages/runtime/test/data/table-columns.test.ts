import type { Query } from '@flotta/contract'
import { describe, expect, it } from 'vitest'
import { ColumnCache } from '../../src/data/column-cache.ts'
import { openTable } from '../../src/data/open-table.ts'
import { SiteRecords } from '../../src/data/site-records.ts'
import { TableCache } from '../../src/data/table-cache.ts'
import { Folder } from './sources/folder.ts'

const RECORDS = 5000
const names = Array.from({ length: 9 }, (_, index) => `x${index}`)
const cellAt = (row: number, column: number) => (row % 7 === column ? null : row + column / 10)

const source = (folder: Folder) => {
  const lines = Array.from({ length: RECORDS }, (_, row) => names.map((_, column) => cellAt(row, column) ?? '').join(','))
  const path = folder.write('table.csv', `${names.join(',')}\n${lines.join('\n')}\n`)
  return { kind: 'file', name: 'table', path, format: 'csv' } as const
}

const from = (least: number): Query => ({
  kind: 'Query',
  stages: [
    {
      kind: 'Filter',
      condition: { op: 'ge', left: { op: 'feature', name: 'x8' }, right: { op: 'value', value: least } },
    },
  ],
})

const column = (index: number, firstRow = 0) =>
  Float64Array.from({ length: RECORDS - firstRow }, (_, row) => cellAt(firstRow + row, index) ?? Number.NaN)

describe('columns of a table', () => {
  it('that one job has selected are not touched by what it selects next, and the next job gets its own', async () => {
    using folder = new Folder()
    const cache = new TableCache()
    const select = async (least: number) => (await SiteRecords.select([source(folder)], from(least), cache)).frame(names)
    const early = await select(1000)
    const late = await select(1500)
    expect(early.columns).toEqual(names.map((_, index) => column(index, 1000)))
    expect(late.columns).toEqual(names.map((_, index) => column(index, 1500)))
    cache.trim()
    expect((await select(1200)).columns).toEqual(names.map((_, index) => column(index, 1200)))
    const table = await cache.open(source(folder))
    expect(await table.numbers(names, table.all)).toEqual(names.map((_, index) => column(index)))
    await table.close()
  })

  it.each(['rowid', 'ROWID', 'data', 'main', 'x'])(
    'are of the records that a filter selects, whatever a column beside them is called: %s',
    async (name) => {
      using folder = new Folder()
      const path = folder.write(
        't.csv',
        `${name},age,ward\n${Array.from({ length: 40 }, (_, row) => `7,${row},${row % 2}\n`).join('')}`,
      )
      const query: Query = {
        kind: 'Query',
        stages: [
          {
            kind: 'Filter',
            condition: { op: 'eq', left: { op: 'feature', name: 'ward' }, right: { op: 'value', value: 1 } },
          },
        ],
      }
      const records = await SiteRecords.select([{ kind: 'file', name: 't', path, format: 'csv' }], query, new TableCache())
      const { columns } = await records.frame(['age', name])
      expect(columns).toEqual([Float64Array.from({ length: 20 }, (_, row) => 2 * row + 1), new Float64Array(20).fill(7)])
    },
  )

  it.each([
    ['fit into memory together', 16],
    ['fit into it two at a time', 0.1],
    ['do not fit', 0],
  ])('are visited once each, and as they are, where they %s', async (_, megabytes) => {
    using folder = new Folder()
    const table = await openTable(source(folder), {}, new ColumnCache(megabytes))
    const [known] = await table.numbers(['x3'], table.all)
    expect(known).toEqual(column(3))
    const visited = new Map<string, Float64Array>()
    await table.eachColumn(names, (name, values) => {
      expect(visited.has(name)).toBe(false)
      visited.set(name, values.slice())
    })
    expect(names.map((name) => visited.get(name))).toEqual(names.map((_, index) => column(index)))
    await table.close()
  })

  it.each([16, 0])('of a table without records are visited too, where %s MB may be kept', async (megabytes) => {
    using folder = new Folder()
    const declared = { unit: undefined, categories: [] }
    const features = [{ feature: 'x', type: 'float', ...declared }] as const
    const empty = { kind: 'file', name: 'table', path: folder.write('t.csv', 'x\n'), format: 'csv', features } as const
    const table = await openTable(empty, {}, new ColumnCache(megabytes))
    const visited: [string, number][] = []
    await table.eachColumn(['x'], (name, { length }) => visited.push([name, length]))
    expect(visited).toEqual([['x', 0]])
    expect(await table.numbers(['x'], table.all)).toEqual([new Float64Array(0)])
    await table.close()
  })
})
