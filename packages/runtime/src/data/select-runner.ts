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

  /** Visits the chunks of a result in order as they come: no more than a few are held. The query engine makes the next one while one is visited. */
  stream(sql: string, parameters: readonly Scalar[], visit: Visit): Promise<void> {
    return this.#inTurn(async () => {
      const statement = await this.#prepare(sql, parameters)
      let next: Promise<DuckDBDataChunk | null> | undefined
      try {
        const result = await statement.stream()
        next = result.fetchChunk()
        for (let chunk = await next; chunk !== null && chunk.rowCount > 0; chunk = await next) {
          next = result.fetchChunk()
          visit(chunk)
        }
      } finally {
        await next?.catch(() => undefined)
        statement.destroySync()
      }
    })
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
