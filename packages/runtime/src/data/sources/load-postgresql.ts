import type { DuckDBConnection } from '@duckdb/node-api'
import { isFlottaError } from '@flotta/contract'
import pg from 'pg'
import type { PostgresqlTable } from '../../ports/datasource-source.ts'
import { dataError, isOutOfMemory } from '../data-error.ts'
import { quoteName } from '../sql-text.ts'
import { CellAppender } from './cell-appender.ts'
import { CopyOut } from './copy-out.ts'
import { type PostgresqlColumn, type PostgresqlColumnType, postgresqlColumn } from './postgresql-column.ts'
import { requireNames } from './require-names.ts'
import { typeCells } from './type-cells.ts'

const CONNECT_TIMEOUT_MS = 10_000

/**
 * Reads a table or view of a PostgreSQL database as of one moment, in a session and a transaction that can't write. Columns have
 * the types of the database: `numeric` is a float, NaN is missing, times of a zone are those of UTC, `bytea` is left out, and what has no other
 * meaning is text.
 *
 * @throws {FlottaError} `datasource_unavailable`, `malformed_datasource`
 */
export async function loadPostgresql(connection: DuckDBConnection, source: PostgresqlTable): Promise<void> {
  const where = `${source.host}:${source.port}/${source.database}, table "${source.schema}.${source.table}"`
  const client = new pg.Client({
    host: source.host,
    port: source.port,
    database: source.database,
    user: source.username,
    password: source.password,
    ssl: source.tls ? { rejectUnauthorized: true } : false,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: 'flotta',
    options: '-c default_transaction_read_only=on -c datestyle=ISO -c timezone=UTC -c extra_float_digits=3',
  })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.query('BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY')
    const columns = await columnsOf(client, source, where)
    await copy(client, connection, source, columns)
    await client.query('COMMIT')
    await typeCells(connection, columns, { where, features: source.features ?? [] })
  } catch (error) {
    throw postgresqlError(error, where)
  } finally {
    await client.end().catch(() => undefined)
  }
}

async function columnsOf(
  client: pg.Client,
  { schema, table, features = [] }: PostgresqlTable,
  where: string,
): Promise<PostgresqlColumn[]> {
  const { rows } = await client.query<PostgresqlColumnType>(
    `SELECT a.attname AS name, format_type(coalesce(nullif(t.typbasetype, 0), a.atttypid), NULL) AS type
     FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     JOIN pg_type t ON t.oid = a.atttypid
     WHERE n.nspname = $1 AND c.relname = $2 AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`,
    [schema, table],
  )
  if (rows.length === 0) throw dataError('datasource_unavailable', `${where}: it does not exist, or this user may not see it`)
  const columns = rows.filter(({ type }) => type !== 'bytea').map((row) => postgresqlColumn(row, features))
  requireNames(
    columns.map(({ name }) => name),
    where,
  )
  return columns
}

/** Copies the records as they come: as many as a batch are held here, however many there are. */
async function copy(
  client: pg.Client,
  connection: DuckDBConnection,
  { schema, table }: PostgresqlTable,
  columns: readonly PostgresqlColumn[],
): Promise<void> {
  const appender = await CellAppender.create(connection, columns)
  const expressions = columns.map(({ expression }) => expression).join(', ')
  const records = new CopyOut(`SELECT ${expressions} FROM ${quoteName(schema)}.${quoteName(table)}`, (record, start) => {
    let at = start + FIELD_COUNT_BYTES
    for (const column of columns) {
      const length = record.readInt32BE(at)
      at += LENGTH_BYTES
      column.put(record, at, length)
      at += Math.max(0, length)
    }
    appender.endRecord()
  })
  await client.query(records).done
  appender.close()
}

const FIELD_COUNT_BYTES = 2
const LENGTH_BYTES = 4

/** Without the server's detail, which may hold values: its code and first words say enough. */
function postgresqlError(error: unknown, where: string): unknown {
  const { code = '', message } = error as { code?: string; message: string }
  if (isFlottaError(error) || isOutOfMemory(message)) return error
  return dataError('datasource_unavailable', `${where}: ${[code, message].join(' ').trim()}`)
}
