import {
  BIGINT,
  DOUBLE,
  type DuckDBDataChunk,
  type DuckDBDoubleVector,
  type DuckDBType,
  type DuckDBValue,
  VARCHAR,
} from '@duckdb/node-api'

/** As many cells of a column as are held at once: what one vector of the engine takes. */
export const BATCH = 2048

/** The cells of one column on their way into the engine, a batch at a time. */
export interface HeldCells {
  /** Of the engine's column that takes them. */
  readonly type: DuckDBType
  /** Moves what is held into a column of a chunk, whose length is the number of cells. */
  moveTo(chunk: DuckDBDataChunk, column: number): void
}

/** Numbers. A missing one is NaN, in the engine's column too: to mark it as null there costs more than all the rest. */
export class NumberCells implements HeldCells {
  readonly type = DOUBLE
  readonly #cells = new Float64Array(BATCH)
  #length = 0

  put(cell: number): void {
    this.#cells[this.#length++] = cell
  }

  moveTo(chunk: DuckDBDataChunk, column: number): void {
    const vector = chunk.getColumnVector(column) as DuckDBDoubleVector
    for (let row = 0; row < this.#length; row++) vector.setItem(row, this.#cells[row]!)
    vector.flush()
    this.#length = 0
  }
}

class ValueCells<Value extends DuckDBValue> implements HeldCells {
  readonly type: DuckDBType
  #cells: (Value | null)[] = []

  constructor(type: DuckDBType) {
    this.type = type
  }

  put(cell: Value | null): void {
    this.#cells.push(cell)
  }

  moveTo(chunk: DuckDBDataChunk, column: number): void {
    chunk.setColumnValues(column, this.#cells)
    this.#cells = []
  }
}

/** Whole numbers of up to 64 bits. */
export class BigintCells extends ValueCells<bigint> {
  constructor() {
    super(BIGINT)
  }
}

/** Texts, as those of a file. */
export class TextCells extends ValueCells<string> {
  constructor() {
    super(VARCHAR)
  }
}
