import { decodeTensors, type TensorFile } from '@flotta/algorithms'
import { type Criterion, FlottaError, type Json } from '@flotta/contract'
import type { ExecutionRequest } from '../ports/task-executor.ts'
import { readProduct } from './held-product.ts'

/**
 * Whether the rounds may end with this product.
 *
 * @throws {FlottaError} `invalid_resource` when a product is damaged
 */
export async function isMet(
  { criterion, previous }: NonNullable<ExecutionRequest['until']>,
  product: Uint8Array,
): Promise<boolean> {
  switch (criterion.kind) {
    case 'Converged':
      return isConverged(criterion, decode(await readProduct(previous)), decode(product))
    default:
      return criterion.kind satisfies never
  }
}

function decode(bytes: Uint8Array): TensorFile {
  try {
    return decodeTensors(bytes)
  } catch (error) {
    throw new FlottaError('invalid_resource', undefined, { cause: error })
  }
}

/**
 * Whether no number has changed by more than the tolerated share: within a tensor, of its largest magnitude, since a number near
 * zero among large ones is noise; elsewhere, of its own. Products of different structure have not converged; a number that was
 * not there (NaN) and still is not has not changed.
 */
export function isConverged({ tolerance }: Criterion, before: TensorFile, after: TensorFile): boolean {
  const names = Object.keys(after.tensors)
  return (
    names.length === Object.keys(before.tensors).length &&
    jsonConverged(tolerance, before.description, after.description) &&
    names.every((name) => {
      const [old, now] = [before.tensors[name], after.tensors[name]]
      return old !== undefined && now !== undefined && tensorConverged(tolerance, old, now)
    })
  )
}

type Tensor = TensorFile['tensors'][string]

function tensorConverged(tolerance: number, before: Tensor, after: Tensor): boolean {
  if (before.dtype !== after.dtype || before.data.length !== after.data.length) return false
  if (before.shape.join() !== after.shape.join()) return false
  let scale = 0
  for (let i = 0; i < before.data.length; i++) {
    const value = Math.abs(Number(before.data[i]))
    if (value > scale && value !== Number.POSITIVE_INFINITY) scale = value
  }
  for (let i = 0; i < after.data.length; i++) {
    if (!isNear(tolerance * scale, Number(before.data[i]), Number(after.data[i]))) return false
  }
  return true
}

function jsonConverged(tolerance: number, before: Json, after: Json): boolean {
  if (typeof before === 'number' && typeof after === 'number') return isNear(tolerance * Math.abs(before), before, after)
  if (!isBranch(before) || !isBranch(after)) return before === after
  const keys = Object.keys(after)
  return (
    Array.isArray(before) === Array.isArray(after) &&
    keys.length === Object.keys(before).length &&
    keys.every((key) => Object.hasOwn(before, key) && jsonConverged(tolerance, partOf(before, key), partOf(after, key)))
  )
}

function isBranch(value: Json): value is Extract<Json, object> {
  return typeof value === 'object' && value !== null
}

function partOf(branch: Extract<Json, object>, key: string): Json {
  return (branch as Readonly<Record<string, Json>>)[key] ?? null
}

/** Equal infinities have not changed; an infinity and a number differ by more than any share. */
function isNear(tolerated: number, before: number, after: number): boolean {
  return Object.is(before, after) || before === after || Math.abs(after - before) <= tolerated
}
