import { type Cut, type CutSearch, SORT_BELOW_ROWS, sortKeys } from './cut.ts'

/**
 * Finds cuts between any number of classes: the rows are put in the order of their bins, then moved from right to left one by one.
 *
 * Each move updates the purity of both sides in constant time, so the number of classes costs nothing per row. The purity of a side
 * with class weights c and weight n is Σc²/n for Gini, and Σ c ln c - n ln n for entropy.
 *
 * @param maxRows most rows of a tree
 * @param terms {@link entropyTerms} up to the sum of draws, or null for Gini
 */
export function createMulticlassCutSearch(
  maxRows: number,
  classCount: number,
  minSamplesLeaf: number,
  terms: Float64Array | null,
): CutSearch {
  const totals = new Int32Array(classCount)
  const lefts = new Int32Array(classCount)
  const binStarts = new Int32Array(257)
  const keys = new Int32Array(SORT_BELOW_ROWS)
  const ordered = new Int32Array(maxRows)
  let rows: Int32Array = new Int32Array()
  let bins: Uint8Array = new Uint8Array()
  let stride = 0
  let codes: Int32Array = new Int32Array()
  let draws: Int32Array = new Int32Array()
  let start = 0
  let end = 0
  let total = 0
  let totalPurity = 0

  /** What one class of this weight adds to the purity of its side, before it is divided by the side's weight. */
  const term = (weight: number): number => (terms === null ? weight * weight : terms[weight])
  const purity = (sum: number, weight: number): number => (terms === null ? sum / weight : sum - terms[weight])

  const orderBySorting = (binBase: number): void => {
    sortKeys(keys, bins, binBase, rows, start, end - start)
    for (let i = 0; i < end - start; i++) ordered[i] = rows[start + (keys[i] & 63)]
  }

  const orderByCounting = (binBase: number): void => {
    binStarts.fill(0)
    for (let i = start; i < end; i++) binStarts[bins[binBase + rows[i]] + 1]++
    for (let bin = 0; bin < 256; bin++) binStarts[bin + 1] += binStarts[bin]
    for (let i = start; i < end; i++) ordered[binStarts[bins[binBase + rows[i]]]++] = rows[i]
  }

  const sweep = (feature: number, best: Cut): void => {
    const base = feature * stride
    const count = end - start
    lefts.fill(0)
    let left = 0
    let leftSum = 0
    let rightSum = totalPurity
    let lowerBin = bins[base + ordered[0]]
    for (let i = 0; i < count; i++) {
      const row = ordered[i]
      const bin = bins[base + row]
      if (bin !== lowerBin) {
        if (i >= minSamplesLeaf && count - i >= minSamplesLeaf) {
          const candidate = purity(leftSum, left) + purity(rightSum, total - left)
          if (candidate > best.score) {
            best.score = candidate
            best.feature = feature
            best.lowerBin = lowerBin
            best.upperBin = bin
          }
        }
        lowerBin = bin
      }
      const code = codes[row]
      const moved = draws[row]
      const before = lefts[code]
      const after = before + moved
      lefts[code] = after
      left += moved
      leftSum += term(after) - term(before)
      rightSum += term(totals[code] - after) - term(totals[code] - before)
    }
  }

  return {
    openTree: (sample, treeRows) => {
      rows = treeRows
      ;({ bins, stride, codes, draws } = sample)
    },
    openNode: (from, to) => {
      start = from
      end = to
      total = 0
      totals.fill(0)
      for (let i = from; i < to; i++) {
        totals[codes[rows[i]]] += draws[rows[i]]
        total += draws[rows[i]]
      }
      totalPurity = 0
      for (let c = 0; c < classCount; c++) totalPurity += term(totals[c])
    },
    isPure: () => totals[codes[rows[start]]] === total,
    tryFeature: (feature, best) => {
      const base = feature * stride
      if (end - start < SORT_BELOW_ROWS) orderBySorting(base)
      else orderByCounting(base)
      if (bins[base + ordered[0]] === bins[base + ordered[end - start - 1]]) return false
      sweep(feature, best)
      return true
    },
    writeLeaf: (target, offset) => {
      for (let c = 0; c < classCount; c++) target[offset + c] = totals[c] / total
    },
  }
}
