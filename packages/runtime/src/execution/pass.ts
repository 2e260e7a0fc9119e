import { FlottaError } from '@flotta/contract'
import type { HeldProduct } from '../ports/task-executor.ts'
import { readProduct } from './held-product.ts'
import type { OperationResult } from './operation-result.ts'
import { encodeProduct } from './product.ts'

/**
 * Hands on what it was given: one product, or several that are the same to the byte; an empty one where there is none.
 *
 * @throws {FlottaError} `invalid_resource` when the inputs differ
 */
export async function pass([first, ...others]: readonly HeldProduct[]): Promise<OperationResult> {
  if (first === undefined) return { product: encodeProduct({ kind: 'Empty' }), metrics: null }
  const product = await readProduct(first)
  for (const other of others) {
    if (!product.equals(await readProduct(other)))
      throw new FlottaError(
        'invalid_resource',
        'Pass was given products that differ: it hands on one, or several that are the same.',
      )
  }
  return { product, metrics: null }
}
