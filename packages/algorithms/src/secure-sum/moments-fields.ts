import { type DoubleDouble, zero } from '../numeric/double-double.ts'
import type { Moments } from '../summaries/moments.ts'
import { fromFixedPoint, toFixedPoint } from './fixed-point.ts'
import { fieldFormats, type RingField } from './ring-field.ts'

const { sum: sumFormat, product: productFormat } = fieldFormats
/** How much finer the product of two sums is than a field of products. */
const FINER_BITS = BigInt(2 * sumFormat.fractionBits - productFormat.fractionBits)

/** How much of the moments goes round: nothing, number and sum, or the squared deviations too. */
export type MomentsPart = 'none' | 'sum' | 'squares'

/** Σ1, Σx, Σx², and how many sites had a Σx² too large to be told. */
export const momentsFields: Readonly<Record<MomentsPart, readonly RingField[]>> = {
  none: [],
  sum: ['count', 'sum'],
  squares: ['count', 'sum', 'product', 'count'],
}

export function encodeMoments({ count, sum, squares }: Moments, part: MomentsPart): bigint[] {
  if (part === 'none') return []
  const total = toFixedPoint(sum, sumFormat.fractionBits)
  return [BigInt(count), total, ...(part === 'sum' ? [] : encodeDeviations(squares, total, total, count))]
}

export function decodeMoments([count, sum, product, tooLarge]: readonly bigint[], part: 'sum' | 'squares'): Moments {
  const n = countOf(count)
  if (part === 'sum') return { count: n, sum: fromFixedPoint(sum, sumFormat.fractionBits), squares: null }
  const squares = decodeDeviations([product, tooLarge], sum, sum, n)
  return {
    count: n,
    sum: fromFixedPoint(sum, sumFormat.fractionBits),
    squares: squares !== null && squares.high < 0 ? zero : squares,
  }
}

/** Σxy of n pairs from the products of their deviations from the means, and 1 where those are too large to be told. */
export function encodeDeviations(deviations: DoubleDouble | null, sumX: bigint, sumY: bigint, n: number): bigint[] {
  if (deviations === null) return [0n, 1n]
  const atMeans = n === 0 ? 0n : (sumX * sumY) / BigInt(n)
  return [toFixedPoint(deviations, productFormat.fractionBits) + (atMeans >> FINER_BITS), 0n]
}

/** The products of deviations from the pooled means: in integers nothing cancels out. */
export function decodeDeviations(
  [product, tooLarge]: readonly bigint[],
  sumX: bigint,
  sumY: bigint,
  n: number,
): DoubleDouble | null {
  if (tooLarge > 0n) return null
  if (n === 0) return zero
  const deviations = (product << FINER_BITS) - (sumX * sumY) / BigInt(n)
  try {
    return fromFixedPoint(deviations, 2 * sumFormat.fractionBits)
  } catch {
    return null
  }
}

/** @throws {RangeError} when it is no number of records or sites: what was added up was not what it seemed */
export function countOf(integer: bigint): number {
  const count = Number(integer)
  if (!Number.isSafeInteger(count) || count < 0) throw new RangeError('a sum of counts is out of range')
  return count
}
