import type { DuckDBConnection } from '@duckdb/node-api'
import type { FeatureDeclaration } from '../../ports/datasource-source.ts'
import { dataError } from '../data-error.ts'
import { quoteName } from '../sql-text.ts'
import { categoryTest, type DecimalMark, type ReadableType, readableTypes, readingsOf } from './readings.ts'

/** A column of the table `cells`, whose columns are all text. */
export interface CellColumn {
  readonly name: string
  /** What its cells may be read as if all of them fit, the narrowest first; anything unless told. */
  readonly readings?: readonly ReadableType[]
}

export interface CellsOptions {
  /** What a message begins with: the file or table. */
  readonly where: string
  readonly decimal?: DecimalMark
  /** What the owner has declared. */
  readonly features: readonly FeatureDeclaration[]
}

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
  const readings = readingsOf(options.decimal ?? '.')
  const types = await typesOf(connection, columns, options)
  const typed = columns.map(({ name }, index) => {
    const type = types[index]
    return `${type === undefined ? quoteName(name) : readings[type].value(cellOf(name))} AS ${quoteName(name)}`
  })
  await connection.run(`CREATE TABLE data AS SELECT ${typed.join(', ')} FROM cells`)
  await connection.run('DROP TABLE cells')
}

/** @throws {FlottaError} `malformed_datasource` when a column is declared that is not there */
export function requireDeclaredColumns(columns: readonly { readonly name: string }[], { features, where }: CellsOptions): void {
  const names = new Set(columns.map(({ name }) => name))
  const absent = features.find(({ feature }) => !names.has(feature))?.feature
  if (absent !== undefined)
    throw dataError('malformed_datasource', `${where}: there is no column "${absent}", which schema names`)
}

async function typesOf(
  connection: DuckDBConnection,
  columns: readonly CellColumn[],
  options: CellsOptions,
): Promise<(ReadableType | undefined)[]> {
  const tests = columns.flatMap((column) => testsOf(column, options))
  const passed = await allPass(connection, tests)
  const types: (ReadableType | undefined)[] = []
  for (const column of columns) {
    const own = tests.map((test, index) => ({ ...test, passed: passed[index]! })).filter(({ name }) => name === column.name)
    const refused = own.find((test) => test.required && !test.passed)
    if (refused !== undefined) throw await misfit(connection, refused, options)
    types.push(own.find((test) => test.passed)?.type)
  }
  return types
}

interface Test {
  readonly name: string
  readonly expression: string
  /** What the column is when the test passes; text where there is none. */
  readonly type: ReadableType | undefined
  /** What the owner has declared, and every cell therefore has to be. */
  readonly required: string | undefined
}

function testsOf({ name, readings: possible = readableTypes }: CellColumn, { features, decimal = '.' }: CellsOptions): Test[] {
  const readings = readingsOf(decimal)
  const { type, categories = [] } = features.find(({ feature }) => feature === name) ?? {}
  if (categories.length > 0) {
    return [{ name, expression: categoryTest(quoteName(name), categories), type: undefined, required: 'one of its categories' }]
  }
  if (type === 'string' || type === 'categorical') return []
  const types = type === undefined ? possible : [type]
  return types.map((candidate) => ({
    name,
    expression: readings[candidate].test(cellOf(name)),
    type: candidate,
    required: type === undefined ? undefined : `of the declared type ${type}`,
  }))
}

/** What fails on the first cells fails on all, and most readings do: the rest is asked of the whole table. */
const FIRST_CELLS = 4096

/** Whether all cells with a value pass; a column without any is what its owner declares, else nothing. */
async function allPass(connection: DuckDBConnection, tests: readonly Test[]): Promise<boolean[]> {
  const first = await answers(connection, tests, `(SELECT * FROM cells LIMIT ${FIRST_CELLS})`, () => true)
  const open = tests.filter(({ required }, index) => required !== undefined || first[index])
  const passed = await answers(connection, open, 'cells', ({ required }) => required !== undefined)
  const all = new Map(open.map((test, index) => [test, passed[index]!]))
  return tests.map((test) => all.get(test) ?? false)
}

/** @param empty the answer where no cell has a value */
async function answers(
  connection: DuckDBConnection,
  tests: readonly Test[],
  from: string,
  empty: (test: Test) => boolean,
): Promise<boolean[]> {
  if (tests.length === 0) return []
  const expressions = tests.map(
    (test) => `coalesce(bool_and(${test.expression}) FILTER (WHERE ${quoteName(test.name)} IS NOT NULL), ${empty(test)})`,
  )
  const reader = await connection.runAndReadAll(`SELECT ${expressions.join(', ')} FROM ${from}`)
  return (reader.getRows()[0] ?? []).map((value) => value === true)
}

/** Says where a column is not what its owner has declared. */
async function misfit(connection: DuckDBConnection, { name, expression, required }: Test, { where }: CellsOptions) {
  const reader = await connection.runAndReadAll(
    `SELECT count(*), min(rowid) FROM cells WHERE ${quoteName(name)} IS NOT NULL AND NOT (${expression})`,
  )
  const [count, first] = reader.getRows()[0] ?? []
  return dataError(
    'malformed_datasource',
    `${where}: ${count} cells of column "${name}" are not ${required}; the first is in record ${Number(first) + 1}`,
  )
}

function cellOf(name: string): string {
  return `trim(${quoteName(name)})`
}
