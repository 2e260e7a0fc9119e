import type { DuckDBConnection } from '@duckdb/node-api'
import Database from 'libsql'
import type { SqliteTable } from '../../ports/datasource-source.ts'
import { dataError } from '../data-error.ts'
import { quoteName } from '../sql-text.ts'
import { CellAppender } from './cell-appender.ts'
import type { CellColumn } from './cell-tests.ts'
import { readStart } from './file-start.ts'
import { requireNames } from './read-header.ts'
import type { ReadableType } from './readings.ts'
import { typeCells } from './type-cells.ts'

const MAGIC = 'SQLite format 3\0'

/**
 * Reads a table or view of an SQLite database, which is opened read-only.
 *
 * SQLite's columns hold values of any type: what a column is follows from its values, and only where those leave it open from its
 * declaration (0 and 1 of a BOOLEAN, whole numbers of a REAL). Text is text, or a date or timestamp where every value is one.
 *
 * @throws {FlottaError} `datasource_unavailable`, `malformed_datasource`
 */
export async function loadSqlite(connection: DuckDBConnection, source: SqliteTable): Promise<void> {
  const { path, table } = source
  const where = `${path}, table "${table}"`
  if (readStart(path, MAGIC.length).toString('latin1') !== MAGIC) {
    throw dataError('malformed_datasource', `${path}: this is no SQLite database`)
  }
  const database = openReadOnly(path)
  try {
    const statement = database
      .prepare(`SELECT * FROM ${quoteName(table)}`)
      .safeIntegers(true)
      .raw(true)
    const columns = (statement.columns() as { name: string; type: string | null }[]).map(({ name, type }, index) => ({
      name,
      index,
      declared: (type ?? '').toUpperCase(),
      text: false,
    }))
    const kept = columns.filter(({ declared }) => declared !== 'BLOB')
    requireNames(
      kept.map(({ name }) => name),
      where,
    )
    const appender = await CellAppender.create(
      connection,
      kept.map(({ name }) => name),
    )
    for (const row of statement.iterate() as Iterable<unknown[]>) {
      appender.append(kept.map((column) => cellOf(row[column.index], column, where)))
    }
    appender.close()
    await typeCells(connection, kept.map(asCells), { where, features: source.features ?? [] })
  } catch (error) {
    throw sqliteError(error, where)
  } finally {
    database.close()
  }
}

interface SqliteColumn {
  readonly name: string
  readonly index: number
  readonly declared: string
  /** Whether a value of it is text. */
  text: boolean
}

/** The mode is part of the URI: SQLite itself refuses to write, and to make a file that is not there. */
function openReadOnly(path: string): Database.Database {
  try {
    return new Database(`file:${encodeURI(path).replaceAll('?', '%3f').replaceAll('#', '%23')}?mode=ro`)
  } catch (error) {
    throw dataError('datasource_unavailable', `${path} can not be opened: ${(error as Error).message}`)
  }
}

function cellOf(value: unknown, column: SqliteColumn, where: string): string | null {
  if (value === null || value === undefined) return null
  if (value instanceof Uint8Array) {
    throw dataError('malformed_datasource', `${where}: column "${column.name}" holds bytes; declare it as BLOB to leave it out`)
  }
  if (typeof value === 'string') {
    column.text = true
    return value
  }
  if (column.declared.startsWith('BOOL') && (value === 0n || value === 1n)) return String(value === 1n)
  return String(value)
}

function asCells({ name, declared, text }: SqliteColumn): CellColumn {
  const whole: readonly ReadableType[] = /REAL|FLOA|DOUB/.test(declared) ? [] : ['integer']
  return { name, readings: text ? ['date', 'timestamp'] : ['boolean', ...whole, 'float'] }
}

/** The database's own words name tables and columns, no values. */
function sqliteError(error: unknown, where: string): unknown {
  const { code, message } = error as { code?: unknown; message: string }
  if (typeof code !== 'string' || !code.startsWith('SQLITE_')) return error
  const passing = /^SQLITE_(BUSY|LOCKED|IOERR|CANTOPEN)/.test(code)
  return dataError(passing ? 'datasource_unavailable' : 'malformed_datasource', `${where}: ${message}`)
}
