import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  countSummary,
  createFrame,
  createRandom,
  MAX_MAGNITUDE,
  type MeanState,
  meanSummary,
  shuffleInPlace,
} from '../src/index.ts'

const number = fc.oneof(
  fc.double({ min: -1e6, max: 1e6 }),
  fc.double(),
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e300, 1e16, -1e16, 5e-324, 1, MAX_MAGNITUDE),
)
const pooled = fc.array(number, { maxLength: 200 })
const sites = fc.integer({ min: 1, max: 20 })
const json = (state: MeanState) => JSON.parse(JSON.stringify(state)) as MeanState

/** Exact mean: the sum of the doubles as integers of their smallest unit, divided once. */
function exactMean(values: readonly number[]): number {
  const sum = values.reduce((total, value) => total + toUnits(value), 0n)
  return ratio(sum, BigInt(values.length) << 1074n)
}

/** A double as a multiple of 2⁻¹⁰⁷⁴. */
function toUnits(value: number): bigint {
  const bits = new DataView(new ArrayBuffer(8))
  bits.setFloat64(0, value)
  const word = bits.getBigUint64(0)
  const exponent = (word >> 52n) & 0x7ffn
  const fraction = word & 0xfffffffffffffn
  const magnitude = exponent === 0n ? fraction : (fraction | (1n << 52n)) << (exponent - 1n)
  return value < 0 ? -magnitude : magnitude
}

/** Quotient of two integers to within a few units in the last place. */
function ratio(numerator: bigint, denominator: bigint): number {
  const magnitude = numerator < 0n ? -numerator : numerator
  const shift = denominator.toString(2).length - magnitude.toString(2).length + 64
  const quotient = shift >= 0 ? (magnitude << BigInt(shift)) / denominator : magnitude / (denominator << BigInt(-shift))
  const half = Math.trunc(-shift / 2)
  return Math.sign(Number(numerator >= 0n) - 0.5) * Number(quotient) * 2 ** half * 2 ** (-shift - half)
}

/** Each value goes to a random site; the sites' states are merged two at a time in random order. */
function federatedMean(values: readonly number[], siteCount: number, seed: number): MeanState {
  const random = createRandom(seed)
  const parts = Array.from({ length: siteCount }, (): number[] => [])
  for (const value of values) parts[random.below(siteCount)].push(value)
  const states = parts.map((part) => json(meanSummary.add(meanSummary.init(), createFrame(['x'], [Float64Array.from(part)]))))
  while (states.length > 1) {
    shuffleInPlace(states, random)
    const [a, b] = states.splice(0, 2)
    states.push(json(meanSummary.merge(a, b)))
  }
  return states[0]
}

describe('the mean', () => {
  it('of 1 to 20 sites, merged in any order and grouping, is the pooled mean to a relative 1e-9 (C5)', () => {
    fc.assert(
      fc.property(pooled, sites, fc.nat(), (values, siteCount, seed) => {
        const measured = values.filter((value) => Math.abs(value) <= MAX_MAGNITUDE)
        const [{ mean, count, missing }] = meanSummary.value(federatedMean(values, siteCount, seed))
        expect(count).toBe(measured.length)
        expect(missing).toBe(values.length - measured.length)
        expect(mean === null).toBe(measured.length === 0)
        if (mean === null) return
        const exact = exactMean(measured)
        const size = exactMean(measured.map(Math.abs))
        expect(Math.abs(mean - exact)).toBeLessThanOrEqual(Math.max(1e-9 * Math.abs(exact), 1e-28 * size, 5e-324))
      }),
      { numRuns: 300 },
    )
  })

  it('divides by the number of values that are not missing (C5)', () => {
    const frame = createFrame(
      ['x', 'y'],
      [Float64Array.of(1, Number.NaN, 4), Float64Array.of(Number.NaN, Number.NaN, Number.NaN)],
    )
    expect(meanSummary.value(meanSummary.add(meanSummary.init(), frame))).toEqual([
      { name: 'x', mean: 2.5, count: 2, missing: 1 },
      { name: 'y', mean: null, count: 0, missing: 3 },
    ])
  })

  it('keeps what plain addition would lose', () => {
    const values = Float64Array.of(1e16, 1, -1e16, 1e16, 1, -1e16)
    const [{ mean }] = meanSummary.value(meanSummary.add(meanSummary.init(), createFrame(['x'], [values])))
    expect(mean).toBe(2 / 6)
  })

  it('treats infinite and overflowing values as missing, so that a state is always JSON', () => {
    const values = Float64Array.of(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e300, 3)
    const state = meanSummary.add(meanSummary.init(), createFrame(['x'], [values]))
    expect(json(state)).toEqual(state)
    expect(meanSummary.value(state)).toEqual([{ name: 'x', mean: 3, count: 1, missing: 3 }])
  })

  it('matches columns by name and refuses to merge different ones', () => {
    const state = (names: string[], ...values: number[]) =>
      meanSummary.add(
        meanSummary.init(),
        createFrame(
          names,
          values.map((value) => Float64Array.of(value)),
        ),
      )
    expect(meanSummary.value(meanSummary.merge(state(['x', 'y'], 1, 2), state(['y', 'x'], 4, 3)))).toMatchObject([
      { name: 'x', mean: 2 },
      { name: 'y', mean: 3 },
    ])
    expect(() => meanSummary.merge(state(['x'], 1), state(['z'], 1))).toThrow(RangeError)
    expect(() => meanSummary.merge(state(['x'], 1), state(['x', 'y'], 1, 2))).toThrow(RangeError)
  })
})

describe('the count', () => {
  it('of merged sites is the number of all records', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50), { minLength: 1, maxLength: 20 }), (sizes) => {
        const states = sizes.map((size) => countSummary.add(countSummary.init(), createFrame(['x'], [new Float64Array(size)])))
        const merged = states.reduce(countSummary.merge, countSummary.init())
        expect(countSummary.value(merged)).toBe(sizes.reduce((a, b) => a + b))
      }),
    )
  })
})
