import type { ColumnType } from '@flotta/contract'

const INTEGERS = new Set([
  'TINYINT',
  'SMALLINT',
  'INTEGER',
  'BIGINT',
  'HUGEINT',
  'UTINYINT',
  'USMALLINT',
  'UINTEGER',
  'UBIGINT',
  'UHUGEINT',
])

/** The contract's type of a DuckDB type; what has no other meaning is text. */
export function featureTypeOf(duckdbType: string): ColumnType {
  const [name = ''] = duckdbType.split('(')
  if (INTEGERS.has(name)) return 'integer'
  if (name === 'DOUBLE' || name === 'FLOAT' || name === 'DECIMAL') return 'float'
  if (name === 'BOOLEAN') return 'boolean'
  if (name === 'DATE') return 'date'
  return name.startsWith('TIMESTAMP') ? 'timestamp' : 'string'
}
