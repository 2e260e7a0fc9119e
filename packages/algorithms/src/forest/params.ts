import { assertInteger } from '../check.ts'

/** Most trees of a forest, grown or merged. */
export const MAX_TREES = 100_000

/** How to grow a forest: scikit-learn's names, meanings and default values. */
export interface RandomForestParams {
  /** Number of trees. */
  readonly nEstimators: number
  readonly criterion: 'gini' | 'entropy'
  /** Null: nodes are split until they are pure or too small. */
  readonly maxDepth: number | null
  /** Fewest distinct rows that a node is split with. */
  readonly minSamplesSplit: number
  /** Fewest distinct rows on each side of a split. */
  readonly minSamplesLeaf: number
  /** Features tried at each split: an integer is a number of features, a fraction below 1 their share, null all. */
  readonly maxFeatures: 'sqrt' | 'log2' | number | null
  /** Whether each tree gets its own draw of rows, with replacement. */
  readonly bootstrap: boolean
  /** Rows drawn for each tree: up to 1 a share of all rows, above a number, null as many as there are. */
  readonly maxSamples: number | null
  /** Seed: the same data, parameters and seed give the same forest. */
  readonly randomState: number
}

export const defaultRandomForestParams: RandomForestParams = {
  nEstimators: 100,
  criterion: 'gini',
  maxDepth: null,
  minSamplesSplit: 2,
  minSamplesLeaf: 1,
  maxFeatures: 'sqrt',
  bootstrap: true,
  maxSamples: null,
  randomState: 0,
}

/**
 * The parameters with default values filled in; other properties of the object are left out.
 *
 * @throws {RangeError} naming the parameter that is out of its range
 */
export function resolveRandomForestParams(params: Partial<RandomForestParams>): RandomForestParams {
  const resolved = withDefaults(params)
  const { criterion, maxDepth, maxFeatures, maxSamples, bootstrap } = resolved
  assertInteger(resolved.nEstimators, 'nEstimators', 1, MAX_TREES)
  if (criterion !== 'gini' && criterion !== 'entropy')
    throw new RangeError(`criterion must be 'gini' or 'entropy', not ${criterion}`)
  if (maxDepth !== null) assertInteger(maxDepth, 'maxDepth', 1)
  assertInteger(resolved.minSamplesSplit, 'minSamplesSplit', 2)
  assertInteger(resolved.minSamplesLeaf, 'minSamplesLeaf', 1)
  if (typeof maxFeatures === 'number') assertShareOrCount(maxFeatures, 'maxFeatures')
  else if (maxFeatures !== null && maxFeatures !== 'sqrt' && maxFeatures !== 'log2') {
    throw new RangeError(`maxFeatures must be 'sqrt', 'log2', a number or null, not ${maxFeatures}`)
  }
  if (maxSamples !== null) assertShareOrCount(maxSamples, 'maxSamples')
  if (maxSamples !== null && !bootstrap) throw new RangeError('maxSamples needs bootstrap')
  assertInteger(resolved.randomState, 'randomState', 0)
  return resolved
}

/** The known parameters, in one order, whatever else the object holds. */
function withDefaults(params: Partial<RandomForestParams>): RandomForestParams {
  const given = Object.entries(defaultRandomForestParams).map(([name, value]) => {
    const chosen = params[name as keyof RandomForestParams]
    return [name, chosen === undefined ? value : chosen]
  })
  return Object.fromEntries(given) as RandomForestParams
}

/** Features to try at each split; never more than there are. */
export function featuresPerSplit(maxFeatures: RandomForestParams['maxFeatures'], featureCount: number): number {
  if (maxFeatures === null) return featureCount
  if (maxFeatures === 'sqrt') return Math.max(1, Math.floor(Math.sqrt(featureCount)))
  if (maxFeatures === 'log2') return Math.max(1, Math.floor(Math.log2(featureCount)))
  return Math.max(1, maxFeatures < 1 ? Math.floor(maxFeatures * featureCount) : Math.min(maxFeatures, featureCount))
}

/** Rows to draw for each tree; never more than there are. */
export function drawsPerTree(maxSamples: RandomForestParams['maxSamples'], rowCount: number): number {
  if (maxSamples === null) return rowCount
  return Math.max(1, maxSamples <= 1 ? Math.round(maxSamples * rowCount) : Math.min(maxSamples, rowCount))
}

function assertShareOrCount(value: number, name: string): void {
  if (!(value > 0 && (value < 1 || Number.isSafeInteger(value)))) {
    throw new RangeError(`${name} must be a share in (0, 1) or a positive integer, not ${value}`)
  }
}
