import { DuckDBInstance } from '@duckdb/node-api'
import Database from 'libsql'
import pg from 'pg'
import type { TestPostgres } from '../../../../store/test/support/postgres.ts'
import type { PostgresqlTable } from '../../../src/ports/datasource-source.ts'

/** Writes what a statement selects to a Parquet file, in several groups of rows where there are many. */
export async function writeParquet(path: string, select: string): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  await connection.run(`COPY (${select}) TO '${path}' (FORMAT parquet, ROW_GROUP_SIZE 4096)`)
  connection.closeSync()
  instance.closeSync()
}

/** Makes an SQLite database by some statements. */
export function writeSqlite(path: string, sql: string): void {
  const database = new Database(path)
  database.exec(sql)
  database.close()
}

/** A connection to a server; the caller ends it. */
export async function connectPostgres({ host, port, username: user, password, database }: TestPostgres): Promise<pg.Client> {
  const client = new pg.Client({ host, port, user, password, database })
  await client.connect()
  return client
}

/** Does some statements on a server. */
export async function fillPostgres(server: TestPostgres, sql: string): Promise<void> {
  const client = await connectPostgres(server)
  await client.query(sql)
  await client.end()
}

/** A table or view of a server as a source. */
export function postgresTable(server: TestPostgres, schema: string, table: string): PostgresqlTable {
  const { host, port, username, password, database } = server
  return { kind: 'postgresql', name: 't', host, port, username, password, database, schema, table, tls: false, revision: 0 }
}
