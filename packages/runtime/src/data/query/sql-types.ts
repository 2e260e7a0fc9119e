import type { ColumnType } from '@flotta/contract'

/** The one type of the query engine that a feature of each type has. */
export const sqlTypes = {
  integer: 'BIGINT',
  float: 'DOUBLE',
  boolean: 'BOOLEAN',
  string: 'VARCHAR',
  date: 'DATE',
  timestamp: 'TIMESTAMP',
  null: 'VARCHAR',
} as const satisfies Record<ColumnType, string>
