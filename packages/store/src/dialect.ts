import { Prisma } from './generated/sqlite/client.ts'
import type { Channel } from './postgresql/channel.ts'
import type { SteadyClock } from './sqlite/steady-clock.ts'

/** What the two databases say differently; everything else is written once. */
export interface Dialect {
  readonly name: 'sqlite' | 'postgresql'
  /** Milliseconds since 1970 by the database's clock: of a statement that asks once, at this very statement. */
  readonly nowMs: Prisma.Sql
  /** Ends a SELECT whose rows nobody else may change until the transaction ends. */
  readonly forUpdate: Prisma.Sql
  /** The same, but several transactions may hold a row so at the same time. */
  readonly forShare: Prisma.Sql
  /** As `forUpdate`, without those of the rows that somebody else holds already: it waits for nobody. */
  readonly forUpdateOfFree: Prisma.Sql
  /**
   * Tells the other processes of the node which keys are woken, when the transaction takes effect. It is an expression, for the RETURNING of a
   * statement that the transaction makes anyway.
   */
  readonly telling: (keys: readonly string[]) => Prisma.Sql
}

/** @param clock of the process, which alone serves the node over the file */
export function sqliteDialect(clock: SteadyClock): Dialect {
  return {
    name: 'sqlite',
    get nowMs() {
      return Prisma.sql`CAST(${clock.nowMs()} AS INTEGER)`
    },
    // A transaction holds the lock of the whole file from its begin.
    forUpdate: Prisma.empty,
    forShare: Prisma.empty,
    forUpdateOfFree: Prisma.empty,
    telling: () => Prisma.sql`0`,
  }
}

/** @param channel where the processes that serve the node listen */
export function postgresqlDialect(channel: Channel): Dialect {
  return {
    name: 'postgresql',
    // As a query of its own it is asked once, and rows can be found by it in an index; the function alone would be asked of each row.
    nowMs: Prisma.sql`(SELECT CAST(floor(EXTRACT(EPOCH FROM clock_timestamp()) * 1000) AS BIGINT))`,
    // Rows that refer to a locked one may still be written.
    forUpdate: Prisma.sql`FOR NO KEY UPDATE`,
    forShare: Prisma.sql`FOR SHARE`,
    forUpdateOfFree: Prisma.sql`FOR NO KEY UPDATE SKIP LOCKED`,
    telling: (keys) => {
      const words = channel.wordsOf(keys)
      if (words.length === 0) return Prisma.sql`0`
      return Prisma.sql`(SELECT CAST(count(pg_notify(${channel.name}, word)) AS INT) FROM unnest(ARRAY[${Prisma.join(words)}]) AS word)`
    },
  }
}
