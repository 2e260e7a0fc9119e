import { type Cut, type CutSearch, SORT_BELOW_ROWS, sortKeys } from './cut.ts'
import type { TreeSample } from './sample.ts'

/**
 * Finds cuts between two classes, by a histogram of both classes over the occupied bins.
 *
 * The score is, up to a constant of the node, minus the weighted impurity of both sides: for Gini p²/n summed over the sides with
 * n rows of which p are positive, for entropy p ln p + (n-p) ln (n-p) - n ln n.
 *
 * @param maxRows most rows of a tree
 * @param terms {@link entropyTerms} up to the sum of draws, or null for Gini
 */
export function createBinaryCutSearch(maxRows: number, minSamplesLeaf: number, terms: Float64Array | null): CutSearch {
  /** Per row: twice its weight, plus one if it is positive. */
  const packed = new Int32Array(maxRows)
  /** Per bin: the weight of its negative rows, then that of its positive rows. */
  const histogram = new Int32Array(512)
  const counts = new Int32Array(256)
  const keys = new Int32Array(SORT_BELOW_ROWS)
  let rows: Int32Array = new Int32Array()
  let bins: Uint8Array = new Uint8Array()
  let stride = 0
  let start = 0
  let end = 0
  let total = 0
  let positives = 0

  /** Offers the cut between two bins, with these weights below it. */
  const offer = (best: Cut, feature: number, lowerBin: number, upperBin: number, left: number, leftPositives: number): void => {
    const right = total - left
    const rightPositives = positives - leftPositives
    const score =
      terms === null
        ? (leftPositives * leftPositives * right + rightPositives * rightPositives * left) / (left * right)
        : terms[left - leftPositives] +
          terms[leftPositives] -
          terms[left] +
          (terms[right - rightPositives] + terms[rightPositives] - terms[right])
    if (score > best.score) {
      best.score = score
      best.feature = feature
      best.lowerBin = lowerBin
      best.upperBin = upperBin
    }
  }

  const tryByHistogram = (feature: number, best: Cut): boolean => {
    const treeRows = rows
    const treeBins = bins
    const base = feature * stride
    const from = start
    const to = end
    let first = 255
    let last = 0
    for (let i = from; i < to; i++) {
      const row = treeRows[i]
      const bin = treeBins[base + row]
      const value = packed[row]
      histogram[(bin << 1) | (value & 1)] += value >> 1
      if (bin < first) first = bin
      if (bin > last) last = bin
    }
    if (first === last) {
      histogram[2 * first] = 0
      histogram[2 * first + 1] = 0
      return false
    }
    if (minSamplesLeaf > 1) for (let i = from; i < to; i++) counts[treeBins[base + treeRows[i]]]++
    const mostLeftRows = to - from - minSamplesLeaf
    let left = 0
    let leftPositives = 0
    let leftRows = 0
    let lowerBin = first
    for (let bin = first; bin <= last; bin++) {
      const binPositives = histogram[2 * bin + 1]
      const binWeight = histogram[2 * bin] + binPositives
      if (binWeight === 0) continue
      histogram[2 * bin] = 0
      histogram[2 * bin + 1] = 0
      const isAdmissible = minSamplesLeaf === 1 || (leftRows >= minSamplesLeaf && leftRows <= mostLeftRows)
      if (left > 0 && isAdmissible) offer(best, feature, lowerBin, bin, left, leftPositives)
      left += binWeight
      leftPositives += binPositives
      if (minSamplesLeaf > 1) {
        leftRows += counts[bin]
        counts[bin] = 0
      }
      lowerBin = bin
    }
    return true
  }

  const tryBySorting = (feature: number, best: Cut): boolean => {
    const count = end - start
    sortKeys(keys, bins, feature * stride, rows, start, count)
    let lowerBin = keys[0] >> 6
    if (lowerBin === keys[count - 1] >> 6) return false
    let left = 0
    let leftPositives = 0
    for (let i = 0; i < count; i++) {
      const bin = keys[i] >> 6
      if (bin !== lowerBin) {
        if (i >= minSamplesLeaf && count - i >= minSamplesLeaf) offer(best, feature, lowerBin, bin, left, leftPositives)
        lowerBin = bin
      }
      const value = packed[rows[start + (keys[i] & 63)]]
      left += value >> 1
      leftPositives += (value >> 1) & -(value & 1)
    }
    return true
  }

  return {
    openTree: (sample, treeRows) => {
      rows = treeRows
      bins = sample.bins
      stride = sample.stride
      packWeights(sample, packed)
    },
    openNode: (from, to) => {
      start = from
      end = to
      let weight = 0
      let positiveWeight = 0
      for (let i = from; i < to; i++) {
        const value = packed[rows[i]]
        weight += value >> 1
        positiveWeight += (value >> 1) & -(value & 1)
      }
      total = weight
      positives = positiveWeight
    },
    isPure: () => positives === 0 || positives === total,
    tryFeature: (feature, best) => (end - start < SORT_BELOW_ROWS ? tryBySorting : tryByHistogram)(feature, best),
    writeLeaf: (target, offset) => {
      target[offset + 1] = positives / total
      target[offset] = 1 - target[offset + 1]
    },
  }
}

function packWeights({ rowCount, codes, draws }: TreeSample, packed: Int32Array): void {
  for (let row = 0; row < rowCount; row++) packed[row] = 2 * draws[row] + codes[row]
}
