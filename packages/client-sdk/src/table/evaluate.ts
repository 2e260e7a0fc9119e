import { type ClassificationMetrics, encodeLabels, evaluateForest, type RandomForestClassifier } from '@flotta/algorithms'
import type { LocalTable } from './local-table.ts'

/** How well a model predicts the label of a table that it has not seen; scikit-learn's meaning of the metrics. */
export function evaluate(model: RandomForestClassifier, table: LocalTable, label: string): ClassificationMetrics {
  return evaluateForest(model, table.frame(model.featureNames), encodeLabels(table.labels(label)))
}
