import { assertCodes } from '../check.ts'

/**
 * Area under the ROC curve: the probability that a positive record scores higher than a negative one, a tie counting half.
 *
 * Computed from mid-ranks (Mann and Whitney 1947): AUC = (R₊ - n₊(n₊+1)/2) / (n₊ n₋).
 *
 * @param isPositive one per record; any non-zero value is positive
 * @returns null when there are only positive or only negative records
 * @throws {RangeError} when lengths differ or a score is NaN
 */
export function rocAuc(isPositive: ArrayLike<number>, scores: Float64Array): number | null {
  if (isPositive.length !== scores.length) throw new RangeError(`${isPositive.length} records but ${scores.length} scores`)
  if (scores.some(Number.isNaN)) throw new RangeError('a score is NaN')
  const order = Int32Array.from(scores.keys()).sort((a, b) => scores[a] - scores[b])
  let positives = 0
  let rankSum = 0
  for (let start = 0; start < order.length; ) {
    let end = start
    let tiedPositives = 0
    while (end < order.length && scores[order[end]] === scores[order[start]]) {
      if (isPositive[order[end]] !== 0) tiedPositives++
      end++
    }
    positives += tiedPositives
    rankSum += tiedPositives * ((start + 1 + end) / 2)
    start = end
  }
  const negatives = order.length - positives
  if (positives === 0 || negatives === 0) return null
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives)
}

/**
 * Mean over classes of the one-versus-rest {@link rocAuc}: each class's probability as the score for that class against all others.
 *
 * The mean runs over the classes for which it is defined: those that occur in the truth and are not all of it. Where every
 * class does, this is scikit-learn's `roc_auc_score(multi_class='ovr', average='macro')`.
 *
 * @param probabilities row-major, records × classes
 * @returns null when the truth has fewer than two classes
 */
export function rocAucOneVersusRest(truth: Int32Array, probabilities: Float64Array, classCount: number): number | null {
  assertCodes(truth, classCount, 'truth')
  if (probabilities.length !== truth.length * classCount) {
    throw new RangeError(`${probabilities.length} probabilities for ${truth.length} records of ${classCount} classes`)
  }
  const areas: number[] = []
  for (let c = 0; c < classCount; c++) {
    const area = rocAuc(
      truth.map((code) => (code === c ? 1 : 0)),
      columnOf(probabilities, c, classCount),
    )
    if (area !== null) areas.push(area)
  }
  return areas.length === 0 ? null : areas.reduce((sum, area) => sum + area, 0) / areas.length
}

/** One column of a row-major matrix. */
export function columnOf(matrix: Float64Array, column: number, columnCount: number): Float64Array {
  const values = new Float64Array(matrix.length / columnCount)
  for (let row = 0; row < values.length; row++) values[row] = matrix[row * columnCount + column]
  return values
}
