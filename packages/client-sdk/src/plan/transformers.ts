import {
  type ColumnTransformer,
  type ColumnTransformerInput,
  columnTransformerSchema,
  type FederatedPipeline as FederatedPipelineStage,
} from '@flotta/contract'
import { checkedPart } from './checked-part.ts'

type Kind = ColumnTransformer['kind']

/** What can be told of a transformer; the rest has scikit-learn's defaults. */
export type TransformerOptions<K extends Kind> = Omit<Extract<ColumnTransformerInput, { kind: K }>, 'kind'>

/** (x - mean) / standard deviation. */
export function FederatedStandardScaler(options: TransformerOptions<'FederatedStandardScaler'> = {}): ColumnTransformer {
  return transformer({ kind: 'FederatedStandardScaler', ...options })
}

/**
 * Brings the least value to the lower end of `featureRange` and the greatest to its upper end. Over the federation the two are the
 * outermost bins of enough records, not values of single persons: what lies beyond them is scaled beyond the range unless `clip`.
 */
export function FederatedMinMaxScaler(options: TransformerOptions<'FederatedMinMaxScaler'> = {}): ColumnTransformer {
  return transformer({ kind: 'FederatedMinMaxScaler', ...options })
}

/** (x - median) / range between two quantiles. */
export function FederatedRobustScaler(options: TransformerOptions<'FederatedRobustScaler'> = {}): ColumnTransformer {
  return transformer({ kind: 'FederatedRobustScaler', ...options })
}

/** Puts what is below `lower` to it, and what is above `upper` to it. */
export function FederatedClamp(options: TransformerOptions<'FederatedClamp'>): ColumnTransformer {
  return transformer({ kind: 'FederatedClamp', ...options })
}

/** 1 above the threshold, which is 0 unless told, else 0. */
export function FederatedBinarizer(options: TransformerOptions<'FederatedBinarizer'> = {}): ColumnTransformer {
  return transformer({ kind: 'FederatedBinarizer', ...options })
}

/** The number of the bin that a value is in, or one column for each bin. */
export function FederatedKBinsDiscretizer(options: TransformerOptions<'FederatedKBinsDiscretizer'> = {}): ColumnTransformer {
  return transformer({ kind: 'FederatedKBinsDiscretizer', ...options })
}

/** Puts the mean, the median, the most frequent or a given value where one is missing. */
export function FederatedSimpleImputer(options: TransformerOptions<'FederatedSimpleImputer'> = {}): ColumnTransformer {
  return transformer({ kind: 'FederatedSimpleImputer', ...options })
}

/** One column for each category; rare ones, and those that no site has enough records of, share a column. */
export function FederatedOneHotEncoder(options: TransformerOptions<'FederatedOneHotEncoder'> = {}): ColumnTransformer {
  return transformer({ kind: 'FederatedOneHotEncoder', ...options })
}

/** The place of a value among the sorted categories; rare ones, and those that no site has enough records of, share the last place. */
export function FederatedOrdinalEncoder(options: TransformerOptions<'FederatedOrdinalEncoder'> = {}): ColumnTransformer {
  return transformer({ kind: 'FederatedOrdinalEncoder', ...options })
}

/** One column for each category; two categories are one column. */
export function FederatedLabelBinarizer(options: TransformerOptions<'FederatedLabelBinarizer'> = {}): ColumnTransformer {
  return transformer({ kind: 'FederatedLabelBinarizer', ...options })
}

/** Transformers, one after the other; a pipeline may hold others. */
export function FederatedPipeline(transformers: readonly (ColumnTransformer | FederatedPipelineStage)[]): FederatedPipelineStage {
  return { kind: 'FederatedPipeline', transformers: [...transformers] }
}

function transformer(options: ColumnTransformerInput): ColumnTransformer {
  return checkedPart(columnTransformerSchema, options)
}
