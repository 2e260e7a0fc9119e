import { fieldFormats, type RingField, wordsOf } from './ring-field.ts'

/**
 * A vector of integers modulo powers of two: field after field, each from its lowest word to its highest. A mask is one whose words
 * come from a cryptographic generator: what it is added to is then as random as the mask itself.
 */
export type RingVector = BigInt64Array

/** @throws {RangeError} when there are not as many integers as fields */
export function toRing(fields: readonly RingField[], integers: readonly bigint[]): RingVector {
  if (integers.length !== fields.length) throw new RangeError(`${fields.length} fields do not hold ${integers.length} integers`)
  const vector = new BigInt64Array(wordsOf(fields))
  let word = 0
  fields.forEach((field, place) => {
    let rest = integers[place]
    for (const end = word + fieldFormats[field].words; word < end; word++) {
      vector[word] = rest
      rest >>= 64n
    }
  })
  return vector
}

/** The integers of a vector, those of the upper half of each field's range as negative ones. */
export function fromRing(fields: readonly RingField[], vector: RingVector): bigint[] {
  assertLength(fields, vector)
  let start = 0
  return fields.map((field) => {
    const end = start + fieldFormats[field].words
    let integer = vector[end - 1]
    for (let word = end - 2; word >= start; word--) integer = (integer << 64n) | BigInt.asUintN(64, vector[word])
    start = end
    return integer
  })
}

export function addInRing(fields: readonly RingField[], a: RingVector, b: RingVector): RingVector {
  return combine(fields, a, b, (left, right, carry) => left + right + carry)
}

export function subtractInRing(fields: readonly RingField[], a: RingVector, b: RingVector): RingVector {
  return combine(fields, a, b, (left, right, carry) => left - right + carry)
}

/** @param step of one word; what is beyond its 64 bits is carried into the next one of the field, and lost after its last */
function combine(
  fields: readonly RingField[],
  a: RingVector,
  b: RingVector,
  step: (left: bigint, right: bigint, carry: bigint) => bigint,
): RingVector {
  assertLength(fields, a)
  assertLength(fields, b)
  const result = new BigInt64Array(a.length)
  let word = 0
  for (const field of fields) {
    let carry = 0n
    for (const end = word + fieldFormats[field].words; word < end; word++) {
      const total = step(BigInt.asUintN(64, a[word]), BigInt.asUintN(64, b[word]), carry)
      result[word] = total
      carry = total >> 64n
    }
  }
  return result
}

function assertLength(fields: readonly RingField[], vector: RingVector): void {
  const words = wordsOf(fields)
  if (vector.length !== words) throw new RangeError(`a vector of these fields has ${words} words, not ${vector.length}`)
}
