import { Prisma } from './generated/sqlite/client.ts'

/** What the two databases say differently; everything else is written once. */
export interface Dialect {
  readonly name: 'sqlite' | 'postgresql'
  /** Milliseconds since 1970 by the database's clock, at this very statement. */
  readonly nowMs: Prisma.Sql
  /** Ends a SELECT whose rows nobody else may change until the transaction ends. */
  readonly forUpdate: Prisma.Sql
}

export const sqliteDialect: Dialect = {
  name: 'sqlite',
  nowMs: Prisma.sql`CAST(round(unixepoch('subsec') * 1000) AS INTEGER)`,
  // A transaction holds the lock of the whole file from its begin.
  forUpdate: Prisma.empty,
}

export const postgresqlDialect: Dialect = {
  name: 'postgresql',
  nowMs: Prisma.sql`CAST(floor(EXTRACT(EPOCH FROM clock_timestamp()) * 1000) AS BIGINT)`,
  // Rows that refer to a locked one may still be written.
  forUpdate: Prisma.sql`FOR NO KEY UPDATE`,
}
