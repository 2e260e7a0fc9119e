import type { DuckDBConnection } from '@duckdb/node-api'
import { type DelimitedFile, defaultMissing } from '../../ports/datasource-source.ts'
import { dataError, isOutOfMemory, outOfMemory } from '../data-error.ts'
import { quotePath, quoteText } from '../sql-text.ts'
import { readHeader, separatorOf } from './read-header.ts'
import { typeCells } from './type-cells.ts'
import { requireWholeGzip } from './whole-gzip.ts'

/**
 * Reads a CSV or TSV file: first as text, by the declared format and nothing guessed, then each column as the type that all its
 * cells have. A ragged line, an open quote or text that is not UTF-8 is an error.
 *
 * @throws {FlottaError} `datasource_unavailable`, `malformed_datasource`; the cause names file and line, for the log of this machine
 */
export async function loadDelimited(connection: DuckDBConnection, file: DelimitedFile): Promise<void> {
  const { names, compressed } = readHeader(file)
  if (compressed) await requireWholeGzip(file.path)
  try {
    await connection.run(`CREATE TEMP TABLE cells AS SELECT * FROM ${reader(file, names, compressed)}`)
  } catch (error) {
    throw malformed(file, error as Error)
  }
  await typeCells(
    connection,
    names.map((name) => ({ name })),
    { where: file.path, decimal: file.decimal ?? '.', features: file.features ?? [] },
  )
}

function reader(file: DelimitedFile, names: readonly string[], compressed: boolean): string {
  const columns = `{${names.map((name) => `${quoteText(name)}: 'VARCHAR'`).join(', ')}}`
  const missing = `[${missingTexts(file).map(quoteText).join(', ')}]`
  const options = [
    'auto_detect = false',
    'header = true',
    `delim = ${quoteText(separatorOf(file))}`,
    `quote = '"'`,
    `escape = '"'`,
    `nullstr = ${missing}`,
    'strict_mode = true',
    'null_padding = false',
    // A tenth of the default: memory is bounded by the number of buffers under way.
    'buffer_size = 4194304',
    `compression = '${compressed ? 'gzip' : 'none'}'`,
  ]
  return `read_csv(${quotePath(file.path)}, columns = ${columns}, ${options.join(', ')})`
}

/** An empty cell is missing, whatever else the owner names or does not name. */
function missingTexts({ missing = defaultMissing }: DelimitedFile): readonly string[] {
  return missing.includes('') ? missing : ['', ...missing]
}

/** The reader's own words without the line's content, which is data. */
function malformed({ path }: DelimitedFile, { message }: Error) {
  if (isOutOfMemory(message)) return outOfMemory(path, message)
  const line = /CSV Error on Line: (\d+)/.exec(message)?.[1]
  const what = message
    .split('\n')
    .find((text) => /^\s*(Expected Number|Invalid unicode|Value with unterminated|Maximum line)/i.test(text))
  const said = what?.trim().slice(0, 300) ?? 'it can not be read as declared'
  return dataError('malformed_datasource', `${path}${line === undefined ? '' : `:${line}`}: ${said}`)
}
