import type { DuckDBConnection } from '@duckdb/node-api'
import type { JsonLinesFile } from '../../ports/datasource-source.ts'
import { dataError, isOutOfMemory, outOfMemory } from '../data-error.ts'
import { quoteName, quotePath } from '../sql-text.ts'
import type { CellColumn } from './cell-tests.ts'
import { isGzip, readStart } from './file-start.ts'
import { requireNames } from './read-header.ts'
import { typeCells } from './type-cells.ts'
import { requireWholeGzip } from './whole-gzip.ts'

/** What values are read as: text that JSON quotes is no number, and what it does not quote is no date. */
const QUOTED = ['date', 'timestamp'] as const
const BARE = ['boolean', 'integer', 'float'] as const

/**
 * Reads one JSON object a line. Columns are the names that any record has; a name that a record lacks, or null, is missing
 * there, and a value that is itself an object or a list is text.
 *
 * @throws {FlottaError} `datasource_unavailable`, `malformed_datasource`; the cause names file and line, for the log of this machine
 */
export async function loadJsonLines(connection: DuckDBConnection, file: JsonLinesFile): Promise<void> {
  const start = readStart(file.path, 4)
  if (start.length === 0) throw dataError('malformed_datasource', `${file.path}:1: the file is empty`)
  const compression = isGzip(start) ? 'gzip' : 'uncompressed'
  if (compression === 'gzip') await requireWholeGzip(file.path)
  const reader = `read_json(${quotePath(file.path)}, format = 'newline_delimited', sample_size = -1, maximum_depth = 1, compression = '${compression}', auto_detect = true, records = true)`
  try {
    await connection.run(`CREATE TEMP TABLE documents AS SELECT * FROM ${reader}`)
  } catch (error) {
    throw malformed(file, error as Error)
  }
  const columns = await columnsOf(connection, file)
  const cells = columns.map(({ name }) => `${quoteName(name)} ->> '$' AS ${quoteName(name)}`)
  await connection.run(`CREATE TEMP TABLE cells AS SELECT ${cells.join(', ')} FROM documents`)
  await connection.run('DROP TABLE documents')
  await typeCells(connection, columns, { where: file.path, features: file.features ?? [] })
}

/** The columns, each with what its values may be read as. */
async function columnsOf(connection: DuckDBConnection, { path }: JsonLinesFile): Promise<CellColumn[]> {
  const described = await connection.runAndReadAll('DESCRIBE documents')
  const columns = described.getRows().map(([name, type]) => ({ name: String(name), type: String(type) }))
  if (columns.some(({ type }) => type !== 'JSON') || columns.length === 0) {
    throw dataError('malformed_datasource', `${path}: expected one JSON object a line`)
  }
  const names = columns.map(({ name }) => name)
  requireNames(names, path)
  const quoted = names.map((name) => `coalesce(bool_or(json_type(${quoteName(name)}) IN ('VARCHAR', 'OBJECT', 'ARRAY')), false)`)
  const reader = await connection.runAndReadAll(`SELECT ${quoted.join(', ')} FROM documents`)
  const [row = []] = reader.getRows()
  return names.map((name, index) => ({ name, readings: row[index] === true ? QUOTED : BARE }))
}

/** The reader's own words without what stands there, which is data; it counts lines from two. */
function malformed({ path }: JsonLinesFile, { message }: Error) {
  if (isOutOfMemory(message)) return outOfMemory(path, message)
  const [, line, what] = /in line (\d+): ([^\n]*)/.exec(message) ?? []
  return dataError(
    'malformed_datasource',
    line === undefined ? `${path}: expected one JSON object a line` : `${path}:${Number(line) - 1}: ${what}`,
  )
}
