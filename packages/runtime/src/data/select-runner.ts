import { rmSync } from 'node:fs'
import {
  BOOLEAN,
  DOUBLE,
  type DuckDBConnection,
  type DuckDBDataChunk,
  type DuckDBPreparedStatement,
  VARCHAR,
} from '@duckdb/node-api'
import { FlottaError, type Scalar, toError } from '@flotta/contract'

type Visit = (chunk: DuckDBDataChunk) => void

export interface Select {
  readonly sql: string
  readonly parameters: readonly Scalar[]
}

/** A SELECT whose number of rows is known. */
export interface CountedSelect extends Select {
  readonly rows: number
}

/** A result that the query engine has begun with: it goes on while the caller does something else, as far as its buffer holds. */
export interface OpenResult {
  /** Visits the chunks in order, each of which goes when it has been visited. */
  visit(visit: Visit): Promise<void>
  /** Nobody wants it any more. */
  giveUp(): Promise<void>
}

/** Runs SELECTs over one table, one after the other, since a connection has one result under way. */
export class SelectRunner {
  readonly #connection: DuckDBConnection
  readonly #storedAt: string | undefined
  #last: Promise<void> = Promise.resolve()

  /** @param storedAt the file that holds the table, where it is one */
  constructor(connection: DuckDBConnection, storedAt: string | undefined) {
    this.#connection = connection
    this.#storedAt = storedAt
  }

  /** Visits the chunks of a result in order as they come: no more are held than the engine makes ahead. */
  async stream(select: CountedSelect, visit: Visit): Promise<void> {
    const result = await this.open(select)
    return result.visit(visit)
  }

  /** Begins with a SELECT. Whoever has opened it visits it or gives it up: others wait until then. */
  open(select: CountedSelect): Promise<OpenResult> {
    return new Promise((opened, failed) => {
      const visitor = () =>
        new Promise<Visit | undefined>((decide) => {
          const end = (visit?: Visit) => {
            decide(visit)
            return ended
          }
          opened({ visit: end, giveUp: end })
        })
      const ended = this.#inTurn(() => this.#serve(select, visitor))
      ended.catch(failed)
    })
  }

  /**
   * A failure in the middle of a stream looks like its end: that its rows are counted is what tells them apart.
   */
  async #serve({ sql, parameters, rows }: CountedSelect, visitor: () => Promise<Visit | undefined>): Promise<void> {
    const statement = await this.#prepare(sql, parameters)
    let visited = 0
    let next: Promise<DuckDBDataChunk | null> | undefined
    try {
      const result = await statement.stream()
      next = result.fetchChunk()
      // Whoever visits hears of it.
      next.catch(() => undefined)
      const visit = await visitor()
      if (visit === undefined) return
      for (let chunk = await next; chunk !== null && chunk.rowCount > 0; chunk = await next) {
        next = result.fetchChunk()
        visited += chunk.rowCount
        visit(chunk)
      }
      if (visited !== rows) throw await this.#reasonFor(statement, `${visited} of ${rows} rows came`)
    } finally {
      await next?.catch(() => undefined)
      statement.destroySync()
    }
  }

  /** Why a stream ended early: what the statement says when it is run as a whole. */
  async #reasonFor(statement: DuckDBPreparedStatement, cause: string): Promise<Error> {
    return statement.run().then(
      () => new FlottaError('worker_crashed', undefined, { cause }),
      (error: unknown) => toError(error),
    )
  }

  /** Visits the chunks of a result in order once all are there: faster, for what is small. */
  collect(sql: string, parameters: readonly Scalar[], visit: Visit): Promise<void> {
    return this.#inTurn(async () => {
      const statement = await this.#prepare(sql, parameters)
      try {
        const result = await statement.run()
        for (let index = 0; index < result.chunkCount; index++) visit(result.getChunk(index))
      } finally {
        statement.destroySync()
      }
    })
  }

  /** How many rows a source has. */
  async count(source: string, parameters: readonly Scalar[]): Promise<number> {
    let count = 0
    await this.collect(`SELECT CAST(count(*) AS DOUBLE) FROM ${source}`, parameters, (chunk) => {
      count = Number(chunk.getColumnValues(0)[0])
    })
    return count
  }

  /** Resolves when nothing is under way. */
  settled(): Promise<void> {
    return this.#last
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#last.then(work).catch((error) => this.#explain(error))
    this.#last = turn.catch(() => undefined)
    return turn
  }

  /** @throws {Error} for text that is more than one statement */
  async #prepare(sql: string, parameters: readonly Scalar[]): Promise<DuckDBPreparedStatement> {
    const statement = await this.#connection.prepare(sql)
    statement.bind([...parameters], parameters.map(boundType))
    return statement
  }

  /**
   * Damage of the stored file is mended by the next attempt, which makes it anew. Too little memory is the owner's limit.
   *
   * @throws {FlottaError} `worker_crashed` (retryable), `out_of_memory`, or the error as it is
   */
  #explain(error: unknown): never {
    const { message } = toError(error)
    if (this.#storedAt !== undefined && /corrupt|checksum/i.test(message)) {
      rmSync(this.#storedAt, { force: true })
      throw new FlottaError('worker_crashed', undefined, { cause: `${this.#storedAt} is damaged and will be made anew` })
    }
    if (/^Out of Memory Error/i.test(message)) throw new FlottaError('out_of_memory', undefined, { cause: message })
    throw error
  }
}

/** A number is bound as a double, whatever its size; the SQL casts it to the type that is meant. */
function boundType(value: Scalar) {
  if (typeof value === 'number') return DOUBLE
  return typeof value === 'string' ? VARCHAR : BOOLEAN
}
