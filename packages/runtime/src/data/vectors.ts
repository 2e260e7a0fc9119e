import type { DuckDBDataChunk } from '@duckdb/node-api'
import duckdb from '@duckdb/node-bindings'

const BYTES_PER_DOUBLE = 8
const BITS_PER_WORD = 64

/** Takes the columns of doubles of chunks one after the other; a missing value is NaN. */
export class DoubleColumn {
  #values: Float64Array
  #length = 0

  /** @param memory where the values go; grows where they are more */
  constructor(memory: Float64Array = new Float64Array(2048)) {
    this.#values = memory
  }

  /** Copies, since the chunk's memory goes with the chunk. */
  append({ chunk, rowCount }: DuckDBDataChunk, column: number): void {
    const vector = duckdb.data_chunk_get_vector(chunk, column)
    const { buffer, byteOffset } = duckdb.vector_get_data(vector, rowCount * BYTES_PER_DOUBLE)
    const start = this.#length
    this.#reserve(start + rowCount)
    this.#values.set(new Float64Array(buffer, byteOffset, rowCount), start)
    const words = Math.ceil(rowCount / BITS_PER_WORD)
    const validity = duckdb.vector_get_validity(vector, words * BYTES_PER_DOUBLE)
    if (validity !== null) this.#blank(validity, start, rowCount)
    this.#length = start + rowCount
  }

  /** Starts anew in the same memory. */
  clear(): void {
    this.#length = 0
  }

  values(): Float64Array {
    return this.#length === this.#values.length ? this.#values : this.#values.subarray(0, this.#length)
  }

  /** @param validity a bit for each value that is there, the first one lowest */
  #blank(validity: Uint8Array, start: number, rowCount: number): void {
    for (let byte = 0; byte * 8 < rowCount; byte++) {
      for (let missing = ~validity[byte]! & 0xff; missing !== 0; missing &= missing - 1) {
        const row = byte * 8 + 31 - Math.clz32(missing & -missing)
        if (row < rowCount) this.#values[start + row] = Number.NaN
      }
    }
  }

  #reserve(length: number): void {
    if (length <= this.#values.length) return
    const larger = new Float64Array(Math.max(length, this.#values.length * 2, 2048))
    larger.set(this.#values)
    this.#values = larger
  }
}

/** The values of a column of 32-bit integers of a chunk, none of them missing; they go with the chunk. */
export function integersOf({ chunk, rowCount }: DuckDBDataChunk, column: number): Int32Array {
  const vector = duckdb.data_chunk_get_vector(chunk, column)
  const { buffer, byteOffset } = duckdb.vector_get_data(vector, rowCount * Int32Array.BYTES_PER_ELEMENT)
  return new Int32Array(buffer, byteOffset, rowCount)
}
