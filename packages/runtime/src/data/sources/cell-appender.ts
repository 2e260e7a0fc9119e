import { type DuckDBAppender, type DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api'
import { quoteName } from '../sql-text.ts'
import { BATCH, type HeldCells } from './held-cells.ts'

/** A column of the table `cells`, and where its cells are held before they get there. */
export interface AppendedColumn {
  readonly name: string
  readonly cells: HeldCells
}

/** Fills the table `cells` from records that come one by one: no more than a batch is held here. */
export class CellAppender {
  readonly #appender: DuckDBAppender
  readonly #columns: readonly AppendedColumn[]
  #length = 0

  private constructor(appender: DuckDBAppender, columns: readonly AppendedColumn[]) {
    this.#appender = appender
    this.#columns = columns
  }

  static async create(connection: DuckDBConnection, columns: readonly AppendedColumn[]): Promise<CellAppender> {
    const declared = columns.map(({ name, cells }) => `${quoteName(name)} ${cells.type}`)
    await connection.run(`CREATE OR REPLACE TABLE cells (${declared.join(', ')})`)
    return new CellAppender(await connection.createAppender('cells'), columns)
  }

  /** Says that each column has been given the cell of one more record. */
  endRecord(): void {
    this.#length++
    if (this.#length === BATCH) this.#flush()
  }

  close(): void {
    this.#flush()
    this.#appender.flushSync()
    this.#appender.closeSync()
  }

  #flush(): void {
    if (this.#length === 0) return
    const chunk = DuckDBDataChunk.create(
      this.#columns.map(({ cells }) => cells.type),
      this.#length,
    )
    for (const [index, { cells }] of this.#columns.entries()) cells.moveTo(chunk, index)
    this.#appender.appendDataChunk(chunk)
    this.#length = 0
  }
}
