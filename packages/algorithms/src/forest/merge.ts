import { unionOfClasses } from '../labels/encode.ts'
import { compareCodePoints } from '../labels/label.ts'
import type { RandomForestClassifier } from './classifier.ts'
import { concatFloat32, concatFloat64, concatUint16 } from './concat.ts'
import { MAX_TREES, type RandomForestParams } from './params.ts'
import { compareVoters, votersOf } from './voter.ts'

/**
 * One forest that holds the trees of all, each with its weight and the classes it knows (see {@link predictProba}).
 *
 * The forests may have different classes and the same features in different orders. The result depends neither on the order of
 * the arguments nor on how merges are grouped: trees are put in an order of their own, features keep the forests' common order
 * or, where there is none, are sorted by name.
 *
 * @throws {RangeError} when there is no forest, the forests have different features or preparations, or more than 100,000 trees together
 */
export function mergeForests(forests: readonly RandomForestClassifier[]): RandomForestClassifier {
  if (forests.length === 0) throw new RangeError('there is no forest to merge')
  const featureNames = commonFeatureNames(forests)
  const classes = unionOfClasses(...forests.map((forest) => forest.classes))
  const voters = forests.flatMap((forest) => votersOf(forest, featureNames, classes)).sort(compareVoters)
  if (voters.length > MAX_TREES) throw new RangeError(`a forest has at most ${MAX_TREES} trees, not ${voters.length}`)
  const groups = [...new Map(voters.map((voter) => [voter.group.join(), voter.group])).values()]
  const groupIndex = new Map(groups.map((group, index) => [group.join(), index]))
  return {
    kind: 'RandomForestClassifier',
    preparation: commonPreparation(forests),
    featureNames,
    classes,
    params: mergeParams(forests.map((forest) => forest.params)),
    groups,
    treeGroups: Uint16Array.from(voters, (voter) => groupIndex.get(voter.group.join()) as number),
    treeWeights: Float64Array.from(voters, (voter) => voter.weight),
    treeNodeCounts: Int32Array.from(voters, (voter) => voter.nodeFeatures.length),
    nodeFeatures: concatUint16(voters.map((voter) => voter.nodeFeatures)),
    thresholds: concatFloat64(voters.map((voter) => voter.thresholds)),
    leafProbabilities: concatFloat32(voters.map((voter) => voter.leafProbabilities)),
  }
}

/** Trees of records that were prepared in different ways do not mean the same by their thresholds. */
function commonPreparation([first, ...others]: readonly RandomForestClassifier[]): RandomForestClassifier['preparation'] {
  const key = JSON.stringify(first.preparation)
  const differs = others.some(({ preparation }) => JSON.stringify(preparation) !== key)
  if (differs) throw new RangeError('forests of records that were prepared in different ways cannot be merged')
  return first.preparation
}

function commonFeatureNames(forests: readonly RandomForestClassifier[]): readonly string[] {
  const [first, ...others] = forests.map((forest) => forest.featureNames)
  const sorted = [...first].sort(compareCodePoints)
  for (const names of others) {
    const isSameSet = isSameList([...names].sort(compareCodePoints), sorted)
    if (!isSameSet) throw new RangeError('forests with different features cannot be merged')
  }
  return others.every((names) => isSameList(names, first)) ? first : sorted
}

function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index])
}

/** The parameters that all forests share, with the number of trees of all; null when they differ. */
function mergeParams(all: readonly (RandomForestParams | null)[]): RandomForestParams | null {
  const known = all.filter((params) => params !== null)
  if (known.length < all.length || new Set(known.map(paramsKey)).size > 1) return null
  return { ...known[0], nEstimators: known.reduce((sum, params) => sum + params.nEstimators, 0) }
}

function paramsKey({ nEstimators: _, ...shared }: RandomForestParams): string {
  return JSON.stringify(Object.entries(shared).sort(([a], [b]) => compareCodePoints(a, b)))
}
