import type { Random } from '../random/random.ts'
import type { BinnedColumn } from './bins.ts'

/** The distinct rows that one tree is grown on, gathered so that a node's rows lie close together. */
export interface TreeSample {
  readonly rowCount: number
  /** Column-major: the bin of row r in feature f is at f × stride + r. */
  readonly bins: Uint8Array
  readonly stride: number
  /** Per row: its class. */
  readonly codes: Int32Array
  /** Per row: how often it was drawn, at least once. */
  readonly draws: Int32Array
}

/**
 * Makes a function that draws rows with replacement; a row drawn k times is kept once, with weight k.
 *
 * Each call overwrites the sample of the call before.
 *
 * @param drawCount null takes every row once
 */
export function createSampler(
  columns: readonly BinnedColumn[],
  codes: Int32Array,
  drawCount: number | null,
): (random: Random) => TreeSample {
  const stride = codes.length
  const drawsOfRow = new Int32Array(stride)
  const rows = new Int32Array(stride)
  const bins = new Uint8Array(columns.length * stride)
  const sampleCodes = new Int32Array(stride)
  const draws = new Int32Array(stride)
  return (random) => {
    if (drawCount === null) drawsOfRow.fill(1)
    else countDraws(drawCount, random, drawsOfRow)
    const rowCount = nonZeroPlaces(drawsOfRow, rows)
    for (const [feature, column] of columns.entries()) gather(column.bins, rows, rowCount, bins, feature * stride)
    for (let i = 0; i < rowCount; i++) {
      sampleCodes[i] = codes[rows[i]]
      draws[i] = drawsOfRow[rows[i]]
    }
    return { rowCount, bins, stride, codes: sampleCodes, draws }
  }
}

function countDraws(drawCount: number, random: Random, counts: Int32Array): void {
  counts.fill(0)
  for (let i = 0; i < drawCount; i++) counts[random.below(counts.length)]++
}

/** Writes the places of all numbers that are not 0, without a branch on them, and returns how many there are. */
function nonZeroPlaces(numbers: Int32Array, places: Int32Array): number {
  let count = 0
  for (let i = 0; i < numbers.length; i++) {
    places[count] = i
    count += Number(numbers[i] !== 0)
  }
  return count
}

function gather(source: Uint8Array, rows: Int32Array, rowCount: number, target: Uint8Array, offset: number): void {
  for (let i = 0; i < rowCount; i++) target[offset + i] = source[rows[i]]
}
