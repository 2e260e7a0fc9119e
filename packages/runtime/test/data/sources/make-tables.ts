import { DuckDBInstance } from '@duckdb/node-api'
import Database from 'libsql'

/** Writes what a statement selects to a Parquet file. */
export async function writeParquet(path: string, select: string): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  await connection.run(`COPY (${select}) TO '${path}' (FORMAT parquet)`)
  connection.closeSync()
  instance.closeSync()
}

/** Makes an SQLite database by some statements. */
export function writeSqlite(path: string, sql: string): void {
  const database = new Database(path)
  database.exec(sql)
  database.close()
}
