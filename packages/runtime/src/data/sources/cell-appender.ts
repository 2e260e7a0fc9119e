import { type DuckDBAppender, type DuckDBConnection, DuckDBDataChunk, VARCHAR } from '@duckdb/node-api'
import { quoteName } from '../sql-text.ts'

/** As many records as one vector of the engine holds. */
const BATCH = 2048

/** Fills the table `cells`, whose columns are all text, from records that come one by one: no more than a batch is held here. */
export class CellAppender {
  readonly #appender: DuckDBAppender
  readonly #types: (typeof VARCHAR)[]
  #rows: (string | null)[][] = []

  private constructor(appender: DuckDBAppender, width: number) {
    this.#appender = appender
    this.#types = new Array<typeof VARCHAR>(width).fill(VARCHAR)
  }

  static async create(connection: DuckDBConnection, names: readonly string[]): Promise<CellAppender> {
    await connection.run(`CREATE TABLE cells (${names.map((name) => `${quoteName(name)} VARCHAR`).join(', ')})`)
    return new CellAppender(await connection.createAppender('cells'), names.length)
  }

  append(row: (string | null)[]): void {
    this.#rows.push(row)
    if (this.#rows.length === BATCH) this.#flush()
  }

  close(): void {
    this.#flush()
    this.#appender.flushSync()
    this.#appender.closeSync()
  }

  #flush(): void {
    if (this.#rows.length === 0) return
    const chunk = DuckDBDataChunk.create(this.#types, this.#rows.length)
    chunk.setRows(this.#rows)
    this.#appender.appendDataChunk(chunk)
    this.#rows = []
  }
}
