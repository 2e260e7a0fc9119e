import type { DoubleDouble } from '../numeric/double-double.ts'

/** The least positive double is 2⁻¹⁰⁷⁴, and all finite ones are multiples of it. */
const DOUBLE_FRACTION_BITS = 1074
/** More than a double has: the lowest of them stands for all that are cut off, so that rounding is to the nearest. */
const KEPT_BITS = 64

/**
 * A number as an integer multiple of 2^-fractionBits, exactly.
 *
 * @param fractionBits at least 1074
 * @throws {RangeError} when it is not finite
 */
export function toFixedPoint({ high, low }: DoubleDouble, fractionBits: number): bigint {
  return (unitsOf(high) + unitsOf(low)) << BigInt(fractionBits - DOUBLE_FRACTION_BITS)
}

/**
 * The number nearest to an integer multiple of 2^-fractionBits.
 *
 * @throws {RangeError} when it is larger than any double
 */
export function fromFixedPoint(integer: bigint, fractionBits: number): DoubleDouble {
  const high = nearestDouble(integer, fractionBits)
  if (!Number.isFinite(high)) throw new RangeError('a sum is larger than any double')
  return { high, low: nearestDouble(integer - toFixedPoint({ high, low: 0 }, fractionBits), fractionBits) }
}

/** A double in units of 2⁻¹⁰⁷⁴. */
function unitsOf(value: number): bigint {
  if (!Number.isFinite(value)) throw new RangeError('only finite numbers have a place in a sum')
  const bits = new DataView(new ArrayBuffer(8))
  bits.setFloat64(0, value)
  const biasedExponent = (bits.getUint16(0) >> 4) & 0x7ff
  const fraction = bits.getBigUint64(0) & 0xfffffffffffffn
  const magnitude = biasedExponent === 0 ? fraction : (fraction | (1n << 52n)) << BigInt(biasedExponent - 1)
  return value < 0 ? -magnitude : magnitude
}

function nearestDouble(integer: bigint, fractionBits: number): number {
  const magnitude = integer < 0n ? -integer : integer
  const cut = Math.max(0, 4 * magnitude.toString(16).length - KEPT_BITS)
  const kept = magnitude >> BigInt(cut)
  const sticky = kept << BigInt(cut) === magnitude ? 0n : 1n
  const nearest = timesPowerOfTwo(Number(kept | sticky), cut - fractionBits)
  return integer < 0n && nearest > 0 ? -nearest : nearest
}

/** In steps, since the power itself may be no double. */
function timesPowerOfTwo(value: number, exponent: number): number {
  let product = value
  for (let rest = exponent; rest !== 0; ) {
    const step = Math.max(-1000, Math.min(1000, rest))
    product *= 2 ** step
    rest -= step
  }
  return product
}
