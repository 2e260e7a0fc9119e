import {
  assertNumeric,
  type Column,
  type EncodedLabels,
  encodeLabels,
  encodeModel,
  evaluateForest,
  type Frame,
  fitRandomForestClassifier,
  type Preparation,
  prepare,
  selectRows,
} from '@flotta/algorithms'
import { FlottaError, type Metrics, type TrainTest } from '@flotta/contract'
import type { TableCache } from '../data/table-cache.ts'
import type { ExecutionRequest } from '../ports/task-executor.ts'
import type { OperationResult } from './operation-result.ts'
import { readFitted } from './preparation/fit-products.ts'
import { type TrainingRecords, trainingRecords } from './preparation/training-records.ts'

/** Splits the site's selected records, trains the model on one part and tests it on the other; records without a label are left out. */
export async function trainTest(operation: TrainTest, request: ExecutionRequest, tables: TableCache): Promise<OperationResult> {
  const { model } = operation
  if (model.kind !== 'FederatedRandomForestClassifier') {
    throw new FlottaError('unsupported_operation', `${model.kind} is not implemented in this version.`)
  }
  const records = await trainingRecords(operation, request, tables)
  const { labels, split } = records
  const { features, preparation } = await prepared(records, request)
  const forest = fitRandomForestClassifier({
    features: selectRows(features, split.train),
    labels: selectLabels(labels, split.train),
    params: model,
  })
  const scores = evaluateForest(forest, selectRows(features, split.test), selectLabels(labels, split.test))
  return { product: encodeModel({ ...forest, preparation }), metrics: metricsOf(scores, features.rowCount) }
}

/** The numbers that the model learns from, and how they come from the raw records: that travels with the model. */
async function prepared(
  { transformers, frame, split }: TrainingRecords,
  { used }: ExecutionRequest,
): Promise<{ features: Frame; preparation: Preparation | null }> {
  if (transformers.length === 0) return { features: numeric(frame), preparation: null }
  const fitted = await readFitted(used, transformers)
  const result = prepare({ transformers, fitted, frame, train: split.train })
  return { features: numeric(result.frame), preparation: result.preparation }
}

function numeric(frame: Frame<Column>): Frame {
  try {
    assertNumeric(frame)
    return frame
  } catch (error) {
    throw new FlottaError('unsuitable_feature', 'A feature holds texts: encode it, or leave it out.', { cause: error })
  }
}

/** The labels of some rows, with only the classes that occur there. */
function selectLabels({ classes, codes }: EncodedLabels, rows: Int32Array): EncodedLabels {
  return encodeLabels(Array.from(rows, (row) => classes[codes[row]!]!))
}

/** Shares only: the counts of a confusion matrix stay in the house. */
function metricsOf(scores: Omit<Metrics, 'testRecords'>, records: number): Metrics {
  const { records: testRecords, accuracy, precision, recall, f1, rocAuc } = scores
  return { records, testRecords, accuracy, precision, recall, f1, rocAuc }
}
