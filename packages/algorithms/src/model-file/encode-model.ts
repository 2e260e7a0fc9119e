import { LEAF, type RandomForestClassifier } from '../forest/classifier.ts'
import type { Json } from '../json.ts'
import { encodeJson } from './json-tensor.ts'
import { type Tensor, tensorOf } from './tensor.ts'
import { encodeTensors } from './tensors.ts'

export const MODEL_VERSION = 1

/** The mark of a leaf where a node's feature takes one byte; so up to 255 features do. */
export const LEAF_BYTE = 0xff

/**
 * Writes a forest as a safetensors file that `decodeModel` and Python's `safetensors.numpy` read.
 *
 * A node takes one byte (two above 255 features), an inner node four more for its threshold (eight where single precision cannot
 * express one), a leaf four for each class its tree knows; of two classes only the second is written, the first is the rest. How the
 * features come from raw columns is written as JSON.
 *
 * @throws {RangeError} when names and classes take more than a header's 1 MiB
 */
export function encodeModel(forest: RandomForestClassifier): Uint8Array {
  const { kind, preparation, featureNames, classes, params, groups, treeGroups, treeWeights, treeNodeCounts, thresholds } = forest
  const description = {
    kind,
    version: MODEL_VERSION,
    featureNames,
    classes,
    params: params === null ? null : { ...params },
    groups,
  }
  return encodeTensors({
    description: description satisfies Json,
    tensors: {
      treeWeights: tensorOf(treeWeights),
      treeNodeCounts: tensorOf(treeNodeCounts),
      treeGroups: tensorOf(treeGroups),
      nodeFeatures: compactFeatures(forest),
      thresholds: tensorOf(thresholds.every((value) => Math.fround(value) === value) ? new Float32Array(thresholds) : thresholds),
      leafProbabilities: tensorOf(storedProbabilities(forest)),
      ...(preparation === null ? {} : { preparation: encodeJson(preparation as unknown as Json) }),
    },
  })
}

/** How many of a leaf's probabilities are written for a group of so many classes. */
export function storedWidth(groupSize: number): number {
  return groupSize === 2 ? 1 : groupSize
}

function compactFeatures({ featureNames, nodeFeatures }: RandomForestClassifier): Tensor {
  if (featureNames.length > LEAF_BYTE) return tensorOf(nodeFeatures)
  return tensorOf(Uint8Array.from(nodeFeatures, (feature) => (feature === LEAF ? LEAF_BYTE : feature)))
}

function storedProbabilities({ groups, treeGroups, treeNodeCounts, leafProbabilities }: RandomForestClassifier): Float32Array {
  const stored = new Float32Array(leafProbabilities.length)
  let from = 0
  let to = 0
  treeNodeCounts.forEach((nodeCount, tree) => {
    const size = groups[treeGroups[tree]].length
    const end = from + ((nodeCount + 1) / 2) * size
    if (size === 2) for (; from < end; from += 2) stored[to++] = leafProbabilities[from + 1]
    else for (; from < end; from++) stored[to++] = leafProbabilities[from]
  })
  return stored.slice(0, to)
}
