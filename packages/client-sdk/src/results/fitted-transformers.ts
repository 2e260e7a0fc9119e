import { decodeJson, type Expression, parseExpression, type TensorFile } from '@flotta/algorithms'
import { type ColumnTransformer, fittedTransformersSchema } from '@flotta/contract'

/** A transformer as it was fitted over the federation. */
export interface FittedTransformer {
  /** Its place among the transformers of the plan. */
  readonly place: number
  readonly transformer: ColumnTransformer
  /** What it does to which column. */
  readonly expressions: readonly Expression[]
}

/** Transformers that were fitted over the federation; those that need no fit, or are fitted at each site, are not among them. */
export interface FittedTransformersResult {
  readonly kind: 'FittedTransformers'
  readonly transformers: readonly FittedTransformer[]
}

/** @throws {Error} when the file is no such result */
export function fittedTransformersOf({ tensors }: TensorFile): FittedTransformersResult {
  const all = fittedTransformersSchema.parse(decodeJson(tensors.content, 'the content'))
  return {
    kind: 'FittedTransformers',
    transformers: all.map((fitted) => ({ ...fitted, expressions: fitted.expressions.map(parseExpression) })),
  }
}
