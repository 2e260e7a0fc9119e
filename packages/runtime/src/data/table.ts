import { rmSync } from 'node:fs'
import { BOOLEAN, DOUBLE, type DuckDBConnection, type DuckDBDataChunk, VARCHAR } from '@duckdb/node-api'
import { FlottaError, type Scalar, type TypedFeature, toError } from '@flotta/contract'
import { schemaOf } from './canonical-types.ts'
import type { Engine } from './engine.ts'
import { GroupQuery, type TypedKey } from './group-query.ts'
import type { Groups } from './groups.ts'
import type { CompiledQuery } from './query/compile-query.ts'
import { quoteName } from './sql-text.ts'
import type { TableDraft } from './stored-table.ts'
import { DoubleColumn, textsOf } from './vectors.ts'

/** The records of a compiled query. */
export type Selection = Pick<CompiledQuery, 'source' | 'parameters'>

/** Where a table is: the file that holds it, or memory, with the file that it may become. */
export interface TablePlace {
  readonly path?: string
  readonly draft?: TableDraft | undefined
}

/**
 * One table in a query engine of its own.
 *
 * Once the source is loaded the engine is closed to the outside: no file, network or extension can be reached, and no setting can be
 * changed back. So even a query that should not exist could read this one table and nothing else.
 */
export class Table {
  readonly schema: readonly TypedFeature[]
  readonly #engine: Engine
  readonly #place: TablePlace
  #last: Promise<void> = Promise.resolve()
  #kept: Promise<void> | undefined

  private constructor(engine: Engine, schema: readonly TypedFeature[], place: TablePlace) {
    this.#engine = engine
    this.schema = schema
    this.#place = place
  }

  /** The table `data` of an engine, which is closed to the outside from here on. */
  static async over(engine: Engine, place: TablePlace): Promise<Table> {
    const schema = await schemaOf(engine.connection)
    await engine.lockDown()
    return new Table(engine, schema, place)
  }

  /**
   * Stores a table that was read into memory, once, for the processes that come after; queries are answered meanwhile. Where that fails, as on
   * a full disk, it stays in memory alone.
   */
  keep(): Promise<void> {
    this.#kept ??= this.#store().catch(() => undefined)
    return this.#kept
  }

  async #store(): Promise<void> {
    const { draft } = this.#place
    if (draft === undefined) return
    const connection = await this.#engine.connect()
    try {
      await connection.run('CREATE TABLE stored.data AS SELECT * FROM memory.data')
      await connection.run('DETACH stored')
      draft.finish()
    } finally {
      connection.closeSync()
    }
  }

  /** How many records a query selects. */
  async count({ source, parameters }: Selection): Promise<number> {
    let count = 0
    await this.#select(`SELECT CAST(count(*) AS DOUBLE) FROM ${source}`, parameters, (chunk) => {
      count = Number(chunk.getColumnValues(0)[0])
    })
    return count
  }

  /** Columns of numbers, in the order of the source; truth values are 0 and 1, what is missing is NaN. */
  async numbers(names: readonly string[], { source, parameters }: Selection): Promise<Float64Array[]> {
    const columns = names.map(() => new DoubleColumn())
    await this.#select(`SELECT ${names.map(asDouble).join(', ')} FROM ${source}`, parameters, (chunk) => {
      for (const [index, column] of columns.entries()) column.append(chunk, index)
    })
    return columns.map((column) => column.values())
  }

  /** A column of text, in the order of the source; a missing value is null. */
  async texts(name: string, { source, parameters }: Selection): Promise<(string | null)[]> {
    const values: (string | null)[] = []
    await this.#select(`SELECT CAST(${quoteName(name)} AS VARCHAR) FROM ${source}`, parameters, (chunk) => {
      for (const value of textsOf(chunk, 0)) values.push(value)
    })
    return values
  }

  /** The records by their keys, with number and sum of some features in each group. */
  async groups(keys: readonly TypedKey[], features: readonly TypedFeature[], selection: Selection): Promise<Groups> {
    const query = new GroupQuery(keys, features, selection)
    await this.#select(query.sql, query.parameters, (chunk) => query.read(chunk))
    return query.result()
  }

  /** The values of a column of text that at least so many records have, the most frequent first. */
  async frequencies(name: string, atLeast: number): Promise<{ value: string; records: number }[]> {
    const found: { value: string; records: number }[] = []
    const column = quoteName(name)
    await this.#select(
      `SELECT ${column}, CAST(count(*) AS DOUBLE) FROM data WHERE ${column} IS NOT NULL GROUP BY ${column}
       HAVING count(*) >= $1 ORDER BY count(*) DESC, ${column}`,
      [atLeast],
      (chunk) => {
        const records = chunk.getColumnValues(1)
        for (const [row, value] of chunk.getColumnValues(0).entries())
          found.push({ value: String(value), records: Number(records[row]) })
      },
    )
    return found
  }

  /** Figures over the whole table, as numbers; null where there is none. */
  async figures(expressions: readonly string[]): Promise<(number | null)[]> {
    const figures: (number | null)[] = []
    const doubles = expressions.map((expression) => `CAST(${expression} AS DOUBLE)`)
    await this.#select(`SELECT ${doubles.join(', ')} FROM data`, [], (chunk) => {
      for (const index of expressions.keys()) figures.push(chunk.getColumnValues(index)[0] as number | null)
    })
    return figures
  }

  /** Ends the table, when what is under way has ended. */
  async close(): Promise<void> {
    await Promise.all([this.#last, this.#kept])
    this.#engine[Symbol.dispose]()
    this.#place.draft?.discard()
  }

  /** Visits the chunks of one SELECT in order; one SELECT after the other, since a connection has one result under way. */
  #select(sql: string, parameters: readonly Scalar[], visit: (chunk: DuckDBDataChunk) => void): Promise<void> {
    const turn = this.#last
      .then(() => stream(this.#engine.connection, sql, parameters, visit))
      .catch((error) => this.#explain(error))
    this.#last = turn.catch(() => undefined)
    return turn
  }

  /**
   * Damage of the stored file is mended by the next attempt, which makes it anew. Too little memory is the owner's limit.
   *
   * @throws {FlottaError} `worker_crashed` (retryable), `out_of_memory`, or the error as it is
   */
  #explain(error: unknown): never {
    const { message } = toError(error)
    const { path } = this.#place
    if (path !== undefined && /corrupt|checksum/i.test(message)) {
      rmSync(path, { force: true })
      throw new FlottaError('worker_crashed', undefined, { cause: `${path} is damaged and will be made anew` })
    }
    if (/^Out of Memory Error/i.test(message)) throw new FlottaError('out_of_memory', undefined, { cause: message })
    throw error
  }
}

async function stream(
  connection: DuckDBConnection,
  sql: string,
  parameters: readonly Scalar[],
  visit: (chunk: DuckDBDataChunk) => void,
): Promise<void> {
  const statements = await connection.extractStatements(sql)
  if (statements.count !== 1) throw new Error('a query is one statement')
  const result = await connection.stream(sql, [...parameters], parameters.map(boundType))
  for (let chunk = await result.fetchChunk(); chunk !== null && chunk.rowCount > 0; chunk = await result.fetchChunk())
    visit(chunk)
}

/** A number is bound as a double, whatever its size; the SQL casts it to the type that is meant. */
function boundType(value: Scalar) {
  if (typeof value === 'number') return DOUBLE
  return typeof value === 'string' ? VARCHAR : BOOLEAN
}

/** Missing stays missing: a column of doubles reads it as NaN. */
function asDouble(name: string): string {
  return `CAST(${quoteName(name)} AS DOUBLE)`
}
