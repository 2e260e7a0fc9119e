import { isMeasured } from '../summaries/moments.ts'

/** The records of some columns, parted by which of the columns have a value. */
export interface MissingPatterns {
  readonly columns: number
  /** Records of each pattern; none is empty. */
  readonly sizes: Float64Array
  /** Whether a column has values (1) in a pattern or not (0), pattern by pattern. */
  readonly presence: Uint8Array
}

/** At most as many patterns as there are records, however many columns. */
export function missingPatterns(columns: readonly Float64Array[]): MissingPatterns {
  const patternOf = new Int32Array(columns[0]?.length ?? 0)
  let sizes = Float64Array.of(patternOf.length)
  let firstRecord = Int32Array.of(0)
  for (const column of columns) {
    const parts = new Float64Array(2 * sizes.length)
    const firsts = new Int32Array(parts.length).fill(-1)
    for (let record = 0; record < column.length; record++) {
      const part = 2 * patternOf[record] + presenceOf(column[record])
      patternOf[record] = part
      parts[part]++
      if (firsts[part] < 0) firsts[part] = record
    }
    const kept = [...parts.keys()].filter((part) => parts[part] > 0)
    const places = new Int32Array(parts.length)
    for (const [place, part] of kept.entries()) places[part] = place
    for (let record = 0; record < column.length; record++) patternOf[record] = places[patternOf[record]]
    sizes = Float64Array.from(kept, (part) => parts[part])
    firstRecord = Int32Array.from(kept, (part) => firsts[part])
  }
  const presence = new Uint8Array(sizes.length * columns.length)
  for (const [pattern, record] of firstRecord.entries())
    for (const [place, column] of columns.entries()) presence[pattern * columns.length + place] = presenceOf(column[record])
  return { columns: columns.length, sizes, presence }
}

function presenceOf(value: number): 0 | 1 {
  return isMeasured(value) ? 1 : 0
}
