import {
  type ClassificationMetrics,
  type Column,
  encodeLabels,
  evaluateForest,
  type Frame,
  fitPreparation as fitOnFrame,
  type Label,
  predictLabels,
  type RandomForestClassifier,
} from '@flotta/algorithms'
import { columnTransformerSchema, FlottaError } from '@flotta/contract'
import type { LocalTable } from './local-table.ts'

/**
 * How well a model predicts the label of a table that it has not seen; scikit-learn's meaning of the metrics. The table is raw: the
 * preparation that the model came with is applied to it.
 *
 * @throws {RangeError | PreparationError} when a column is absent or does not suit the preparation
 */
export function evaluate(model: RandomForestClassifier, table: LocalTable, label: string): ClassificationMetrics {
  return evaluateForest(model, rawColumns(model, table), encodeLabels(table.labels(label)))
}

/** The most probable label of each row of a raw table. */
export function predict(model: RandomForestClassifier, table: LocalTable): Label[] {
  return predictLabels(model, rawColumns(model, table))
}

/**
 * The model with those transformers fitted on a table of one's own that each site had fitted on its own records: such parameters
 * never leave a site, so without this the model can't predict.
 *
 * @throws {FlottaError} `invalid_resource` when the model holds no valid transformer
 */
export function fitPreparation(model: RandomForestClassifier, table: LocalTable): RandomForestClassifier {
  if (model.preparation === null) return model
  const preparation = fitOnFrame(model.preparation, rawColumns(model, table), (json) => {
    const parsed = columnTransformerSchema.safeParse(json)
    if (!parsed.success) throw new FlottaError('invalid_resource', undefined, { cause: parsed.error })
    return parsed.data
  })
  return { ...model, preparation }
}

/** The columns that a model takes, before any preparation. */
function rawColumns({ preparation, featureNames }: RandomForestClassifier, table: LocalTable): Frame<Column> {
  return preparation === null ? table.frame(featureNames) : table.columns(preparation.inputs)
}
