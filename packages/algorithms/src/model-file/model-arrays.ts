import { LEAF, type RandomForestClassifier } from '../forest/classifier.ts'
import { MAX_TREES } from '../forest/params.ts'
import { LEAF_BYTE, storedWidth } from './encode-model.ts'
import type { ModelDescription } from './model-description.ts'
import { ensure } from './model-file-error.ts'
import type { Dtype, Tensor, TensorData } from './tensor.ts'

type ForestArrays = Pick<
  RandomForestClassifier,
  'treeGroups' | 'treeWeights' | 'treeNodeCounts' | 'nodeFeatures' | 'thresholds' | 'leafProbabilities'
>

/** How far from 1 the single-precision probabilities of a leaf may sum up, per class. */
const SUM_TOLERANCE = 2 ** -23

/** @throws {ModelFileError} when an array is absent, has another type, or does not fit the others */
export function readForestArrays(tensors: Readonly<Record<string, Tensor>>, model: ModelDescription): ForestArrays {
  ensure(Object.keys(tensors).length === 6, 'the file does not hold the six tensors of a forest')
  const treeWeights = arrayOf(tensors, 'treeWeights', 'F64')
  const treeGroups = arrayOf(tensors, 'treeGroups', 'U16')
  const treeNodeCounts = arrayOf(tensors, 'treeNodeCounts', 'I32')
  const nodeFeatures = readFeatures(tensors, model.featureNames.length)
  const thresholds = Float64Array.from(arrayOf(tensors, 'thresholds', 'F32', 'F64'))
  const treeCount = treeWeights.length
  ensure(treeCount > 0 && treeCount <= MAX_TREES, `a forest has between 1 and ${MAX_TREES} trees`)
  ensure(treeGroups.length === treeCount && treeNodeCounts.length === treeCount, 'tensors of trees differ in length')
  ensure(
    treeWeights.every((weight) => weight > 0 && Number.isFinite(weight)),
    'a tree has a weight that is not positive and finite',
  )
  ensure(
    treeGroups.every((group) => group < model.groups.length),
    'a tree has a group that does not exist',
  )
  ensure(
    thresholds.every((value) => value < Number.POSITIVE_INFINITY),
    'a threshold is not a number',
  )
  ensureTrees(treeNodeCounts, nodeFeatures, thresholds.length)
  const stored = arrayOf(tensors, 'leafProbabilities', 'F32')
  const leafProbabilities = expandProbabilities(stored, treeNodeCounts, (tree) => model.groups[treeGroups[tree]].length)
  return { treeGroups, treeWeights, treeNodeCounts, nodeFeatures, thresholds, leafProbabilities }
}

function arrayOf<D extends Dtype>(
  tensors: Readonly<Record<string, Tensor>>,
  name: string,
  ...dtypes: readonly D[]
): TensorData<D> {
  const tensor = Object.hasOwn(tensors, name) ? tensors[name] : undefined
  const isExpected = tensor !== undefined && tensor.shape.length === 1 && dtypes.some((dtype) => dtype === tensor.dtype)
  ensure(isExpected, `the file has no tensor ${name} of one dimension and type ${dtypes.join(' or ')}`)
  return tensor.data as TensorData<D>
}

function readFeatures(tensors: Readonly<Record<string, Tensor>>, featureCount: number): Uint16Array {
  const isByte = featureCount <= LEAF_BYTE
  const leaf = isByte ? LEAF_BYTE : LEAF
  const stored = isByte ? arrayOf(tensors, 'nodeFeatures', 'U8') : arrayOf(tensors, 'nodeFeatures', 'U16')
  ensure(
    stored.every((feature: number) => feature < featureCount || feature === leaf),
    'a node has a feature that does not exist',
  )
  return Uint16Array.from(stored, (feature) => (feature === leaf ? LEAF : feature))
}

/** Each tree's nodes, in breadth-first order, are one tree: every node but the first is a child of an earlier one, and no child is absent. */
function ensureTrees(nodeCounts: Int32Array, features: Uint16Array, thresholdCount: number): void {
  let first = 0
  let innerCount = 0
  for (const nodeCount of nodeCounts) {
    ensure(nodeCount > 0 && nodeCount <= features.length - first, 'a tree has more nodes than the file')
    let announced = 1
    for (let node = 0; node < nodeCount; node++) {
      ensure(node < announced, 'a node is the child of no other')
      if (features[first + node] !== LEAF) announced += 2
    }
    ensure(announced === nodeCount, 'a tree lacks a node')
    first += nodeCount
    innerCount += (nodeCount - 1) / 2
  }
  ensure(first === features.length, 'there are nodes of no tree')
  ensure(innerCount === thresholdCount, 'there is not one threshold for each inner node')
}

/** Completes the leaves of two classes, and checks that every leaf's probabilities are in [0, 1] and sum to 1. */
function expandProbabilities(stored: Float32Array, nodeCounts: Int32Array, groupSizeOf: (tree: number) => number): Float32Array {
  const leafCount = (tree: number) => (nodeCounts[tree] + 1) / 2
  const total = (widthOf: (size: number) => number) =>
    nodeCounts.reduce((sum, _, tree) => sum + leafCount(tree) * widthOf(groupSizeOf(tree)), 0)
  ensure(total(storedWidth) === stored.length, 'there is not one set of probabilities for each leaf')
  ensure(
    stored.every((share) => share >= 0 && share <= 1),
    'a probability is outside [0, 1]',
  )
  const full = new Float32Array(total((size) => size))
  let from = 0
  let to = 0
  nodeCounts.forEach((_, tree) => {
    const size = groupSizeOf(tree)
    for (let leaf = leafCount(tree); leaf > 0; leaf--) {
      if (size === 2) full[to] = 1 - stored[from]
      full.set(stored.subarray(from, from + storedWidth(size)), to + size - storedWidth(size))
      const sum = full.subarray(to, to + size).reduce((a, b) => a + b, 0)
      ensure(Math.abs(sum - 1) <= size * SUM_TOLERANCE, 'the probabilities of a leaf do not sum to 1')
      from += storedWidth(size)
      to += size
    }
  })
  return full
}
