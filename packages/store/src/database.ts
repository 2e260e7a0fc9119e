import { FlottaError } from '@flotta/contract'
import type { Replicas } from '@flotta/runtime/ports'
import { withRetries } from './database-error.ts'
import type { Dialect } from './dialect.ts'
import { Prisma, type PrismaClient } from './generated/sqlite/client.ts'
import type { SteadyClock } from './sqlite/steady-clock.ts'
import type { Direct, Statements } from './statements.ts'

/** What statements run on: the connection itself, or a transaction. */
export type Session = Pick<Prisma.TransactionClient, keyof Prisma.TransactionClient>

/** Lets transactions in: as many as there are connections, or one after the other. */
export type Admission = <T>(work: () => Promise<T>) => Promise<T>

export interface DatabaseParts {
  readonly client: PrismaClient
  readonly direct: Direct
  readonly dialect: Dialect
  readonly admit: Admission
  /** The process's own clock, where it is the database's. */
  readonly clock?: SteadyClock
  /** Where several processes may serve a node over it. */
  readonly replicas: Replicas | undefined
  /** What remains to be done once the client is closed. */
  readonly afterClose: () => Promise<void>
}

/**
 * A database of either dialect. Whatever goes wrong in it leaves here as a `FlottaError`.
 *
 * What happens with each job, and when a component joins, is done by statements, straight to the driver; what is rare, by Prisma's client.
 */
export class Database {
  readonly dialect: Dialect
  readonly replicas: Replicas | undefined
  readonly #parts: DatabaseParts
  readonly #running = new Set<Promise<unknown>>()
  #closed: Promise<void> | undefined

  constructor(parts: DatabaseParts) {
    this.dialect = parts.dialect
    this.replicas = parts.replicas
    this.#parts = parts
  }

  /** Prisma's client outside a transaction. */
  query<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return this.#run(() => work(this.#parts.client))
  }

  /** All or nothing. The work may run again from its start when the database asks for it, so it has no effect of its own. */
  transaction<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return this.#run(() => this.#parts.admit(() => this.#parts.client.$transaction(work)))
  }

  /** Statements that read what has been committed. */
  read<T>(work: (statements: Statements) => Promise<T>): Promise<T> {
    return this.#run(() => work(this.#parts.direct.committed))
  }

  /** Statements, all or nothing. As with `transaction`, the work may run again, and it waits for nothing but its statements. */
  write<T>(work: (statements: Statements) => Promise<T>): Promise<T> {
    return this.#run(() => this.#parts.direct.transaction(work))
  }

  async nowMs(): Promise<number> {
    const [row] = await this.read((statements) =>
      statements.rows<{ now_ms: bigint | number }>(Prisma.sql`SELECT ${this.dialect.nowMs} AS now_ms`),
    )
    return Number(row?.now_ms)
  }

  /** Lets no time come twice: where the process keeps the clock, it goes on from the last event of what still runs. */
  async continueTime(): Promise<void> {
    const { clock } = this.#parts
    if (clock === undefined) return
    const [row] = await this.read((statements) =>
      statements.rows<{ seen_ms: bigint | number | null }>(Prisma.sql`
        SELECT max(at_ms) AS seen_ms FROM event WHERE artifact_number IN (SELECT number FROM artifact WHERE ended_at_ms IS NULL)`),
    )
    clock.continueFrom(Number(row?.seen_ms ?? 0))
  }

  /** Waits for what runs, then closes; again is the same as once. */
  close(): Promise<void> {
    this.#closed ??= Promise.allSettled(this.#running)
      .then(() => this.#parts.client.$disconnect())
      .then(() => this.#parts.direct.close())
      .then(this.#parts.afterClose)
    return this.#closed
  }

  async #run<T>(work: () => Promise<T>): Promise<T> {
    // The client would open the database again.
    if (this.#closed !== undefined) throw new FlottaError('unavailable', 'The store is closed.')
    const running = withRetries(work)
    this.#running.add(running)
    try {
      return await running
    } finally {
      this.#running.delete(running)
    }
  }
}

/** The statements of a transaction that Prisma's client runs. */
export function statementsOf(session: Session): Statements {
  return { rows: (sql) => session.$queryRaw(sql), run: (sql) => session.$executeRaw(sql) }
}
