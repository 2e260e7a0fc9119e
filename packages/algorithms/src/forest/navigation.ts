import { LEAF, type RandomForestClassifier } from './classifier.ts'
import { LANES } from './laned-rows.ts'

/**
 * A forest's nodes as a walk needs them: from node n to `left[n]`, or one further when the value is above `threshold[n]`.
 *
 * A leaf leads to itself: its threshold is Infinity and its `left` the leaf. So walks of different lengths can go in step.
 */
export interface Navigation {
  /** Per tree: its first node. */
  readonly roots: Int32Array
  /** Per node: where its feature's values begin among those of LANES rows. */
  readonly laneOffset: Int32Array
  readonly threshold: Float64Array
  readonly left: Int32Array
  /** Per node: where a leaf's probabilities begin; 0 for inner nodes. */
  readonly probabilityOffset: Int32Array
}

const navigations = new WeakMap<RandomForestClassifier, Navigation>()

/** The navigation of a forest, computed once and kept as long as the forest is. */
export function navigationOf(forest: RandomForestClassifier): Navigation {
  const known = navigations.get(forest)
  if (known !== undefined) return known
  const navigation = computeNavigation(forest)
  navigations.set(forest, navigation)
  return navigation
}

function computeNavigation({ groups, treeGroups, treeNodeCounts, nodeFeatures, thresholds }: RandomForestClassifier): Navigation {
  const nodeCount = nodeFeatures.length
  const roots = new Int32Array(treeNodeCounts.length)
  const laneOffset = new Int32Array(nodeCount)
  const threshold = new Float64Array(nodeCount).fill(Number.POSITIVE_INFINITY)
  const left = new Int32Array(nodeCount)
  const probabilityOffset = new Int32Array(nodeCount)
  let root = 0
  let inner = 0
  let offset = 0
  for (let tree = 0; tree < treeNodeCounts.length; tree++) {
    const end = root + treeNodeCounts[tree]
    const width = groups[treeGroups[tree]].length
    let child = root + 1
    roots[tree] = root
    for (let node = root; node < end; node++) {
      if (nodeFeatures[node] === LEAF) {
        left[node] = node
        probabilityOffset[node] = offset
        offset += width
      } else {
        laneOffset[node] = nodeFeatures[node] * LANES
        threshold[node] = thresholds[inner++]
        left[node] = child
        child += 2
      }
    }
    root = end
  }
  return { roots, laneOffset, threshold, left, probabilityOffset }
}
