import type { DuckDBConnection } from '@duckdb/node-api'
import Database from 'libsql'
import type { SqliteTable } from '../../ports/datasource-source.ts'
import { dataError } from '../data-error.ts'
import { quoteName } from '../sql-text.ts'
import { CellAppender } from './cell-appender.ts'
import { isDeclaredAsText } from './cell-tests.ts'
import { readStart } from './file-start.ts'
import { requireNames } from './require-names.ts'
import { SqliteColumn } from './sqlite-column.ts'
import { typeCells } from './type-cells.ts'

const MAGIC = 'SQLite format 3\0'
/** As many as show which columns are numbers. */
const FIRST_RECORDS = 1000

/**
 * Reads a table or view of an SQLite database, which is opened read-only.
 *
 * SQLite's columns hold values of any type: what a column is follows from its values, and only where those leave it open from its
 * declaration (0 and 1 of a BOOLEAN, whole numbers of a REAL). Text is text, or a date or timestamp where every value is one.
 *
 * @throws {FlottaError} `datasource_unavailable`, `malformed_datasource`
 */
export async function loadSqlite(connection: DuckDBConnection, source: SqliteTable): Promise<void> {
  const { path, table, features = [] } = source
  const where = `${path}, table "${table}"`
  if (readStart(path, MAGIC.length).toString('latin1') !== MAGIC) {
    throw dataError('malformed_datasource', `${path}: this is no SQLite database`)
  }
  const database = openReadOnly(path)
  try {
    const columns = await copy(database, connection, source, where)
    await typeCells(
      connection,
      columns.map((column) => column.asCells()),
      { where, features },
    )
  } catch (error) {
    throw sqliteError(error, where)
  } finally {
    database.close()
  }
}

/**
 * Copies the records into the table `cells`: as numbers where the first ones of a column are. A column of which a later value is none is
 * found when all have been seen, and all are read anew.
 */
async function copy(
  database: Database.Database,
  connection: DuckDBConnection,
  { table, features = [] }: SqliteTable,
  where: string,
): Promise<SqliteColumn[]> {
  const all = `SELECT * FROM ${quoteName(table)}`
  const asText = new Set(features.map(({ feature }) => feature).filter((name) => isDeclaredAsText(name, { features })))
  for (let select = `${all} LIMIT ${FIRST_RECORDS}`; ; select = all) {
    const columns = await copySelected(database, connection, select, asText, where)
    const misfits = columns.filter(({ fits }) => !fits)
    if (select === all && misfits.length === 0) return columns
    for (const { name } of misfits) asText.add(name)
  }
}

async function copySelected(
  database: Database.Database,
  connection: DuckDBConnection,
  select: string,
  asText: ReadonlySet<string>,
  where: string,
): Promise<SqliteColumn[]> {
  const statement = database.prepare(select).safeIntegers(true).raw(true)
  const columns = (statement.columns() as { name: string; type: string | null }[])
    .map(
      ({ name, type }, index) =>
        new SqliteColumn({ name, index, declared: (type ?? '').toUpperCase(), asText: asText.has(name), where }),
    )
    .filter(({ declared }) => declared !== 'BLOB')
  requireNames(
    columns.map(({ name }) => name),
    where,
  )
  const appender = await CellAppender.create(connection, columns)
  for (const record of statement.iterate() as Iterable<unknown[]>) {
    for (const column of columns) column.put(record)
    appender.endRecord()
  }
  appender.close()
  return columns
}

/** The mode is part of the URI: SQLite itself refuses to write, and to make a file that is not there. */
function openReadOnly(path: string): Database.Database {
  try {
    return new Database(`file:${encodeURI(path).replaceAll('?', '%3f').replaceAll('#', '%23')}?mode=ro`)
  } catch (error) {
    throw dataError('datasource_unavailable', `${path} can not be opened: ${(error as Error).message}`)
  }
}

/** The database's own words name tables and columns, no values. */
function sqliteError(error: unknown, where: string): unknown {
  const { code, message } = error as { code?: unknown; message: string }
  if (typeof code !== 'string' || !code.startsWith('SQLITE_')) return error
  const passing = /^SQLITE_(BUSY|LOCKED|IOERR|CANTOPEN)/.test(code)
  return dataError(passing ? 'datasource_unavailable' : 'malformed_datasource', `${where}: ${message}`)
}
