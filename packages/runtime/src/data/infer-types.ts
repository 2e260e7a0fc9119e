import type { DuckDBConnection } from '@duckdb/node-api'
import { quoteName } from './sql-text.ts'

/** The types that text can be read as, the narrowest first, with the test that every cell with a value must pass. */
const candidates = [
  { type: 'BOOLEAN', test: (cell: string) => `lower(${cell}) IN ('true', 'false')` },
  { type: 'BIGINT', test: (cell: string) => `regexp_full_match(${cell}, '[+-]?[0-9]{1,18}')` },
  { type: 'DOUBLE', test: (cell: string) => `TRY_CAST(${cell} AS DOUBLE) IS NOT NULL` },
  {
    type: 'DATE',
    test: (cell: string) =>
      `(regexp_full_match(${cell}, '[0-9]{4}-[0-9]{2}-[0-9]{2}') AND TRY_CAST(${cell} AS DATE) IS NOT NULL)`,
  },
  {
    type: 'TIMESTAMP',
    test: (cell: string) =>
      `(regexp_matches(${cell}, '^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:') AND TRY_CAST(${cell} AS TIMESTAMP) IS NOT NULL)`,
  },
] as const

/** How a column of text is read: as text, or cast to the type that all its cells have. */
export interface TypedColumn {
  readonly name: string
  /** An expression over the table of text. */
  readonly expression: string
}

/**
 * The type of each column by all its cells, never by a sample; a column without any value stays text.
 *
 * @param table a table whose columns are all text
 */
export async function inferTypes(connection: DuckDBConnection, table: string, names: readonly string[]): Promise<TypedColumn[]> {
  const tests = names.flatMap((name) =>
    candidates.map(
      ({ test }) => `coalesce(bool_and(${test(trimmed(name))}) FILTER (WHERE ${quoteName(name)} IS NOT NULL), false)`,
    ),
  )
  const reader = await connection.runAndReadAll(`SELECT ${tests.join(', ')} FROM ${table}`)
  const passed = reader.getRows()[0] ?? []
  return names.map((name, index) => {
    const first = candidates.find((_, candidate) => passed[index * candidates.length + candidate] === true)
    return { name, expression: first ? `CAST(${trimmed(name)} AS ${first.type})` : quoteName(name) }
  })
}

function trimmed(name: string): string {
  return `trim(${quoteName(name)})`
}
