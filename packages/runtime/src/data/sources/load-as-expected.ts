import type { DuckDBConnection } from '@duckdb/node-api'
import { sqlTypes } from '../query/sql-types.ts'
import { quoteName } from '../sql-text.ts'
import { type CellColumn, type CellsOptions, type CellTest, testsOf, typedCell } from './cell-tests.ts'
import { answers, typesOf } from './type-cells.ts'

/** What a column is expected to be by its first cells: all of them pass the test, or it is text; `unknown` where none has a value. */
type Expected = CellTest | 'text' | 'unknown'

/** As many as show what most columns are; a few more cost as much as the file. */
const FIRST_CELLS = 1000

/**
 * Reads a file in one pass into the table `data`, each column as what its first cells are. The type of a column is the narrowest that
 * all its cells have: what the first ones are not, all are not, so where every cell is what the first ones are, that is the type.
 * Columns whose first cells have no value are typed afterwards.
 *
 * @param read the relation that reads the file, some columns as other types than text
 * @returns false, and no table, where a cell is something else, or the file can not be read as declared: then it is read as text, which tells why
 */
export async function loadAsExpected(
  connection: DuckDBConnection,
  columns: readonly CellColumn[],
  options: CellsOptions,
  read: (types: ReadonlyMap<string, string>) => string,
): Promise<boolean> {
  try {
    await connection.run(`CREATE TEMP TABLE first AS SELECT * FROM ${read(new Map())} LIMIT ${FIRST_CELLS}`)
    const expected = await expectedOf(connection, columns, options)
    await connection.run('DROP TABLE first')
    const direct = columns.filter((_, index) => isReadByEngine(expected[index]!, options)).map(({ name }) => name)
    const values = columns.map((column, index) => {
      const name = quoteName(column.name)
      return `${direct.includes(column.name) ? name : strictValue(column, expected[index]!, options)} AS ${name}`
    })
    const types = new Map(direct.map((name) => [name, 'DOUBLE']))
    await connection.run(`CREATE TABLE data AS SELECT ${values.join(', ')} FROM ${read(types)}`)
    await typeUnknown(
      connection,
      columns.filter((_, index) => expected[index] === 'unknown'),
      options,
    )
    return true
  } catch {
    await connection.run('DROP TABLE IF EXISTS first')
    await connection.run('DROP TABLE IF EXISTS data')
    return false
  }
}

async function expectedOf(
  connection: DuckDBConnection,
  columns: readonly CellColumn[],
  options: CellsOptions,
): Promise<Expected[]> {
  const tests = columns.flatMap((column) => testsOf(column, options))
  const passed = await answers(connection, tests, 'first')
  return columns.map(({ name }) => {
    const own = tests.flatMap((test, index) => (test.name === name ? [{ test, passed: passed[index]! }] : []))
    const required = own.find(({ test }) => test.required !== undefined)
    if (required !== undefined) return required.test
    if (own.length > 0 && own.every((one) => one.passed === null)) return 'unknown'
    return own.find((one) => one.passed)?.test ?? 'text'
  })
}

/** The engine's own reader of text takes exactly the cells for numbers that the test takes, and is twice as fast. */
function isReadByEngine(expected: Expected, { decimal = '.' }: CellsOptions): boolean {
  return typeof expected === 'object' && expected.type === 'float' && decimal === '.'
}

/** The value of a cell, or an error of the whole statement where it does not pass the test. */
function strictValue(column: CellColumn, expected: Expected, options: CellsOptions): string {
  const cell = quoteName(column.name)
  if (typeof expected === 'string') return cell
  const value = typedCell(column, expected.type, options)
  return `CASE WHEN ${cell} IS NULL THEN NULL WHEN ${expected.expression} THEN ${value} ELSE error('unexpected') END`
}

async function typeUnknown(connection: DuckDBConnection, columns: readonly CellColumn[], options: CellsOptions): Promise<void> {
  const types = await typesOf(connection, columns, options, 'data')
  for (const [index, column] of columns.entries()) {
    const type = types[index]
    if (type === undefined) continue
    const value = typedCell(column, type, options)
    await connection.run(`ALTER TABLE data ALTER ${quoteName(column.name)} TYPE ${sqlTypes[type]} USING ${value}`)
  }
}
