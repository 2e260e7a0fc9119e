import { assertCodes } from '../check.ts'
import { assertNumeric, type Frame } from '../frame/frame.ts'
import type { EncodedLabels } from '../labels/encode.ts'
import { isSorted } from '../labels/label.ts'
import { deriveRandom } from '../random/random.ts'
import { type BinnedColumn, binFrame } from './bins.ts'
import { LEAF, type RandomForestClassifier } from './classifier.ts'
import { concatFloat32, concatFloat64, concatUint16 } from './concat.ts'
import { createTreeGrower, type Tree } from './grow-tree.ts'
import { navigationOf } from './navigation.ts'
import { drawsPerTree, type RandomForestParams, resolveRandomForestParams } from './params.ts'
import { createSampler } from './sample.ts'

export interface RandomForestInput {
  /** One column per feature; missing values are allowed, infinite ones are not. */
  readonly features: Frame
  readonly labels: EncodedLabels
  /** What is left out has scikit-learn's default value. */
  readonly params?: Partial<RandomForestParams>
  /** Weight of each tree's vote when forests are merged. @default 1 */
  readonly treeWeight?: number
}

const MAX_ROWS = 2 ** 26 - 1

/**
 * Trains a random forest (Breiman 2001) as scikit-learn's `RandomForestClassifier` does, on at most 255 quantile bins per feature.
 *
 * Missing values count as lower than every number, and a split may separate them from the rest. Trees draw from streams of their
 * own, so the same input gives the same forest on every machine; with entropy, where `Math.log` agrees. The forest knows the classes that occur in `codes`,
 * and is ready to predict, as scikit-learn's is.
 *
 * @throws {RangeError} when there are no rows or features, lengths differ, a value is infinite or a parameter is out of range
 */
export function fitRandomForestClassifier({
  features,
  labels,
  params,
  treeWeight = 1,
}: RandomForestInput): RandomForestClassifier {
  const resolved = resolveRandomForestParams(params ?? {})
  assertTrainable(features, labels, treeWeight)
  const columns = binFrame(features)
  const { known, codes } = knownClasses(labels.codes, labels.classes.length)
  const trees = growTrees(columns, codes, known.length, resolved)
  const forest: RandomForestClassifier = {
    kind: 'RandomForestClassifier',
    preparation: null,
    featureNames: [...features.names],
    classes: [...labels.classes],
    params: resolved,
    groups: [known],
    treeGroups: new Uint16Array(trees.length),
    treeWeights: new Float64Array(trees.length).fill(treeWeight),
    treeNodeCounts: Int32Array.from(trees, (tree) => tree.nodeFeatures.length),
    nodeFeatures: concatUint16(trees.map((tree) => tree.nodeFeatures)),
    thresholds: concatFloat64(trees.map((tree) => tree.thresholds)),
    leafProbabilities: concatFloat32(trees.map((tree) => tree.leafProbabilities)),
  }
  navigationOf(forest)
  return forest
}

function growTrees(columns: readonly BinnedColumn[], codes: Int32Array, classCount: number, params: RandomForestParams): Tree[] {
  const drawCount = params.bootstrap ? drawsPerTree(params.maxSamples, codes.length) : null
  const sample = createSampler(columns, codes, drawCount)
  const growTree = createTreeGrower(columns, classCount, codes.length, params)
  return Array.from({ length: params.nEstimators }, (_, tree) => {
    const random = deriveRandom(params.randomState, tree)
    return growTree(sample(random), random)
  })
}

function assertTrainable(features: Frame, { classes, codes }: EncodedLabels, treeWeight: number): void {
  assertNumeric(features)
  const { rowCount, columns } = features
  if (rowCount === 0) throw new RangeError('a forest cannot be trained on no rows')
  if (rowCount > MAX_ROWS) throw new RangeError(`a forest is trained on at most ${MAX_ROWS} rows, not ${rowCount}`)
  if (columns.length === 0) throw new RangeError('a forest needs at least one feature')
  if (columns.length > LEAF) throw new RangeError(`a forest has at most ${LEAF} features, not ${columns.length}`)
  if (classes.length > 0xffff) throw new RangeError(`a forest has at most 65535 classes, not ${classes.length}`)
  if (!isSorted(classes)) throw new RangeError('classes must be sorted and distinct, as encodeLabels gives them')
  if (codes.length !== rowCount) throw new RangeError(`${rowCount} rows but ${codes.length} labels`)
  assertCodes(codes, classes.length, 'labels.codes')
  if (!(treeWeight > 0 && Number.isFinite(treeWeight)))
    throw new RangeError(`treeWeight must be positive and finite, not ${treeWeight}`)
}

/** The classes that occur, ascending, and each row's class as an index into them. */
function knownClasses(codes: Int32Array, classCount: number): { known: number[]; codes: Int32Array } {
  const occurs = new Uint8Array(classCount)
  for (const code of codes) occurs[code] = 1
  const known = [...occurs.keys()].filter((code) => occurs[code] === 1)
  const place = new Int32Array(classCount)
  known.forEach((code, index) => {
    place[code] = index
  })
  return { known, codes: codes.map((code) => place[code]) }
}
