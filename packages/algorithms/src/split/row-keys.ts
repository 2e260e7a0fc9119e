import { type Column, isNumbers } from '../frame/column.ts'
import type { Frame } from '../frame/frame.ts'
import { compareCodePoints } from '../labels/label.ts'
import { mix32 } from '../random/mix.ts'

/**
 * A random key for each row that follows from what the row holds and from the seed, not from its place: the same records have the
 * same keys in whatever order rows and columns come. Of equal rows, the first, second, … have different keys.
 *
 * Keys are integers below 2⁵³. Not for secrets.
 *
 * @param seed an integer in [0, 2³²)
 */
export function rowKeys(frame: Frame<Column>, seed: number): Float64Array {
  const high = new Uint32Array(frame.rowCount).fill(mix32(seed ^ 0x9e3779b9))
  const low = new Uint32Array(frame.rowCount).fill(mix32(seed ^ 0x85ebca6b))
  const byName = [...frame.names.keys()].sort((a, b) => compareCodePoints(frame.names[a], frame.names[b]))
  for (const index of byName) absorbColumn(frame.columns[index], high, low)
  return keysOf(high, low)
}

function absorbColumn(column: Column, high: Uint32Array, low: Uint32Array): void {
  if (!isNumbers(column)) {
    column.forEach((text, row) => {
      absorb(high, low, row, text === null ? -1 : text.length)
      for (let i = 0; i < (text?.length ?? 0); i++) absorb(high, low, row, (text as string).charCodeAt(i))
    })
    return
  }
  const value = new Float64Array(1)
  const words = new Uint32Array(value.buffer)
  for (let row = 0; row < column.length; row++) {
    // One bit pattern for all that is missing, and one for zero.
    value[0] = Number.isNaN(column[row]) ? Number.NaN : column[row] + 0
    absorb(high, low, row, words[0])
    absorb(high, low, row, words[1])
  }
}

function absorb(high: Uint32Array, low: Uint32Array, row: number, word: number): void {
  high[row] = mix32((high[row] + 0x9e3779b9) ^ word)
  low[row] = mix32((Math.imul(low[row], 0x01000193) + 0x7f4a7c15) ^ word)
}

/** Two hashes and the number of equal rows before, as one integer. */
function keysOf(high: Uint32Array, low: Uint32Array): Float64Array {
  const seen = new Map<number, number>()
  const keys = new Float64Array(high.length)
  for (let row = 0; row < keys.length; row++) {
    const content = high[row] * 2 ** 21 + (low[row] >>> 11)
    const before = seen.get(content) ?? 0
    seen.set(content, before + 1)
    if (before > 0) absorb(high, low, row, before)
    keys[row] = high[row] * 2 ** 21 + (low[row] >>> 11)
  }
  return keys
}
