import type { Column } from '../frame/column.ts'
import type { Frame } from '../frame/frame.ts'
import { codesOf, type EncodedLabels, unionOfClasses } from '../labels/encode.ts'
import { type ClassificationMetrics, classificationMetrics } from '../metrics/classification-metrics.ts'
import type { RandomForestClassifier } from './classifier.ts'
import { mostProbable, predictProba } from './predict.ts'

/**
 * The metrics of a forest on labelled records, over the classes of both: a class that the forest does not know has probability 0.
 *
 * @throws {RangeError} when a feature is absent or there are no records
 */
export function evaluateForest(
  forest: RandomForestClassifier,
  features: Frame<Column>,
  labels: EncodedLabels,
): ClassificationMetrics {
  const classes = unionOfClasses(forest.classes, labels.classes)
  const truthCodes = codesOf(labels.classes, classes)
  const forestCodes = codesOf(forest.classes, classes)
  const own = predictProba(forest, features)
  const probabilities = new Float64Array(features.rowCount * classes.length)
  for (let row = 0; row < features.rowCount; row++) {
    for (let c = 0; c < forestCodes.length; c++) {
      probabilities[row * classes.length + forestCodes[c]] = own[row * forestCodes.length + c]
    }
  }
  return classificationMetrics({
    classes,
    truth: labels.codes.map((code) => truthCodes[code]),
    predicted: mostProbable(probabilities, classes.length),
    probabilities,
  })
}
