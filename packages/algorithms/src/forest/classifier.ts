import type { Label } from '../labels/label.ts'
import type { Preparation } from '../transformers/preparation.ts'
import type { RandomForestParams } from './params.ts'

/** In `nodeFeatures`, the mark of a leaf; so a forest has at most 65,535 features. */
export const LEAF = 0xffff

/**
 * A trained random forest: plain, immutable data in which no count, weight or impurity of training rows is kept.
 *
 * Trees lie one after the other, each in breadth-first order: the k-th inner node of a tree (from 0) has its children at the tree's
 * nodes 2k + 1 and 2k + 2. So the order alone is the shape, and no array of bytes can describe a cycle.
 */
export interface RandomForestClassifier {
  readonly kind: 'RandomForestClassifier'
  /** How the features come from raw columns; null when they are the raw columns. */
  readonly preparation: Preparation | null
  readonly featureNames: readonly string[]
  /** In the order of `compareLabels`. */
  readonly classes: readonly Label[]
  /** Null when forests that were grown with different parameters have been merged. */
  readonly params: RandomForestParams | null
  /** Sets of classes that trees know, as ascending indices into `classes`: those that occurred where the tree was trained. */
  readonly groups: readonly (readonly number[])[]
  /** Per tree: index into `groups`. */
  readonly treeGroups: Uint16Array
  /** Per tree: the weight of its vote. */
  readonly treeWeights: Float64Array
  /** Per tree: number of nodes, always odd. */
  readonly treeNodeCounts: Int32Array
  /** Per node: index into `featureNames`, or {@link LEAF}. */
  readonly nodeFeatures: Uint16Array
  /** Per inner node: values up to it, and missing ones, go left. -Infinity: only missing values go left. */
  readonly thresholds: Float64Array
  /** Per leaf: one share for each class of the tree's group, together 1. */
  readonly leafProbabilities: Float32Array
}
