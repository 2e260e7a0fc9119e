import type { Random } from '../random/random.ts'
import { createBinaryCutSearch } from './binary-cut-search.ts'
import { type BinnedColumn, thresholdBetween } from './bins.ts'
import { LEAF } from './classifier.ts'
import { type Cut, type CutSearch, entropyTerms } from './cut.ts'
import { createMulticlassCutSearch } from './multiclass-cut-search.ts'
import { featuresPerSplit, type RandomForestParams } from './params.ts'
import type { TreeSample } from './sample.ts'

/** One tree in the order and meaning of `RandomForestClassifier`'s arrays. */
export interface Tree {
  readonly nodeFeatures: Uint16Array
  readonly thresholds: Float64Array
  readonly leafProbabilities: Float32Array
}

/**
 * Makes a function that grows one classification tree (Breiman et al. 1984) in breadth-first order; its buffers serve all trees.
 *
 * As scikit-learn's: an impure node is split by the best cut among a random choice of features, and the choice goes on while
 * only constant features were drawn.
 *
 * @param maxRows most rows, and most draws, of a tree
 */
export function createTreeGrower(
  columns: readonly BinnedColumn[],
  classCount: number,
  maxRows: number,
  params: RandomForestParams,
): (sample: TreeSample, random: Random) => Tree {
  const search = createCutSearch(maxRows, classCount, params)
  const chooseCut = createCutChooser(search, columns.length, params)
  const above = new Int32Array(maxRows)
  const rows = new Int32Array(maxRows)
  const starts = new Int32Array(2 * maxRows)
  const ends = new Int32Array(2 * maxRows)
  const depths = new Int32Array(2 * maxRows)
  const nodeFeatures = new Uint16Array(2 * maxRows)
  const thresholds = new Float64Array(maxRows)
  const maxDepth = params.maxDepth ?? Number.POSITIVE_INFINITY
  const minRows = Math.max(params.minSamplesSplit, 2 * params.minSamplesLeaf)
  let leaves = new Float32Array(1024 * classCount)
  return (sample, random) => {
    for (let i = 0; i < sample.rowCount; i++) rows[i] = i
    search.openTree(sample, rows)
    let nodeCount = 1
    let innerCount = 0
    starts[0] = 0
    ends[0] = sample.rowCount
    for (let node = 0; node < nodeCount; node++) {
      const start = starts[node]
      const end = ends[node]
      search.openNode(start, end)
      const cut = depths[node] < maxDepth && end - start >= minRows && !search.isPure() ? chooseCut(random) : null
      if (cut === null) {
        const offset = (node - innerCount) * classCount
        if (offset === leaves.length) leaves = doubled(leaves)
        nodeFeatures[node] = LEAF
        search.writeLeaf(leaves, offset)
        continue
      }
      nodeFeatures[node] = cut.feature
      thresholds[innerCount++] = thresholdBetween(columns[cut.feature], cut.lowerBin, cut.upperBin)
      starts[nodeCount] = start
      ends[nodeCount + 1] = end
      ends[nodeCount] = starts[nodeCount + 1] = partition(sample, rows, above, start, end, cut)
      depths[nodeCount] = depths[nodeCount + 1] = depths[node] + 1
      nodeCount += 2
    }
    return {
      nodeFeatures: nodeFeatures.slice(0, nodeCount),
      thresholds: thresholds.slice(0, innerCount),
      leafProbabilities: leaves.slice(0, (nodeCount - innerCount) * classCount),
    }
  }
}

function createCutSearch(maxRows: number, classCount: number, { criterion, minSamplesLeaf }: RandomForestParams): CutSearch {
  const terms = criterion === 'gini' ? null : entropyTerms(maxRows)
  if (classCount === 2) return createBinaryCutSearch(maxRows, minSamplesLeaf, terms)
  return createMulticlassCutSearch(maxRows, classCount, minSamplesLeaf, terms)
}

/** Draws features without replacement and keeps the best cut; null when no feature has an admissible one. */
function createCutChooser(search: CutSearch, featureCount: number, params: RandomForestParams): (random: Random) => Cut | null {
  const enough = featuresPerSplit(params.maxFeatures, featureCount)
  const features = new Int32Array(featureCount)
  const best: Cut = { score: 0, feature: 0, lowerBin: 0, upperBin: 0 }
  return (random) => {
    for (let feature = 0; feature < featureCount; feature++) features[feature] = feature
    best.score = Number.NEGATIVE_INFINITY
    let foundVarying = false
    for (let drawn = 0; drawn < featureCount && (drawn < enough || !foundVarying); drawn++) {
      const other = drawn + random.below(featureCount - drawn)
      const feature = features[other]
      features[other] = features[drawn]
      features[drawn] = feature
      if (search.tryFeature(feature, best)) foundVarying = true
    }
    return best.score === Number.NEGATIVE_INFINITY ? null : best
  }
}

/** Moves the rows below the cut to the front of the node's range, in their order, and returns where the others begin. */
function partition(
  { bins, stride }: TreeSample,
  rows: Int32Array,
  above: Int32Array,
  start: number,
  end: number,
  { feature, upperBin }: Cut,
): number {
  const base = feature * stride
  let belowEnd = start
  let aboveCount = 0
  for (let i = start; i < end; i++) {
    const row = rows[i]
    const isBelow = Number(bins[base + row] < upperBin)
    rows[belowEnd] = row
    above[aboveCount] = row
    belowEnd += isBelow
    aboveCount += 1 - isBelow
  }
  for (let i = 0; i < aboveCount; i++) rows[belowEnd + i] = above[i]
  return belowEnd
}

function doubled(numbers: Float32Array): Float32Array<ArrayBuffer> {
  const larger = new Float32Array(2 * numbers.length)
  larger.set(numbers)
  return larger
}
