import { readFile, writeFile } from 'node:fs/promises'
import { SMALL_PRODUCT_BYTES } from '@flotta/contract'
import type { HeldProduct } from '../ports/task-executor.ts'

export async function readProduct(held: HeldProduct): Promise<Buffer> {
  return typeof held === 'string' ? readFile(held) : Buffer.from(held.buffer, held.byteOffset, held.length)
}

/** Puts a product into the file unless it is small; answers a small one. */
export async function holdProduct(product: Uint8Array, path: string): Promise<Uint8Array | null> {
  if (product.length <= SMALL_PRODUCT_BYTES) return product
  await writeFile(path, product, { mode: 0o600 })
  return null
}
