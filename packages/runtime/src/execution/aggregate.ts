import { decodeModel, encodeModel, mergeForests } from '@flotta/algorithms'
import { type Aggregation, FlottaError } from '@flotta/contract'
import type { ExecutionRequest } from '../ports/task-executor.ts'
import { readProduct } from './held-product.ts'
import { mergeSummaries } from './merge-summaries.ts'
import type { OperationResult } from './operation-result.ts'
import { mergeFitStatistics } from './preparation/fit-products.ts'
import { describeProduct, encodeProduct } from './product.ts'

/**
 * Combines what the sites produced, in the canonical order of the inputs, so the result is the same whatever the timing. Transformers that
 * rounds before have fitted are told along with those of this one.
 *
 * @throws {FlottaError} `invalid_resource` when the inputs are damaged or of different kinds
 */
export async function aggregate(
  { strategy }: Aggregation,
  { inputs, used }: Pick<ExecutionRequest, 'inputs' | 'used'>,
): Promise<OperationResult> {
  if (strategy !== 'merge')
    throw new FlottaError('unsupported_operation', `The strategy ${strategy} is not implemented in this version.`)
  const products = await Promise.all(inputs.map(readProduct))
  const kinds = products.map((bytes) => describeProduct(bytes).kind)
  if (kinds.every((kind) => kind === 'FitStatistics')) {
    const earlier = await Promise.all(used.map(readProduct))
    return { product: mergeFitStatistics(products, earlier), metrics: null }
  }
  const product = kinds.every((kind) => kind === 'RandomForestClassifier')
    ? mergeModels(products)
    : encodeProduct(mergeSummaries(products.map((bytes) => describeProduct(bytes).description)))
  return { product, metrics: null }
}

/** What `mergeForests` says of its arguments names no value of the data. */
function mergeModels(products: readonly Uint8Array[]): Uint8Array {
  try {
    return encodeModel(mergeForests(products.map(decodeModel)))
  } catch (error) {
    const reason = error instanceof RangeError ? `: ${error.message}` : ''
    throw new FlottaError('invalid_resource', `The models of the sites can not be united${reason}.`, { cause: error })
  }
}
