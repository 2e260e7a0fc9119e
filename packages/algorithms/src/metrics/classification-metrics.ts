import type { Label } from '../labels/label.ts'
import { accuracy, type ConfusionMatrix, confusionMatrix } from './confusion-matrix.ts'
import { precisionRecall } from './precision-recall.ts'
import { columnOf, rocAuc, rocAucOneVersusRest } from './roc-auc.ts'

/** How well a classifier did on records it had not seen. All shares are in [0, 1]. */
export interface ClassificationMetrics {
  readonly records: number
  readonly accuracy: number
  readonly precision: number
  readonly recall: number
  readonly f1: number
  /** Null where it is undefined: the truth holds one class only. */
  readonly rocAuc: number | null
  /** The order of the rows and columns of the confusion matrix. */
  readonly classes: readonly Label[]
  /** Exact counts of records: for use inside the house, not for release. */
  readonly confusionMatrix: ConfusionMatrix
}

export interface Predictions {
  readonly classes: readonly Label[]
  /** True class of each record, as an index into `classes`. */
  readonly truth: Int32Array
  readonly predicted: Int32Array
  /** Row-major, records × classes. */
  readonly probabilities: Float64Array
}

/**
 * All metrics at once, with scikit-learn's meaning.
 *
 * With two classes precision, recall, F1 and ROC AUC are those of the second, positive class; otherwise they are macro averages,
 * see {@link precisionRecall} and {@link rocAucOneVersusRest}.
 *
 * @throws {RangeError} when there are no records, lengths differ or a code is out of range
 */
export function classificationMetrics({ classes, truth, predicted, probabilities }: Predictions): ClassificationMetrics {
  const classCount = classes.length
  const matrix = confusionMatrix(truth, predicted, classCount)
  if (probabilities.length !== truth.length * classCount) {
    throw new RangeError(`${probabilities.length} probabilities for ${truth.length} records of ${classCount} classes`)
  }
  const isBinary = classCount === 2
  return {
    records: truth.length,
    accuracy: accuracy(matrix),
    ...precisionRecall(matrix, isBinary ? 'binary' : 'macro'),
    rocAuc: isBinary ? rocAuc(truth, columnOf(probabilities, 1, 2)) : rocAucOneVersusRest(truth, probabilities, classCount),
    classes: [...classes],
    confusionMatrix: matrix,
  }
}
