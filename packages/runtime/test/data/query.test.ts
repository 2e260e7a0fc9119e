import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MAX_MAGNITUDE } from '@flotta/algorithms'
import { type ColumnType, type Expression, isNumericType, LARGEST_NUMBER, type Query } from '@flotta/contract'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ColumnCache } from '../../src/data/column-cache.ts'
import { openTable } from '../../src/data/open-table.ts'
import { compileQuery } from '../../src/data/query/compile-query.ts'
import type { Table } from '../../src/data/table.ts'
import { interpret, type Value } from './interpreter.ts'
import { csv, rows, schema, workingQueries } from './queries.ts'

const folder = mkdtempSync(join(tmpdir(), 'flotta-query-'))
let table: Table
/** The same, which keeps no columns: all come out of the query engine. */
let uncached: Table

beforeAll(async () => {
  const path = join(folder, 'table.csv')
  writeFileSync(path, csv)
  const source = { kind: 'file', name: 'table', path, format: 'csv' } as const
  table = await openTable(source)
  uncached = await openTable(source, {}, new ColumnCache(0))
})
afterAll(async () => {
  await Promise.all([table.close(), uncached.close()])
  rmSync(folder, { recursive: true, force: true })
})

/** A midnight is written as its date. */
function textOf(value: unknown, type: ColumnType): unknown {
  return type === 'timestamp' && typeof value === 'string' ? value.replace(/ 00:00:00$/, '') : value
}

describe('a compiled query', () => {
  it('reads the table with the types that its cells have', () => {
    expect(table.schema).toEqual(schema)
  })

  it('selects and computes what the query means, record by record (to 1e-12)', async () => {
    await fc.assert(
      fc.asyncProperty(workingQueries, async (query) => {
        const compiled = compileQuery(query, table.schema)
        const expected = interpret(query, schema, rows)
        expect(await table.count(compiled)).toBe(expected.length)
        for (const { name, type } of compiled.columns) {
          if (isNumericType(type)) {
            const [values] = await table.numbers([name], compiled)
            expect(values).toHaveLength(expected.length)
            for (const [row, record] of expected.entries()) expectClose(values![row]!, record[name]!)
            expect(await uncached.numbers([name], compiled)).toEqual([values])
          } else
            expect(await table.texts({ name, type }, compiled)).toEqual(expected.map((record) => textOf(record[name]!, type)))
        }
      }),
      { numRuns: 300 },
    )
  })

  it('has no number that is larger than any measured value, and says so: what is computed of its numbers has a sum', () => {
    expect(LARGEST_NUMBER).toBe(MAX_MAGNITUDE)
    const larger = 2 ** 970 + 2 ** 918
    const constant = (value: number): Expression => ({ op: 'value', value })
    const refused = { code: 'unsuitable_feature', message: expect.stringContaining('at most 2^970') }
    for (const expression of [
      constant(larger),
      constant(-larger),
      { op: 'call', function: 'abs', arguments: [constant(-larger)] },
      { op: 'in', operand: { op: 'feature', name: 'f' }, values: [1, larger] },
    ] satisfies Expression[])
      expect(() => compileQuery(derived(expression), schema)).toThrow(expect.objectContaining(refused))
    expect(compileQuery(derived(constant(-LARGEST_NUMBER)), schema).parameters).toEqual([-LARGEST_NUMBER])
  })
})

function derived(expression: Expression): Query {
  return { kind: 'Query', stages: [{ kind: 'Derive', feature: 'x', expression }] }
}

function expectClose(actual: number, expected: Value): void {
  if (expected === null) expect(actual).toBeNaN()
  else expect(Math.abs(actual - Number(expected))).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(Number(expected))))
}
