import { codesOf } from '../labels/encode.ts'
import type { Label } from '../labels/label.ts'
import { LEAF, type RandomForestClassifier } from './classifier.ts'
import type { Tree } from './grow-tree.ts'

/** A tree with all that its vote depends on, in the numbering of a merged forest's features and classes. */
export interface Voter extends Tree {
  readonly weight: number
  /** The classes it knows, ascending. */
  readonly group: readonly number[]
}

/** The trees of a forest, renumbered for these features (the same set) and these sorted classes (a superset). */
export function votersOf(forest: RandomForestClassifier, featureNames: readonly string[], classes: readonly Label[]): Voter[] {
  const featureIndex = new Map(featureNames.map((name, index) => [name, index]))
  const features = Uint16Array.from(forest.featureNames, (name) => featureIndex.get(name) as number)
  const codes = codesOf(forest.classes, classes)
  const groups = forest.groups.map((group) => group.map((c) => codes[c]))
  const voters: Voter[] = []
  let node = 0
  let inner = 0
  let leafStart = 0
  forest.treeNodeCounts.forEach((nodeCount, tree) => {
    const group = groups[forest.treeGroups[tree]]
    const innerCount = (nodeCount - 1) / 2
    const leafEnd = leafStart + (innerCount + 1) * group.length
    voters.push({
      weight: forest.treeWeights[tree],
      group,
      nodeFeatures: forest.nodeFeatures.slice(node, node + nodeCount).map((f) => (f === LEAF ? LEAF : features[f])),
      thresholds: forest.thresholds.slice(inner, inner + innerCount),
      leafProbabilities: forest.leafProbabilities.slice(leafStart, leafEnd),
    })
    node += nodeCount
    inner += innerCount
    leafStart = leafEnd
  })
  return voters
}

/** A total order of trees by what they are, so that it does not matter where they come from. */
export function compareVoters(a: Voter, b: Voter): number {
  return (
    compareNumbers(a.group, b.group) ||
    a.weight - b.weight ||
    compareNumbers(a.nodeFeatures, b.nodeFeatures) ||
    compareNumbers(a.thresholds, b.thresholds) ||
    compareNumbers(a.leafProbabilities, b.leafProbabilities)
  )
}

function compareNumbers(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return a.length - b.length
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i] < b[i] ? -1 : 1
  return 0
}
