/** Rows that walk through a tree side by side: while one waits for memory, the others compute. `findLeaves` is written for four. */
export const LANES = 4

/** Rows of a table in the order that walks read them: LANES rows at a time, and of these the first feature of each, then the second, … */
export interface LanedRows {
  readonly rowCount: number
  readonly featureCount: number
  /** The value of feature f of row r is at (r - lane) × featureCount + f × LANES + lane, where lane = r mod LANES. */
  readonly values: Float64Array
}

/** The rows from `start` to `end` of these columns, filled up with rows of zeros to a multiple of LANES. */
export function laneRows(columns: readonly Float64Array[], start: number, end: number): LanedRows {
  const rowCount = end - start
  const featureCount = columns.length
  const values = new Float64Array(Math.ceil(rowCount / LANES) * LANES * featureCount)
  columns.forEach((column, feature) => {
    for (let row = 0; row < rowCount; row++) {
      const lane = row % LANES
      values[(row - lane) * featureCount + feature * LANES + lane] = column[start + row]
    }
  })
  return { rowCount, featureCount, values }
}
