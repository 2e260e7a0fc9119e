import {
  type EncodedLabels,
  encodeLabels,
  encodeModel,
  evaluateForest,
  type Frame,
  fitRandomForestClassifier,
  rowKeys,
  selectRows,
  trainTestSplit,
} from '@flotta/algorithms'
import { FlottaError, isNumericType, type Metrics, type TrainTest } from '@flotta/contract'
import { SiteRecords } from '../data/site-records.ts'
import type { TableCache } from '../data/table-cache.ts'
import type { ExecutionRequest } from '../ports/task-executor.ts'
import { requireEnoughRecords } from './disclosure.ts'
import type { OperationResult } from './operation-result.ts'

/** Splits the site's selected records, trains the model on one part and tests it on the other; records without a label are left out. */
export async function trainTest(
  operation: TrainTest,
  { datasources, policy }: ExecutionRequest,
  tables: TableCache,
): Promise<OperationResult> {
  const { model, label, query } = operation
  if (model.kind !== 'FederatedRandomForestClassifier') {
    throw new FlottaError('unsupported_operation', `${model.kind} is not implemented in this version.`)
  }
  const records = await SiteRecords.select(datasources, query, tables)
  const { features, labels } = await labelled(records, featureNames(operation, records), label)
  const splitter = records.transformers.find((transformer) => transformer.kind === 'FederatedSplitter')
  if (splitter === undefined) throw new FlottaError('invalid_artifact', 'TrainTest needs a FederatedSplitter.')
  requireEnoughRecords(features.rowCount, policy)
  const { testSize, stratify, randomState } = splitter
  const { train, test } = trainTestSplit(labels.codes, { testSize, stratify, keys: keysOf(features, labels, randomState) })
  requireEnoughRecords(train.length, policy)
  requireEnoughRecords(test.length, policy)
  const forest = fitRandomForestClassifier({
    features: selectRows(features, train),
    labels: selectLabels(labels, train),
    params: model,
  })
  const scores = evaluateForest(forest, selectRows(features, test), selectLabels(labels, test))
  return { product: encodeModel(forest), metrics: metricsOf(scores, features.rowCount) }
}

/** Keys of whole records: their features and their label. */
function keysOf({ rowCount, names, columns }: Frame, { codes }: EncodedLabels, seed: number): Float64Array {
  return rowKeys({ rowCount, names: [...names, ''], columns: [...columns, Float64Array.from(codes)] }, seed)
}

/** Without a selection all numeric columns but the label enter the model. */
function featureNames({ label, query }: TrainTest, { columns }: SiteRecords): string[] {
  const selects = query.stages.some(({ kind }) => kind === 'Select')
  const names = columns.filter(({ name, type }) => name !== label && (selects || isNumericType(type))).map(({ name }) => name)
  if (names.length === 0) throw new FlottaError('unsuitable_feature', 'There is no feature to learn from besides the label.')
  return names
}

async function labelled(
  records: SiteRecords,
  names: readonly string[],
  label: string,
): Promise<{ features: Frame; labels: EncodedLabels }> {
  const [frame, values] = await Promise.all([records.frame(names), records.labels(label)])
  const rows = Int32Array.from(values.flatMap((value, row) => (value === null ? [] : [row])))
  const present = values.filter((value) => value !== null)
  return { features: rows.length === frame.rowCount ? frame : selectRows(frame, rows), labels: encodeLabels(present) }
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
