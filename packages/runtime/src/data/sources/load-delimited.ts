import type { DuckDBConnection } from '@duckdb/node-api'
import { type DelimitedFile, defaultMissing } from '../../ports/datasource-source.ts'
import { dataError, isOutOfMemory, outOfMemory } from '../data-error.ts'
import type { EngineLimits } from '../engine.ts'
import { quotePath, quoteText } from '../sql-text.ts'
import { requireDeclaredColumns } from './cell-tests.ts'
import { isGzip, readStart } from './file-start.ts'
import { loadAsExpected } from './load-as-expected.ts'
import { readHeader, separatorOf } from './read-header.ts'
import { typeCells } from './type-cells.ts'
import { requireWholeGzip } from './whole-gzip.ts'

/**
 * Reads a CSV or TSV file by the declared format, with nothing guessed: each column has the type that all its cells have. A ragged line, an
 * open quote or text that is not UTF-8 is an error.
 *
 * @throws {FlottaError} `datasource_unavailable`, `malformed_datasource`; the cause names file and line, for the log of this machine
 */
export async function loadDelimited(
  connection: DuckDBConnection,
  file: DelimitedFile,
  { memoryMb }: EngineLimits,
): Promise<void> {
  const compressed = isGzip(readStart(file.path, 2))
  if (compressed) await requireWholeGzip(file.path)
  const { names, recordBytes } = readHeader(file, compressed)
  const columns = names.map((name) => ({ name }))
  const options = { where: file.path, decimal: file.decimal ?? '.', features: file.features ?? [] }
  requireDeclaredColumns(columns, options)
  const format = formatOf(file, compressed, bufferBytes(recordBytes, memoryMb))
  const read = (types: ReadonlyMap<string, string>) => {
    const typed = names.map((name) => `${quoteText(name)}: '${types.get(name) ?? 'VARCHAR'}'`)
    return `read_csv(${quotePath(file.path)}, columns = {${typed.join(', ')}}, ${format})`
  }
  if (await loadAsExpected(connection, columns, options, read)) return
  try {
    await connection.run(`CREATE TEMP TABLE cells AS SELECT * FROM ${read(new Map())}`)
  } catch (error) {
    throw malformed(file, error as Error)
  }
  await typeCells(connection, columns, options)
}

const MIN_BUFFER_BYTES = 4 * 2 ** 20
const MAX_BUFFER_BYTES = 32 * 2 ** 20
/** Records that the query engine stores together. */
const ROW_GROUP = 122_880

/**
 * What is read at once becomes a row group; parts of row groups are costly to put together. Memory is bounded by the buffers under way, of
 * which there are several.
 */
function bufferBytes(recordBytes: number, memoryMb = Number.POSITIVE_INFINITY): number {
  const most = Math.max(MIN_BUFFER_BYTES, Math.min(MAX_BUFFER_BYTES, Math.floor(memoryMb / 16) * 2 ** 20))
  return Math.min(most, Math.max(MIN_BUFFER_BYTES, Math.ceil(recordBytes * ROW_GROUP * 1.1)))
}

function formatOf(file: DelimitedFile, compressed: boolean, buffer: number): string {
  const options = [
    'auto_detect = false',
    'header = true',
    `delim = ${quoteText(separatorOf(file))}`,
    `quote = '"'`,
    `escape = '"'`,
    `nullstr = [${missingTexts(file).map(quoteText).join(', ')}]`,
    'strict_mode = true',
    'null_padding = false',
    `buffer_size = ${buffer}`,
    `compression = '${compressed ? 'gzip' : 'none'}'`,
  ]
  return options.join(', ')
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
