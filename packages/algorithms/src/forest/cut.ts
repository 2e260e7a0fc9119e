import type { TreeSample } from './sample.ts'

/** The best way found so far to divide a node's rows in two. Written in place by a {@link CutSearch}. */
export interface Cut {
  /** The larger the better; only comparable within one node. -Infinity: none found. */
  score: number
  feature: number
  /** The two neighbouring occupied bins that the cut lies between. */
  lowerBin: number
  upperBin: number
}

/**
 * What growing a tree needs to know of the classes; there is one search for two classes and one for any number.
 *
 * A node is a range [start, end) of the tree's array of rows, which is permuted while the tree grows. `openTree`, then `openNode`
 * are called first; the other functions speak of that node.
 */
export interface CutSearch {
  openTree(sample: TreeSample, rows: Int32Array): void
  openNode(start: number, end: number): void
  /** Whether all rows of the node are of one class. */
  isPure(): boolean
  /** Improves `best` by the cuts of one feature; false when the feature is constant in the node. */
  tryFeature(feature: number, best: Cut): boolean
  /** Writes the share of each class among the node's rows. */
  writeLeaf(target: Float32Array, offset: number): void
}

/** Nodes of fewer rows are sorted by insertion; the others are counted into bins. Measured; at most 64, see `sortKeys`. */
export const SORT_BELOW_ROWS = 40

/** Fills `keys` with bin × 64 + position for the rows of a small node, ascending. */
export function sortKeys(
  keys: Int32Array,
  bins: Uint8Array,
  binBase: number,
  rows: Int32Array,
  start: number,
  count: number,
): void {
  for (let i = 0; i < count; i++) {
    const key = (bins[binBase + rows[start + i]] << 6) | i
    let place = i
    while (place > 0 && keys[place - 1] > key) {
      keys[place] = keys[place - 1]
      place--
    }
    keys[place] = key
  }
}

/** x ln x for the integers up to `limit`: all that the entropy of integer weights needs. */
export function entropyTerms(limit: number): Float64Array {
  const terms = new Float64Array(limit + 1)
  for (let x = 2; x <= limit; x++) terms[x] = x * Math.log(x)
  return terms
}
