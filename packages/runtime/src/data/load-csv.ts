import type { DuckDBConnection } from '@duckdb/node-api'
import type { DatasourceFile } from '../ports/task-executor.ts'
import { dataError } from './data-error.ts'
import { inferTypes } from './infer-types.ts'
import { readHeader, separatorOf } from './read-header.ts'
import { quoteName, quotePath, quoteText } from './sql-text.ts'

/** Cells that mean that there is no value. */
const MISSING = "['', 'NA', 'N/A', 'NaN', 'nan', 'null', 'NULL']"

/**
 * Reads a CSV or TSV file into the table `data`: first as text, by the declared format and nothing guessed, then each column as
 * the type that all its cells have. A ragged line, an open quote or text that is not UTF-8 is an error.
 *
 * @throws {FlottaError} `datasource_unavailable`, `malformed_datasource`; the cause names file and line, for the log of this machine
 */
export async function loadCsv(connection: DuckDBConnection, file: DatasourceFile): Promise<void> {
  const names = readHeader(file)
  try {
    await connection.run(`CREATE TEMP TABLE cells AS SELECT * FROM ${reader(file, names)}`)
  } catch (error) {
    throw malformed(file, error as Error)
  }
  const columns = await inferTypes(connection, 'cells', names)
  const typed = columns.map(({ name, expression }) => `${expression} AS ${quoteName(name)}`)
  await connection.run(`CREATE TABLE data AS SELECT ${typed.join(', ')} FROM cells`)
  await connection.run('DROP TABLE cells')
}

function reader(file: DatasourceFile, names: readonly string[]): string {
  const columns = `{${names.map((name) => `${quoteText(name)}: 'VARCHAR'`).join(', ')}}`
  const format = `auto_detect = false, header = true, delim = ${quoteText(separatorOf(file))}, quote = '"', escape = '"', nullstr = ${MISSING}`
  return `read_csv(${quotePath(file.path)}, columns = ${columns}, ${format}, strict_mode = true, null_padding = false)`
}

/** The reader's own words without the line's content, which is data. */
function malformed({ path }: DatasourceFile, { message }: Error) {
  const line = /CSV Error on Line: (\d+)/.exec(message)?.[1]
  const [what = message] = message
    .split('\n')
    .filter((text) => /^\s*(Expected Number|Invalid unicode|Value with unterminated|Maximum line)/i.test(text))
  return dataError('malformed_datasource', `${path}${line === undefined ? '' : `:${line}`}: ${what.trim().slice(0, 300)}`)
}
