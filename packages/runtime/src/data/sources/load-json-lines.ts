import type { DuckDBConnection } from '@duckdb/node-api'
import type { JsonLinesFile } from '../../ports/datasource-source.ts'
import { dataError, isOutOfMemory, outOfMemory } from '../data-error.ts'
import { quoteName, quotePath } from '../sql-text.ts'
import type { CellColumn } from './cell-tests.ts'
import { isGzip, readStart } from './file-start.ts'
import { jsonColumns, textOf } from './json-columns.ts'
import { loadJsonAsExpected } from './load-json-as-expected.ts'
import { requireNames } from './require-names.ts'
import { typeCells } from './type-cells.ts'
import { requireWholeGzip } from './whole-gzip.ts'

/**
 * Reads one JSON object a line. Columns are the names that any record has; a name that a record lacks, or null, is missing
 * there, and a value that is itself an object or a list is text.
 *
 * @throws {FlottaError} `datasource_unavailable`, `malformed_datasource`; the cause names file and line, for the log of this machine
 */
export async function loadJsonLines(connection: DuckDBConnection, file: JsonLinesFile): Promise<void> {
  const start = readStart(file.path, 4)
  if (start.length === 0) throw dataError('malformed_datasource', `${file.path}:1: the file is empty`)
  const compressed = isGzip(start)
  if (compressed) await requireWholeGzip(file.path)
  const documents = `${quotePath(file.path)}, format = 'newline_delimited', compression = '${compressed ? 'gzip' : 'uncompressed'}'`
  const options = { where: file.path, features: file.features ?? [] }
  if (await loadJsonAsExpected(connection, documents, options)) return
  try {
    const reader = `read_json(${documents}, sample_size = -1, maximum_depth = 1, auto_detect = true, records = true)`
    await connection.run(`CREATE TEMP TABLE documents AS SELECT * FROM ${reader}`)
  } catch (error) {
    throw malformed(file, error as Error)
  }
  const columns = await columnsOf(connection, file, documents)
  const cells = columns.map(({ name }) => `${textOf(name)} AS ${quoteName(name)}`)
  await connection.run(`CREATE TEMP TABLE cells AS SELECT ${cells.join(', ')} FROM documents`)
  await connection.run('DROP TABLE documents')
  await typeCells(connection, columns, options)
}

/** The columns, each with what its values may be read as. */
async function columnsOf(connection: DuckDBConnection, { path }: JsonLinesFile, documents: string): Promise<CellColumn[]> {
  const described = await connection.runAndReadAll('DESCRIBE documents')
  const columns = described.getRows().map(([name, type]) => ({ name: String(name), type: String(type) }))
  if (columns.some(({ type }) => type !== 'JSON') || columns.length === 0) {
    throw dataError('malformed_datasource', `${path}: expected one JSON object a line`)
  }
  requireNames(await namesInFile(connection, documents), path)
  return jsonColumns(
    connection,
    columns.map(({ name }) => name),
    'documents',
  )
}

/** The names that any record has, as the file writes them. */
async function namesInFile(connection: DuckDBConnection, documents: string): Promise<string[]> {
  const names = `SELECT unnest(json_keys(json)) AS name FROM read_json_objects(${documents})`
  const reader = await connection.runAndReadAll(`SELECT DISTINCT name FROM (${names}) ORDER BY name`)
  return reader.getRows().map(([name]) => String(name))
}

/** The reader's own words, of which those about a name that occurs twice hold the record; of lines that are no JSON it counts from two. */
function malformed({ path }: JsonLinesFile, { message }: Error) {
  if (isOutOfMemory(message)) return outOfMemory(path, message)
  const [, twice] = /in line (\d+): Object .* has duplicate key/.exec(message) ?? []
  if (twice !== undefined) return dataError('malformed_datasource', `${path}:${twice}: an object has a name twice`)
  const [, line, what] = /Malformed JSON in file .* in line (\d+): ([^\n.]*)/.exec(message) ?? []
  const expected = 'expected one JSON object a line'
  return dataError(
    'malformed_datasource',
    line === undefined ? `${path}: ${expected}` : `${path}:${Number(line) - 1}: ${what}; ${expected}`,
  )
}
