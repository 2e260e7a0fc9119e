import { readdirSync, rmSync, statSync } from 'node:fs'
import { setImmediate as turn } from 'node:timers/promises'
import type { Expression, Query, Stage } from '@flotta/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { columnsOf, featuresAmong } from '../../src/data/canonical-types.ts'
import { Engine } from '../../src/data/engine.ts'
import { openTable } from '../../src/data/open-table.ts'
import { compileQuery } from '../../src/data/query/compile-query.ts'
import { storedTablePath } from '../../src/data/stored-table.ts'
import { Table } from '../../src/data/table.ts'
import { TableCache } from '../../src/data/table-cache.ts'
import { addTallies } from '../../src/data/tallies.ts'
import type { DatasourceSource } from '../../src/ports/datasource-source.ts'
import { Folder } from './sources/folder.ts'

/** A table with the key `k`, of two values, and the number `x`, and whatever tally that has. */
async function tableOf(numbers: readonly (number | null)[], sqlType = 'DOUBLE'): Promise<Table> {
  const engine = await Engine.open('memory', {})
  const rows = numbers.map((number, row) => `(${row % 2}, CAST(${number === null ? 'NULL' : `'${number}'`} AS ${sqlType}))`)
  await engine.connection.run(`CREATE TABLE data AS SELECT * FROM (VALUES ${rows.join(', ')}) AS t(k, x)`)
  await addTallies(engine.connection, featuresAmong(await columnsOf(engine.connection)), { fewestRecords: 1 })
  return Table.over(engine, {})
}

const tallied = (table: Table) => table.beside.filter((column) => column.endsWith(' x'))

/** Count and sum of `x`, for each key that there is. */
async function groupsOf(table: Table, stages: Stage[] = [], feature = 'x'): Promise<Map<number, [count: number, sum: number]>> {
  const query: Query = { kind: 'Query', stages }
  const compiled = compileQuery(query, table.schema, table.beside)
  const type = compiled.columns.find(({ name }) => name === feature)!.type
  const { keys, features } = await table.groups([{ key: { feature: 'k' }, type: 'integer' }], [{ name: feature, type }], compiled)
  const [{ counts, sums } = { counts: [], sums: [] }] = features
  return new Map(keys[0]!.map((key, group) => [key as number, [counts[group]!, sums[group]!]]))
}

const everyOther = <T>(values: readonly T[], key: number) => values.filter((_, row) => row % 2 === key)

describe('the tally of a feature', () => {
  it('gives the exact sum of decimals, rounded once, and their count, in every group', async () => {
    const decimals = fc
      .tuple(fc.integer({ min: 0, max: 9 }), fc.constantFrom(3, 100_000, 2 ** 40))
      .chain(([digits, most]) =>
        fc.tuple(
          fc.constant(digits),
          fc.array(fc.option(fc.integer({ min: -most, max: most })), { minLength: 2, maxLength: 60 }),
        ),
      )
    await fc.assert(
      fc.asyncProperty(decimals, async ([digits, scaled]) => {
        const table = await tableOf(scaled.map((value) => value && Number(`${value}e-${digits}`)))
        try {
          expect(tallied(table)).toHaveLength(scaled.some((value) => value !== null) ? 1 : 0)
          for (const [key, [count, sum]] of await groupsOf(table)) {
            const there = everyOther(scaled, key).filter((value) => value !== null)
            const total = there.reduce((all, value) => all + BigInt(value), 0n)
            expect([count, sum]).toEqual([there.length, Number(`${total}e-${digits}`) || 0])
          }
        } finally {
          await table.close()
        }
      }),
      { numRuns: 60 },
    )
  })

  it('adds up what doubles can not show: ten times 0.1 is 1', async () => {
    const table = await tableOf(Array.from({ length: 20 }, () => 0.1))
    expect(await groupsOf(table)).toEqual(
      new Map([
        [0, [10, 1]],
        [1, [10, 1]],
      ]),
    )
    await table.close()
  })

  it.each([
    ['a number has more digits than nine', [0.5, 1 / 3, 2, 0.1]],
    ['a number has more digits than nine, which is not among the first', [...Array.from({ length: 3000 }, () => 0.5), 1 / 3]],
    ['sums would be larger than a double shows', [2 ** 52, 0, 1, 2]],
    ['numbers are far apart', [1e290, 0.001, -1e290, 1e-9]],
    ['there is none', [null, null, null, null]],
  ])('is not there where %s: sums are compensated', async (_, numbers) => {
    const table = await tableOf(numbers)
    expect(tallied(table)).toEqual([])
    for (const [key, [count, sum]] of await groupsOf(table)) {
      const there = everyOther(numbers, key).filter((value) => value !== null)
      expect(count).toBe(there.length)
      expect(sum).toBeCloseTo(
        there.reduce((total, value) => total + value, 0),
        12,
      )
    }
    await table.close()
  })

  it.each([
    ['BIGINT', [1, -2, null, 40_000_000_000, 5, 6], 6, 40_000_000_004],
    ['BOOLEAN', [1, 0, null, 1, 1, 1], 2, 2],
  ])('is there for whole numbers and truth values: %s', async (sqlType, numbers, even, odd) => {
    const table = await tableOf(numbers, sqlType)
    expect(tallied(table)).toHaveLength(1)
    expect(await groupsOf(table)).toEqual(
      new Map([
        [0, [2, even]],
        [1, [3, odd]],
      ]),
    )
    await table.close()
  })

  it('finds digits that come late, and goes with its feature through filters and renames, not with what is computed', async () => {
    const numbers = [...Array.from({ length: 1500 }, (_, row) => row), 0.25, -0.000125]
    const table = await tableOf(numbers)
    expect(tallied(table)).toHaveLength(1)
    const x: Expression = { op: 'feature', name: 'x' }
    const below: Stage = { kind: 'Filter', condition: { op: 'lt', left: x, right: { op: 'value', value: 10 } } }
    const renamed: Stage = { kind: 'Rename', names: [{ from: 'x', to: 'y' }] }
    const doubled: Stage = {
      kind: 'Derive',
      feature: 'x',
      expression: { op: 'call', function: 'multiply', arguments: [x, { op: 'value', value: 2 }] },
    }
    expect(await groupsOf(table, [below, renamed], 'y')).toEqual(
      new Map([
        [0, [6, 20.25]],
        [1, [6, 25 - 0.000125]],
      ]),
    )
    expect((await groupsOf(table, [below, doubled])).get(0)).toEqual([6, 40.5])
    await table.close()
  })

  it.each([
    ['by way of memory', undefined],
    ['straight, and looked for between jobs', 64],
  ])('is stored with a table of many records, %s, and never asked for as a feature', async (_, memoryMb) => {
    using folder = new Folder()
    const source = manyRecords(folder)
    const cache = new TableCache({ folder: `${folder.path}/tables`, memoryMb, spillFolder: folder.path })
    const first = await cache.open(source)
    expect(tallied(first)).toEqual([])
    const answers = [await groupsOf(first)]
    cache.trim()
    await first.keep()
    await turn()
    cache.trim()
    const settled =
      memoryMb === undefined ? await openTable(source, { folder: `${folder.path}/tables` }) : await cache.open(source)
    expect(settled.schema.map(({ name }) => name)).toEqual(['k', 'x', 'filling'])
    expect(tallied(settled)).toHaveLength(1)
    answers.push(await groupsOf(settled))
    const sums = new Map([
      [0, [50_000, 249_500]],
      [1, [50_000, 250_000]],
    ])
    expect(answers).toEqual([sums, sums])
    const file = storedTablePath(`${folder.path}/tables`, source)
    const { ino } = statSync(file)
    await settled.keep()
    expect(statSync(file).ino).toBe(ino)
    expect(readdirSync(`${folder.path}/tables`)).toHaveLength(1)
    await settled.close()
  })

  it('is looked for once by all who have the table open, and not in one whose source has changed', async () => {
    using folder = new Folder()
    const source = manyRecords(folder)
    const settings = { folder: `${folder.path}/tables`, memoryMb: 64, spillFolder: folder.path }
    const [one, other, late] = [
      await openTable(source, settings),
      await openTable(source, settings),
      await openTable(source, settings),
    ]
    await one.keep()
    const file = storedTablePath(settings.folder, source)
    const { ino } = statSync(file)
    await other.keep()
    expect(statSync(file).ino).toBe(ino)
    expect(other.isReplaced).toBe(true)
    rmSync(file)
    await late.keep()
    expect(readdirSync(settings.folder)).toEqual([])
    for (const table of [one, other, late]) {
      expect((await groupsOf(table)).get(0)).toEqual([50_000, 249_500])
      await table.close()
    }
  })
})

/** A table that is large for an engine of 64 MB. */
function manyRecords(folder: Folder): DatasourceSource {
  const lines = Array.from({ length: 100_000 }, (_, row) => `${row % 2},${(row % 1000) / 100},${'-'.repeat(90)}`)
  return { kind: 'file', name: 't', path: folder.write('t.csv', `k,x,filling\n${lines.join('\n')}\n`), format: 'csv' }
}
