import type { Column } from '../frame/column.ts'
import { assertNumeric, type Frame } from '../frame/frame.ts'
import { selectColumns } from '../frame/select.ts'
import type { Label } from '../labels/label.ts'
import { applyPreparation } from '../transformers/preparation.ts'
import type { RandomForestClassifier } from './classifier.ts'
import { LANES, type LanedRows, laneRows } from './laned-rows.ts'
import { navigationOf } from './navigation.ts'
import { findLeaves } from './walk.ts'

/** Rows that are walked together: their values stay in the processor's second-level cache while all trees pass by. */
const BLOCK_ROWS = 2048

/**
 * Probability of each class for each row: row-major, rows × classes in the order of `forest.classes`; each row sums to 1.
 *
 * A class's probability is the weighted mean over the trees that know the class, and each row is then divided by its sum: a tree
 * that never saw a class has no vote on it. Where all trees know the same classes this is their weighted mean.
 *
 * @param frame has the forest's raw columns, which its preparation takes, or else its features; in any order, others are ignored
 * @throws {RangeError} naming the features that are absent
 * @throws {PreparationError} when the columns do not suit the preparation
 */
export function predictProba(forest: RandomForestClassifier, frame: Frame<Column>): Float64Array {
  const features =
    forest.preparation === null ? selectColumns(frame, forest.featureNames) : applyPreparation(forest.preparation, frame)
  assertNumeric(features)
  const { columns } = selectColumns(features, forest.featureNames)
  const classCount = forest.classes.length
  const result = new Float64Array(frame.rowCount * classCount)
  for (let start = 0; start < frame.rowCount; start += BLOCK_ROWS) {
    const end = Math.min(frame.rowCount, start + BLOCK_ROWS)
    sumVotes(forest, laneRows(columns, start, end), result.subarray(start * classCount, end * classCount))
  }
  normaliseRows(result, votersPerClass(forest))
  return result
}

/** The most probable class of each row, as an index into `forest.classes`; of equally probable ones the first. */
export function predict(forest: RandomForestClassifier, frame: Frame<Column>): Int32Array {
  return mostProbable(predictProba(forest, frame), forest.classes.length)
}

/** The most probable class of each row. */
export function predictLabels(forest: RandomForestClassifier, frame: Frame<Column>): Label[] {
  return Array.from(predict(forest, frame), (code) => forest.classes[code])
}

/** Column of the largest value of each row of a row-major matrix; the first of several. */
export function mostProbable(probabilities: Float64Array, classCount: number): Int32Array {
  const codes = new Int32Array(probabilities.length / classCount)
  for (let row = 0; row < codes.length; row++) {
    let best = row * classCount
    for (let i = best + 1; i < (row + 1) * classCount; i++) if (probabilities[i] > probabilities[best]) best = i
    codes[row] = best - row * classCount
  }
  return codes
}

/** Adds every tree's weighted leaf to `votes`: rows × classes. */
function sumVotes(forest: RandomForestClassifier, rows: LanedRows, votes: Float64Array): void {
  const { classes, groups, treeGroups, treeWeights, leafProbabilities } = forest
  const navigation = navigationOf(forest)
  const leafOffsets = new Int32Array(Math.ceil(rows.rowCount / LANES) * LANES)
  for (let tree = 0; tree < treeWeights.length; tree++) {
    findLeaves(navigation, navigation.roots[tree], rows, leafOffsets)
    for (let row = 0; row < rows.rowCount; row++) leafOffsets[row] = navigation.probabilityOffset[leafOffsets[row]]
    groups[treeGroups[tree]].forEach((column, member) => {
      addShares(treeWeights[tree], leafProbabilities.subarray(member), leafOffsets, votes, column, classes.length)
    })
  }
}

/** Adds the weighted share at each row's offset to one column of `votes`. */
function addShares(
  weight: number,
  shares: Float32Array,
  offsets: Int32Array,
  votes: Float64Array,
  column: number,
  width: number,
): void {
  for (let row = 0, vote = column; vote < votes.length; row++, vote += width) votes[vote] += weight * shares[offsets[row]]
}

/** Per class: the weight of the trees that know it. */
function votersPerClass({ classes, groups, treeGroups, treeWeights }: RandomForestClassifier): Float64Array {
  const voters = new Float64Array(classes.length)
  treeWeights.forEach((weight, tree) => {
    for (const c of groups[treeGroups[tree]]) voters[c] += weight
  })
  return voters
}

function normaliseRows(votes: Float64Array, voters: Float64Array): void {
  const classCount = voters.length
  for (let base = 0; base < votes.length; base += classCount) {
    let sum = 0
    for (let c = 0; c < classCount; c++) {
      if (voters[c] > 0) votes[base + c] /= voters[c]
      sum += votes[base + c]
    }
    for (let c = 0; c < classCount; c++) votes[base + c] /= sum
  }
}
