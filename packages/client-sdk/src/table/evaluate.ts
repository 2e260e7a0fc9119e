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
 * preparation that the model came with is applied to it. Records without a label are left out, as at the sites.
 *
 * @throws {RangeError | PreparationError} when a column is absent or does not suit the preparation, or no record has a label
 * @throws {TypeError} when the labels are of another type than all those of the model
 */
export function evaluate(model: RandomForestClassifier, table: LocalTable, label: string): ClassificationMetrics {
  const labelled = table.withValues(label)
  if (labelled.rowCount === 0) throw new RangeError(`no record has a value of "${label}"`)
  return evaluateForest(model, rawColumns(model, labelled), encodeLabels(labelsFor(model, labelled, label)))
}

/** The labels as the sites read theirs: what is text there is text here, even if all cells of this table could be numbers. */
function labelsFor({ classes }: RandomForestClassifier, table: LocalTable, name: string): readonly Label[] {
  if (classes.every((known) => typeof known === 'string')) return table.texts(name).filter((text) => text !== null)
  const labels = table.labels(name)
  const types = new Set(classes.map((known) => typeof known))
  if (types.has(typeof labels[0])) return labels
  throw new TypeError(
    `the labels of the model are of type ${[...types].join(' or ')}, those of column "${name}" of type ${typeof labels[0]}`,
  )
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
