import { decodeTensors, encodeTensors, type Json, tensorOf } from '@flotta/algorithms'
import { type Estimator, FlottaError, type StatisticValue } from '@flotta/contract'

/** What there is where nothing was computed. */
export interface EmptyProduct {
  readonly kind: 'Empty'
}

/** What a site hands over of an estimator. */
export interface SummaryProduct {
  readonly kind: 'Summary'
  readonly estimator: Estimator
  readonly state: unknown
}

/** Longest description that stands in the header of a file, which has a limit of its own. */
const MAX_INLINE_CHARACTERS = 200_000

/**
 * Products have one format: safetensors, with a description that says of which kind it is. One that is too large for the header of
 * the file stands in a tensor of its text, `json`, and the header has its kind alone.
 */
export function encodeProduct(product: EmptyProduct | SummaryProduct | StatisticValue): Uint8Array {
  const text = JSON.stringify(product)
  if (text.length <= MAX_INLINE_CHARACTERS) return encodeTensors({ description: JSON.parse(text) as Json, tensors: {} })
  return encodeTensors({ description: { kind: product.kind }, tensors: { json: tensorOf(new TextEncoder().encode(text)) } })
}

/**
 * The kind that a product names, and what it says.
 *
 * @throws {FlottaError} `invalid_resource`
 */
export function describeProduct(bytes: Uint8Array): { readonly kind: unknown; readonly description: unknown } {
  try {
    const { description, tensors } = decodeTensors(bytes)
    const { kind } = (description ?? {}) as { kind?: unknown }
    const text = tensors.json
    return { kind, description: text === undefined ? description : JSON.parse(new TextDecoder().decode(text.data as Uint8Array)) }
  } catch (error) {
    throw new FlottaError('invalid_resource', undefined, { cause: error })
  }
}
