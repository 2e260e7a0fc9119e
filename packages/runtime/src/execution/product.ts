import { decodeTensors, encodeTensors } from '@flotta/algorithms'
import { FlottaError } from '@flotta/contract'
import { z } from 'zod'

const count = z.number().int().min(0)
const columnSum = z.strictObject({ name: z.string(), count, missing: count, sum: z.number(), compensation: z.number() })
const columnMean = z.strictObject({ name: z.string(), mean: z.number().nullable(), count, missing: count })

/** What a site hands over of an estimator: a mergeable summary. */
export const summaryProductSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('CountSummary'), state: z.strictObject({ records: count }) }),
  z.strictObject({ kind: z.literal('MeanSummary'), state: z.strictObject({ columns: z.array(columnSum) }) }),
])
export type SummaryProduct = z.infer<typeof summaryProductSchema>

/** What is released of an estimator: its value, and how many sites it rests on. */
export const valueProductSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('Count'), count, sites: count }),
  z.strictObject({ kind: z.literal('Mean'), means: z.array(columnMean), sites: count }),
])
export type ValueProduct = z.infer<typeof valueProductSchema>

/** What there is where nothing was computed. */
export interface EmptyProduct {
  readonly kind: 'Empty'
}

/** Products have one format: safetensors, with a description that says of which kind it is; these have no tensors. */
export function encodeProduct(product: SummaryProduct | ValueProduct | EmptyProduct): Uint8Array {
  return encodeTensors({ description: { ...product }, tensors: {} })
}

/**
 * The kind that the description of a product names.
 *
 * @throws {FlottaError} `invalid_resource`
 */
export function describeProduct(bytes: Uint8Array): { readonly kind: unknown; readonly description: unknown } {
  try {
    const { description } = decodeTensors(bytes)
    return { kind: (description as { kind?: unknown } | null)?.kind, description }
  } catch (error) {
    throw new FlottaError('invalid_resource', undefined, { cause: error })
  }
}
