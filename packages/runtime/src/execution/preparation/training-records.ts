import {
  type Column,
  type EncodedLabels,
  encodeLabels,
  type Frame,
  rowKeys,
  selectRows,
  type TrainTestSplit,
  trainTestSplit,
} from '@flotta/algorithms'
import { type ColumnTransformer, columnTransformersOf, type FederatedSplitter, FlottaError, type Query } from '@flotta/contract'
import { SiteRecords } from '../../data/site-records.ts'
import type { TableCache } from '../../data/table-cache.ts'
import { learnedFeatures } from '../../plan/learned-features.ts'
import type { ExecutionRequest } from '../../ports/task-executor.ts'
import { requireEnoughRecords } from '../disclosure.ts'

/** A site's records as they are before any preparation, divided into training and test. */
export interface TrainingRecords {
  readonly frame: Frame<Column>
  readonly labels: EncodedLabels
  readonly split: TrainTestSplit
  /** What prepares them, pipelines taken apart. */
  readonly transformers: readonly ColumnTransformer[]
}

/**
 * The selected records that have a label, split. Every operation of a plan that names the same query and label splits alike, so what
 * is fitted in one and trained in another rests on the same training records.
 *
 * @throws {FlottaError} `disclosure_refused` when a part has fewer records than the policy asks for
 */
export async function trainingRecords(
  { label, query }: { readonly label: string; readonly query: Query },
  { datasources, policy }: ExecutionRequest,
  tables: TableCache,
): Promise<TrainingRecords> {
  const records = await SiteRecords.select(datasources, query, tables)
  const transformers = columnTransformersOf(query.stages)
  const names = learnedFeatures({ label, query }, records.columns).map(({ name }) => name)
  if (names.length === 0) throw new FlottaError('unsuitable_feature', 'There is no feature to learn from besides the label.')
  const { frame, labels } = await labelled(records, names, label)
  const splitter = query.stages.find((stage) => stage.kind === 'FederatedSplitter')
  if (splitter === undefined) throw new FlottaError('invalid_artifact', 'The query has no FederatedSplitter.')
  requireEnoughRecords(frame.rowCount, policy)
  const split = splitOf(frame, labels, splitter)
  requireEnoughRecords(split.train.length, policy)
  requireEnoughRecords(split.test.length, policy)
  return { frame, labels, split, transformers }
}

function splitOf(frame: Frame<Column>, labels: EncodedLabels, splitter: FederatedSplitter): TrainTestSplit {
  const { testSize, trainSize = null, stratify, randomState } = splitter
  try {
    return trainTestSplit(labels.codes, { testSize, trainSize, stratify, keys: keysOf(frame, labels, randomState) })
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new FlottaError('invalid_artifact', 'The sizes of the split do not fit the records of this site.', { cause: error })
  }
}

/** Keys of whole records: their features and their label. */
function keysOf({ rowCount, names, columns }: Frame<Column>, { codes }: EncodedLabels, seed: number): Float64Array {
  return rowKeys({ rowCount, names: [...names, ''], columns: [...columns, Float64Array.from(codes)] }, seed)
}

async function labelled(
  records: SiteRecords,
  names: readonly string[],
  label: string,
): Promise<{ frame: Frame<Column>; labels: EncodedLabels }> {
  const [frame, values] = await Promise.all([records.mixedFrame(names), records.labels(label)])
  const rows = Int32Array.from(values.flatMap((value, row) => (value === null ? [] : [row])))
  const present = values.filter((value) => value !== null)
  return { frame: rows.length === frame.rowCount ? frame : selectRows(frame, rows), labels: encodeLabels(present) }
}
