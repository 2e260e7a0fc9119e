import { Engine } from '../engine.ts'
import { quotePath } from '../sql-text.ts'

/** Of a number in memory, and of a text without what does not fit into it. */
const VALUE_BYTES = 8
const TEXT_BYTES = 16

/**
 * How much memory a Parquet file takes as a table, by its own directory, for the most part: a text that occurs often may be in the file once.
 *
 * @returns infinity where it can't be read
 */
export async function parquetTableBytes(path: string): Promise<number> {
  using engine = await Engine.open('memory', {})
  try {
    const { connection } = engine
    const reader = await connection.runAndReadAll(
      `SELECT type LIKE '%BYTE_ARRAY', CAST(sum(num_values) AS DOUBLE), CAST(sum(total_uncompressed_size) AS DOUBLE)
       FROM parquet_metadata(${quotePath(path)}) GROUP BY 1`,
    )
    return reader
      .getRows()
      .reduce(
        (sum, [isText, values, bytes]) =>
          sum + (isText ? Number(values) * TEXT_BYTES + Number(bytes) : Number(values) * VALUE_BYTES),
        0,
      )
  } catch {
    return Number.POSITIVE_INFINITY
  }
}
