import { blocksOf } from '../numeric/blocks.ts'
import { type Column, isNumbers, type Numbers } from './column.ts'

/** The values of some rows, in the order of the indices. */
export function selectValues<C extends Column>(column: C, rows: Int32Array): C
export function selectValues(column: Column, rows: Int32Array): Column {
  return isNumbers(column) ? selectNumbers([column], rows)[0]! : Array.from(rows, (row) => column[row])
}

/**
 * The values of some rows of several columns, in the order of the indices. A row is looked up once for four columns, which takes half the
 * time of one after the other.
 *
 * @param memory where the values of a column go, one for each row
 */
export function selectNumbers(
  columns: readonly Numbers[],
  rows: Int32Array,
  memory: () => Numbers = () => new Float64Array(rows.length),
): Numbers[] {
  const selected = columns.map(memory)
  for (let first = 0; first < columns.length; first += 4) {
    const from = columns.slice(first, first + 4)
    const into = selected.slice(first, first + 4)
    let start = 0
    for (const block of blocksOf(rows)) {
      const end = start + block.length
      const parts = into.map((values) => values.subarray(start, end))
      if (isFour(from) && isFour(parts)) selectFour(from, block, parts)
      else for (const [index, part] of parts.entries()) selectOne(from[index]!, block, part)
      start = end
    }
  }
  return selected
}

type Four = readonly [Numbers, Numbers, Numbers, Numbers]

function isFour(columns: readonly Numbers[]): columns is Four {
  return columns.length === 4
}

function selectFour([a, b, c, d]: Four, rows: Int32Array, [intoA, intoB, intoC, intoD]: Four): void {
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]
    intoA[i] = a[row]
    intoB[i] = b[row]
    intoC[i] = c[row]
    intoD[i] = d[row]
  }
}

function selectOne(column: Numbers, rows: Int32Array, into: Numbers): void {
  for (let i = 0; i < rows.length; i++) into[i] = column[rows[i]]
}
