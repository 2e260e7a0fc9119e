import type { DuckDBConnection } from '@duckdb/node-api'
import { isFlottaError, toError } from '@flotta/contract'
import type { ParquetFile } from '../../ports/datasource-source.ts'
import { dataError, isOutOfMemory, outOfMemory } from '../data-error.ts'
import { featureTypeOf } from '../feature-type.ts'
import { quoteName, quotePath } from '../sql-text.ts'
import { type CellsOptions, isDeclaredAsText, requireDeclaredColumns } from './cell-tests.ts'
import { readStart } from './file-start.ts'
import { requireNames } from './require-names.ts'
import { typesOf } from './type-cells.ts'

interface ParquetColumn {
  readonly name: string
  readonly type: string
}

/**
 * Reads a Parquet file, whose columns have types of their own. NaN is a missing value, as it is in text; what is nested is text,
 * times of a zone are those of UTC, and columns of bytes are left out.
 *
 * @throws {FlottaError} `datasource_unavailable`, `malformed_datasource`
 */
export async function loadParquet(connection: DuckDBConnection, file: ParquetFile): Promise<void> {
  if (readStart(file.path, 4).toString('latin1') !== 'PAR1') {
    throw dataError('malformed_datasource', `${file.path}: this is no Parquet file`)
  }
  const reader = `read_parquet(${quotePath(file.path)})`
  try {
    await connection.run("SET TimeZone = 'UTC'")
    const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${reader}`)
    const all = described.getRows().map(([name, type]) => ({ name: String(name), type: String(type) }))
    const columns = all.filter(({ type }) => type !== 'BLOB')
    requireNames(await namesInFile(connection, file.path), file.path)
    requireNames(
      columns.map(({ name }) => name),
      file.path,
    )
    const options = { where: file.path, features: file.features ?? [] }
    requireDeclaredColumns(columns, options)
    await connection.run(
      `CREATE TABLE data AS SELECT ${columns.map((column) => columnExpression(column, file)).join(', ')} FROM ${reader}`,
    )
    await requireCategories(connection, columns, options)
  } catch (error) {
    if (isFlottaError(error)) throw error
    const { message } = toError(error)
    if (isOutOfMemory(message)) throw outOfMemory(file.path, message)
    const detail = `${file.path}: it can not be read as Parquet: it is damaged, or was not written to its end`
    throw dataError('malformed_datasource', detail)
  }
}

/** The types of columns are those of the file; the categories of one are what its owner declares, which it has to keep to. */
async function requireCategories(
  connection: DuckDBConnection,
  columns: readonly ParquetColumn[],
  options: CellsOptions,
): Promise<void> {
  const declared = options.features.filter(({ categories }) => categories.length > 0).map(({ feature }) => feature)
  const texts = columns.filter(({ name }) => declared.includes(name)).map(({ name }) => ({ name }))
  await typesOf(connection, texts, options, 'data')
}

/** The names of the columns as the file has them; its directory lists the parts of a nested column after it. */
async function namesInFile(connection: DuckDBConnection, path: string): Promise<string[]> {
  const reader = await connection.runAndReadAll(`SELECT name, coalesce(num_children, 0) FROM parquet_schema(${quotePath(path)})`)
  const [, ...elements] = reader.getRows().map(([name, children]) => ({ name: String(name), children: Number(children) }))
  const names: string[] = []
  let inside = 0
  for (const { name, children } of elements) {
    if (inside === 0) names.push(name)
    else inside--
    inside += children
  }
  return names
}

function columnExpression({ name, type }: ParquetColumn, { path, features = [] }: ParquetFile): string {
  const column = quoteName(name)
  const declared = features.find(({ feature }) => feature === name)?.type
  const own = featureTypeOf(type)
  if (isDeclaredAsText(name, { features })) return `CAST(${column} AS VARCHAR) AS ${column}`
  if (declared === 'float' && own === 'integer') return `CAST(${column} AS DOUBLE) AS ${column}`
  if (declared !== undefined && declared !== own) {
    throw dataError('malformed_datasource', `${path}: column "${name}" is of type ${own}, not of the declared type ${declared}`)
  }
  return `${ownValue(column, type)} AS ${column}`
}

function ownValue(column: string, type: string): string {
  if (type === 'DOUBLE' || type === 'FLOAT') return `CASE WHEN isnan(${column}) THEN NULL ELSE ${column} END`
  if (type.startsWith('TIMESTAMP')) return `CAST(${column} AS TIMESTAMP)`
  if (/\[\d*\]$/.test(type) || /^(STRUCT|MAP|UNION)\(/.test(type)) return `CAST(to_json(${column}) AS VARCHAR)`
  if (/^(ENUM\(|UUID|TIME|INTERVAL|BIT)/.test(type)) return `CAST(${column} AS VARCHAR)`
  return column
}
