import { BOOLEAN, DOUBLE, type DuckDBConnection, type DuckDBDataChunk, DuckDBInstance, VARCHAR } from '@duckdb/node-api'
import duckdb from '@duckdb/node-bindings'
import type { Scalar, TypedFeature } from '@flotta/contract'
import type { DatasourceSource } from '../ports/datasource-source.ts'
import { canonicalise } from './canonical-types.ts'
import { concatNumbers } from './concat.ts'
import type { CompiledQuery } from './query/compile-query.ts'
import { loadSource } from './sources/load-source.ts'
import { quoteName } from './sql-text.ts'

const BYTES_PER_DOUBLE = 8

/** The records of a compiled query. */
export type Selection = Pick<CompiledQuery, 'source' | 'parameters'>

/**
 * One table in a database engine of its own, in memory.
 *
 * Once the source is loaded the engine is closed to the outside: no file, network or extension can be reached, and no setting can be
 * changed back. So even a query that should not exist could read this one table and nothing else.
 */
export class Table {
  readonly schema: readonly TypedFeature[]
  readonly #connection: DuckDBConnection
  readonly #instance: DuckDBInstance
  #last: Promise<void> = Promise.resolve()

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection, schema: readonly TypedFeature[]) {
    this.#instance = instance
    this.#connection = connection
    this.schema = schema
  }

  /** @throws {FlottaError} `datasource_unavailable`, `malformed_datasource` */
  static async open(source: DatasourceSource): Promise<Table> {
    const instance = await DuckDBInstance.create(':memory:', {
      threads: '2',
      preserve_insertion_order: 'true',
      autoinstall_known_extensions: 'false',
    })
    const connection = await instance.connect()
    try {
      await loadSource(connection, source)
      const schema = await canonicalise(connection)
      await lockDown(connection)
      return new Table(instance, connection, schema)
    } catch (error) {
      connection.closeSync()
      instance.closeSync()
      throw error
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

  /** Columns of numbers, in the order of the file; truth values are 0 and 1, what is missing or not finite is NaN. */
  async numbers(names: readonly string[], { source, parameters }: Selection): Promise<Float64Array[]> {
    const parts: Float64Array[][] = names.map(() => [])
    await this.#select(`SELECT ${names.map(finiteDouble).join(', ')} FROM ${source}`, parameters, (chunk) => {
      for (const [index, part] of parts.entries()) part.push(doublesOf(chunk, index))
    })
    return parts.map(concatNumbers)
  }

  /** A column of text, in the order of the file; a missing value is null. */
  async texts(name: string, { source, parameters }: Selection): Promise<(string | null)[]> {
    const values: (string | null)[] = []
    await this.#select(`SELECT CAST(${quoteName(name)} AS VARCHAR) FROM ${source}`, parameters, (chunk) => {
      for (const value of chunk.getColumnValues(0)) values.push(value as string | null)
    })
    return values
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

  close(): void {
    this.#connection.closeSync()
    this.#instance.closeSync()
  }

  /** Visits the chunks of one SELECT in order; one SELECT after the other, since a connection has one result under way. */
  #select(sql: string, parameters: readonly Scalar[], visit: (chunk: DuckDBDataChunk) => void): Promise<void> {
    const turn = this.#last.then(() => this.#stream(sql, parameters, visit))
    this.#last = turn.catch(() => undefined)
    return turn
  }

  async #stream(sql: string, parameters: readonly Scalar[], visit: (chunk: DuckDBDataChunk) => void): Promise<void> {
    const statements = await this.#connection.extractStatements(sql)
    if (statements.count !== 1) throw new Error('a query is one statement')
    const result = await this.#connection.stream(sql, [...parameters], parameters.map(boundType))
    for (let chunk = await result.fetchChunk(); chunk !== null && chunk.rowCount > 0; chunk = await result.fetchChunk())
      visit(chunk)
  }
}

/** A number is bound as a double, whatever its size; the SQL casts it to the type that is meant. */
function boundType(value: Scalar) {
  if (typeof value === 'number') return DOUBLE
  return typeof value === 'string' ? VARCHAR : BOOLEAN
}

function finiteDouble(name: string): string {
  const value = `CAST(${quoteName(name)} AS DOUBLE)`
  return `CASE WHEN isfinite(${value}) THEN ${value} ELSE CAST('NaN' AS DOUBLE) END`
}

/** Closes the engine to the outside, for good. */
async function lockDown(connection: DuckDBConnection): Promise<void> {
  await connection.run('SET enable_external_access = false')
  await connection.run('SET allow_community_extensions = false')
  await connection.run('SET autoload_known_extensions = false')
  await connection.run('SET lock_configuration = true')
}

function doublesOf({ chunk, rowCount }: DuckDBDataChunk, column: number): Float64Array {
  const bytes = duckdb.vector_get_data(duckdb.data_chunk_get_vector(chunk, column), rowCount * BYTES_PER_DOUBLE)
  return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + rowCount * BYTES_PER_DOUBLE))
}
