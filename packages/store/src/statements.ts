import type { Prisma } from './generated/sqlite/client.ts'

/** Statements of one connection: within a transaction, or each by itself. */
export interface Statements {
  rows<Row>(sql: Prisma.Sql): Promise<Row[]>
  /** Answers how many rows it has changed. */
  run(sql: Prisma.Sql): Promise<number>
}

/**
 * The database without Prisma's client in between, for the statements that every job needs: the client prepares a statement anew each
 * time, which costs ten times the statement (`docs/decisions/0039`).
 */
export interface Direct {
  /** What has been committed. */
  readonly committed: Statements
  /** All or nothing; resolves when it is as durable as the database makes it. */
  transaction<T>(work: (statements: Statements) => Promise<T>): Promise<T>
  close(): Promise<void>
}
