import { assertCodes, assertInteger } from '../check.ts'

/** Cell [t][p] counts the records of true class t that were predicted as class p, in a given order of classes. */
export type ConfusionMatrix = readonly (readonly number[])[]

/**
 * Counts records by true class (rows) and predicted class (columns), as scikit-learn's `confusion_matrix`.
 *
 * @throws {RangeError} when the lengths differ or a code is not in [0, classCount)
 */
export function confusionMatrix(truth: Int32Array, predicted: Int32Array, classCount: number): ConfusionMatrix {
  assertInteger(classCount, 'classCount', 1)
  assertCodes(truth, classCount, 'truth')
  assertCodes(predicted, classCount, 'predicted')
  if (truth.length !== predicted.length) throw new RangeError(`${truth.length} true but ${predicted.length} predicted labels`)
  const matrix = Array.from({ length: classCount }, () => new Array<number>(classCount).fill(0))
  for (let i = 0; i < truth.length; i++) matrix[truth[i]][predicted[i]]++
  return matrix
}

/** Share of the records that lie on the diagonal. @throws {RangeError} when there are no records */
export function accuracy(matrix: ConfusionMatrix): number {
  const records = matrix.flat().reduce((sum, count) => sum + count, 0)
  if (records === 0) throw new RangeError('accuracy of no records is undefined')
  return matrix.reduce((sum, row, c) => sum + row[c], 0) / records
}
