import type { DuckDBConnection } from '@duckdb/node-api'
import { quoteName } from '../sql-text.ts'
import type { CellColumn } from './cell-tests.ts'

/** What values are read as: text that JSON quotes is no number, and what it does not quote is no date. */
const QUOTED = ['date', 'timestamp'] as const
const BARE = ['boolean', 'integer', 'float'] as const

/** A column of JSON values. */
export interface JsonColumn extends CellColumn {
  /** Whether a value of it is a text, an object or a list; null where there is no value. */
  readonly quoted: boolean | null
}

/** The columns of a table of JSON values, each with what its values may be read as. */
export async function jsonColumns(connection: DuckDBConnection, names: readonly string[], table: string): Promise<JsonColumn[]> {
  const quoted = names.map((name) => `bool_or(json_type(${quoteName(name)}) IN ('VARCHAR', 'OBJECT', 'ARRAY'))`)
  const reader = await connection.runAndReadAll(`SELECT ${quoted.join(', ')} FROM ${table}`)
  const [row = []] = reader.getRows()
  return names.map((name, index) => ({
    name,
    quoted: row[index] as boolean | null,
    readings: row[index] === true ? QUOTED : BARE,
  }))
}

/** A JSON value as text, without the marks around it. */
export function textOf(name: string): string {
  return `(${quoteName(name)} ->> '$')`
}

/** The same of a value that is neither text nor object nor list; else an error of the whole statement. */
export function bareTextOf(name: string): string {
  const first = `ascii(CAST(${quoteName(name)} AS VARCHAR))`
  return `CASE WHEN ${first} IN (ascii('"'), ascii('{'), ascii('[')) THEN error('unexpected') ELSE ${textOf(name)} END`
}
