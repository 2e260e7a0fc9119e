import type { ConfusionMatrix } from './confusion-matrix.ts'

/**
 * How the scores of single classes become one: `binary` takes the second of two classes, `macro` the mean over classes,
 * `weighted` the mean weighted by each class's true records.
 */
export type Average = 'binary' | 'macro' | 'weighted'

export interface PrecisionRecall {
  readonly precision: number
  readonly recall: number
  readonly f1: number
}

/**
 * Precision, recall and F1 with scikit-learn's meaning; a ratio whose denominator is zero counts as 0.
 *
 * Macro averages run over the classes that occur in the truth or among the predictions, as scikit-learn's do.
 *
 * @throws {RangeError} when the average is binary and there are not two classes
 */
export function precisionRecall(matrix: ConfusionMatrix, average: Average): PrecisionRecall {
  const scores = matrix.map((_, c) => classScores(matrix, c))
  switch (average) {
    case 'binary':
      if (scores.length !== 2) throw new RangeError(`a binary average needs two classes, not ${scores.length}`)
      return pick(scores[1])
    case 'macro':
      return weightedMean(scores, (score) => (score.truths + score.predictions > 0 ? 1 : 0))
    case 'weighted':
      return weightedMean(scores, (score) => score.truths)
    default:
      return average satisfies never
  }
}

export function precision(matrix: ConfusionMatrix, average: Average): number {
  return precisionRecall(matrix, average).precision
}

export function recall(matrix: ConfusionMatrix, average: Average): number {
  return precisionRecall(matrix, average).recall
}

export function f1(matrix: ConfusionMatrix, average: Average): number {
  return precisionRecall(matrix, average).f1
}

interface ClassScores extends PrecisionRecall {
  readonly truths: number
  readonly predictions: number
}

function classScores(matrix: ConfusionMatrix, c: number): ClassScores {
  const hits = matrix[c][c]
  const truths = matrix[c].reduce((sum, count) => sum + count, 0)
  const predictions = matrix.reduce((sum, row) => sum + row[c], 0)
  return {
    truths,
    predictions,
    precision: ratio(hits, predictions),
    recall: ratio(hits, truths),
    f1: ratio(2 * hits, truths + predictions),
  }
}

function weightedMean(scores: readonly ClassScores[], weightOf: (score: ClassScores) => number): PrecisionRecall {
  const total = scores.reduce((sum, score) => sum + weightOf(score), 0)
  const mean = (of: (score: ClassScores) => number) =>
    ratio(
      scores.reduce((sum, score) => sum + weightOf(score) * of(score), 0),
      total,
    )
  return { precision: mean((s) => s.precision), recall: mean((s) => s.recall), f1: mean((s) => s.f1) }
}

function pick({ precision, recall, f1 }: PrecisionRecall): PrecisionRecall {
  return { precision, recall, f1 }
}

function ratio(numerator: number, denominator: number): number {
  return denominator === 0 ? 0 : numerator / denominator
}
