import type { DuckDBConnection } from '@duckdb/node-api'
import { quoteName, quoteText } from '../sql-text.ts'
import type { CellsOptions } from './cell-tests.ts'
import { bareTextOf, type JsonColumn, jsonColumns, textOf } from './json-columns.ts'
import { loadAsExpected } from './load-as-expected.ts'

const FIRST_RECORDS = 1000
/** Of records that have the same names in the same order. */
const MOST_SHAPES = 10_000

/**
 * Reads JSON lines in two passes into the table `data`: one for the names that any record has, one that reads each column as what its first values are
 * ({@link loadAsExpected}).
 *
 * @param documents the file and its format, as arguments of the engine's readers
 * @returns false, and no table, where a value is something else, a column has none in the first records, or the file can not be read so
 */
export async function loadJsonAsExpected(
  connection: DuckDBConnection,
  documents: string,
  options: CellsOptions,
): Promise<boolean> {
  try {
    const names = await namesOf(connection, documents)
    if (names === undefined) return false
    const types = names.map((name) => `${quoteText(name)}: 'JSON'`)
    const reader = `read_json(${documents}, columns = {${types.join(', ')}}, records = true)`
    const columns = await jsonColumns(connection, names, `(SELECT * FROM ${reader} LIMIT ${FIRST_RECORDS})`)
    if (columns.some(({ quoted }) => quoted === null)) return false
    return await loadAsExpected(connection, columns, options, (direct) => {
      const cells = columns.map((column) => `${cellOf(column, direct.has(column.name))} AS ${quoteName(column.name)}`)
      return `(SELECT ${cells.join(', ')} FROM ${reader})`
    })
  } catch {
    return false
  }
}

/** A number is cast from what stands in the file, which is an error of the whole statement where it is something else. */
function cellOf({ name, quoted }: JsonColumn, isNumber: boolean): string {
  if (isNumber) return `CAST(CAST(${quoteName(name)} AS VARCHAR) AS DOUBLE)`
  return quoted === true ? textOf(name) : bareTextOf(name)
}

/** The names that any record has, in the order in which they come first; undefined where they take a closer look, which the engine's own detection has. */
async function namesOf(connection: DuckDBConnection, documents: string): Promise<string[] | undefined> {
  const reader = await connection.runAndReadAll(
    `SELECT to_json(shape) FROM (SELECT json_keys(json) AS shape, row_number() OVER () AS place FROM read_json_objects(${documents}))
     GROUP BY shape ORDER BY min(place) LIMIT ${MOST_SHAPES + 1}`,
  )
  const shapes = reader.getRows().map(([shape]) => JSON.parse(String(shape)) as string[] | null)
  const names = new Set<string>()
  for (const shape of shapes) {
    if (shape === null || new Set(shape).size < shape.length) return undefined
    for (const name of shape) names.add(name)
  }
  const distinct = new Set([...names].map((name) => name.toLowerCase()))
  return shapes.length > MOST_SHAPES || names.size === 0 || distinct.size < names.size || names.has('') ? undefined : [...names]
}
