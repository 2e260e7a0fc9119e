/** A number as the unevaluated sum of two doubles: about 32 significant digits. `low` is at most half a unit of `high`'s last place. */
export interface DoubleDouble {
  readonly high: number
  readonly low: number
}

export const zero: DoubleDouble = { high: 0, low: 0 }

/** Splits a double into halves of 26 bits (Veltkamp). */
const SPLITTER = 2 ** 27 + 1

/** The exact sum of two doubles (TwoSum, Knuth 1969); infinite where it overflows. */
export function exactSum(a: number, b: number): DoubleDouble {
  const high = a + b
  const part = high - a
  return finite(high, a - (high - part) + (b - part))
}

/** The exact product of two doubles below 2⁹⁹⁶ whose product does not underflow (Dekker 1971). */
export function exactProduct(a: number, b: number): DoubleDouble {
  const high = a * b
  const splitA = SPLITTER * a
  const highA = splitA - (splitA - a)
  const lowA = a - highA
  const splitB = SPLITTER * b
  const highB = splitB - (splitB - b)
  const lowB = b - highB
  return finite(high, lowA * lowB - (high - highA * highB - lowA * highB - highA * lowB))
}

export function add(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const highs = exactSum(a.high, b.high)
  const lows = exactSum(a.low, b.low)
  const first = exactSum(highs.high, highs.low + lows.high)
  return exactSum(first.high, first.low + lows.low)
}

export function subtract(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  return add(a, { high: -b.high, low: -b.low })
}

export function multiply(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const { high, low } = exactProduct(a.high, b.high)
  return exactSum(high, low + (a.high * b.low + a.low * b.high))
}

/** a · b − c · d, right to the last digit of the result even where the two products are almost the same. For factors below 2⁹⁹⁶. */
export function differenceOfProducts(a: number, b: number, c: number, d: number): number {
  return toNumber(subtract(exactProduct(a, b), exactProduct(c, d)))
}

/** @param divisor not zero, and exact as a double */
export function divide(a: DoubleDouble, divisor: number): DoubleDouble {
  const quotient = a.high / divisor
  const { high, low } = exactProduct(quotient, divisor)
  const rest = subtract(a, { high, low })
  return exactSum(quotient, rest.high / divisor)
}

export function toNumber({ high, low }: DoubleDouble): number {
  return high + low
}

/** A sum that overflowed has no low part: what rounding makes of it is not a number. */
function finite(high: number, low: number): DoubleDouble {
  return { high, low: Number.isFinite(high) ? low : 0 }
}
