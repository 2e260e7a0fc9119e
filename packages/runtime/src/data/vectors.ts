import type { DuckDBDataChunk } from '@duckdb/node-api'
import duckdb from '@duckdb/node-bindings'

const BYTES_PER_DOUBLE = 8

/** A column of doubles of a chunk; it is copied, since the chunk's memory goes with the chunk. */
export function doublesOf({ chunk, rowCount }: DuckDBDataChunk, column: number): Float64Array {
  const bytes = duckdb.vector_get_data(duckdb.data_chunk_get_vector(chunk, column), rowCount * BYTES_PER_DOUBLE)
  return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + rowCount * BYTES_PER_DOUBLE))
}

/** A column of texts of a chunk; null where one is missing. */
export function textsOf(chunk: DuckDBDataChunk, column: number): (string | null)[] {
  return chunk.getColumnValues(column) as (string | null)[]
}
