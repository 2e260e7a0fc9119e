import type { DuckDBConnection } from '@duckdb/node-api'
import { dataError } from '../data-error.ts'
import { placed, quoteName, ROW } from '../sql-text.ts'
import { type CellColumn, type CellsOptions, type CellTest, requireDeclaredColumns, testsOf, typedCell } from './cell-tests.ts'
import type { ReadableType } from './readings.ts'

/**
 * Turns the table `cells` into the table `data`: each column gets the type that all its cells have, never one of a sample, or the
 * one that its owner has declared; a column without any value stays text.
 *
 * @throws {FlottaError} `malformed_datasource` where a declared type or category does not fit a cell
 */
export async function typeCells(
  connection: DuckDBConnection,
  columns: readonly CellColumn[],
  options: CellsOptions,
): Promise<void> {
  requireDeclaredColumns(columns, options)
  const types = await typesOf(connection, columns, options)
  const typed = columns.map((column, index) => `${typedCell(column, types[index], options)} AS ${quoteName(column.name)}`)
  await connection.run(`CREATE TABLE data AS SELECT ${typed.join(', ')} FROM cells`)
  await connection.run('DROP TABLE cells')
}

/**
 * The type that all cells of each column of a table have; none where that is text.
 *
 * @throws {FlottaError} `malformed_datasource` where a declared type or category does not fit a cell
 */
export async function typesOf(
  connection: DuckDBConnection,
  columns: readonly CellColumn[],
  options: CellsOptions,
  table: 'cells' | 'data' = 'cells',
): Promise<(ReadableType | undefined)[]> {
  const tests = columns.flatMap((column) => testsOf(column, options))
  const passed = await allPass(connection, tests, table)
  const types: (ReadableType | undefined)[] = []
  for (const column of columns) {
    const own = tests.map((test, index) => ({ ...test, passed: passed[index]! })).filter(({ name }) => name === column.name)
    const refused = own.find((test) => test.required && !test.passed)
    if (refused !== undefined)
      throw await misfit(
        connection,
        refused,
        options,
        placed(
          table,
          columns.map(({ name }) => name),
        ),
      )
    types.push(own.find((test) => test.passed)?.type)
  }
  return types
}

/** What fails on the first cells fails on all, and most readings do: the rest is asked of the whole table. */
const FIRST_CELLS = 4096

/** Whether all cells with a value pass; a column without any is what its owner declares, else nothing. */
async function allPass(connection: DuckDBConnection, tests: readonly CellTest[], table: string): Promise<boolean[]> {
  const first = await answers(connection, tests, `(SELECT * FROM ${table} LIMIT ${FIRST_CELLS})`)
  const open = tests.filter(({ required }, index) => required !== undefined || first[index] !== false)
  const passed = (await answers(connection, open, table)).map((answer, index) => answer ?? open[index]!.required !== undefined)
  const all = new Map(open.map((test, index) => [test, passed[index]!]))
  return tests.map((test) => all.get(test) ?? false)
}

/** Whether all cells with a value pass each test; null where there are none. */
export async function answers(
  connection: DuckDBConnection,
  tests: readonly CellTest[],
  from: string,
): Promise<(boolean | null)[]> {
  if (tests.length === 0) return []
  const expressions = tests.map(
    ({ cell, expression }) => `bool_and(coalesce(${expression}, false)) FILTER (WHERE ${cell} IS NOT NULL)`,
  )
  const reader = await connection.runAndReadAll(`SELECT ${expressions.join(', ')} FROM ${from}`)
  return (reader.getRows()[0] ?? []) as (boolean | null)[]
}

/** Says where a column is not what its owner has declared. */
async function misfit(
  connection: DuckDBConnection,
  { name, cell, expression, required }: CellTest,
  { where }: CellsOptions,
  records: string,
) {
  const reader = await connection.runAndReadAll(
    `SELECT count(*), min(${quoteName(ROW)}) FROM ${records} WHERE ${cell} IS NOT NULL AND NOT (${expression})`,
  )
  const [count, first] = reader.getRows()[0] ?? []
  const record = Number(first) + 1
  const detail =
    Number(count) === 1
      ? `the cell of column "${name}" in record ${record} is not ${required}`
      : `${count} cells of column "${name}" are not ${required}; the first is in record ${record}`
  return dataError('malformed_datasource', `${where}: ${detail}`)
}
