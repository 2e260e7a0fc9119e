import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  comomentsSummary,
  createRandom,
  MAX_MAGNITUDE,
  type Moments,
  momentsSummary,
  type Summary,
  shuffleInPlace,
} from '../src/index.ts'

const number = fc.oneof(
  fc.double({ min: -1e6, max: 1e6 }),
  fc.double(),
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e300, 1e16, -1e16, 5e-324, 1, MAX_MAGNITUDE),
)
const pooled = fc.array(number, { maxLength: 200 })
const sites = fc.integer({ min: 1, max: 20 })
const json = <State>(state: State) => JSON.parse(JSON.stringify(state)) as State

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

/** Each item goes to a random site; the sites' states are merged two at a time in random order. */
function federated<State, Value, Item, Input>(
  summary: Summary<State, Value, Input>,
  items: readonly Item[],
  inputOf: (part: readonly Item[]) => Input,
  siteCount: number,
  seed: number,
): State {
  const random = createRandom(seed)
  const parts = Array.from({ length: siteCount }, (): Item[] => [])
  for (const item of items) parts[random.below(siteCount)].push(item)
  const states = parts.map((part) => json(summary.add(summary.init(), inputOf(part))))
  while (states.length > 1) {
    shuffleInPlace(states, random)
    const [a, b] = states.splice(0, 2)
    states.push(json(summary.merge(a, b)))
  }
  return states[0]
}

const federatedMoments = (values: readonly number[], siteCount: number, seed: number): Moments =>
  federated(momentsSummary, values, (part) => Float64Array.from(part), siteCount, seed)

/** Exact variance: (n Σx² − (Σx)²) / (n (n − 1)), in integers. */
function exactVariance(values: readonly number[]): number {
  const n = BigInt(values.length)
  const units = values.map(toUnits)
  const sum = units.reduce((a, b) => a + b, 0n)
  const squares = units.reduce((total, unit) => total + unit * unit, 0n)
  return ratio(n * squares - sum * sum, (n * (n - 1n)) << 2148n)
}

describe('moments', () => {
  it('of 1 to 20 sites, merged in any order and grouping, have the pooled mean to a relative 1e-9 (C5)', () => {
    fc.assert(
      fc.property(pooled, sites, fc.nat(), (values, siteCount, seed) => {
        const measured = values.filter((value) => Math.abs(value) <= MAX_MAGNITUDE)
        const { mean, count } = momentsSummary.value(federatedMoments(values, siteCount, seed))
        expect(count).toBe(measured.length)
        expect(mean === null).toBe(measured.length === 0)
        if (mean === null) return
        const exact = exactMean(measured)
        const size = exactMean(measured.map(Math.abs))
        expect(Math.abs(mean - exact)).toBeLessThanOrEqual(Math.max(1e-9 * Math.abs(exact), 1e-28 * size, 5e-324))
      }),
      { numRuns: 300 },
    )
  })

  it('… and the pooled variance, or none where it is too large for a double', () => {
    const spread = fc.array(
      fc.oneof(fc.double({ min: -1e6, max: 1e6 }), fc.constantFrom(1e9, 1e9 + 1, 1e120, -1e120, 3, Number.NaN)),
      {
        maxLength: 100,
      },
    )
    fc.assert(
      fc.property(spread, sites, fc.nat(), (values, siteCount, seed) => {
        const measured = values.filter((value) => !Number.isNaN(value))
        const { variance } = momentsSummary.value(federatedMoments(values, siteCount, seed))
        expect(variance === null).toBe(measured.length < 2)
        if (variance === null) return
        const exact = exactVariance(measured)
        const largest = Math.max(...measured.map(Math.abs))
        expect(Math.abs(variance - exact)).toBeLessThanOrEqual(Math.max(1e-9 * exact, 1e-27 * largest * largest, 1e-300))
      }),
      { numRuns: 300 },
    )
    expect(momentsSummary.value(federatedMoments([1e200, -1e200, 5, 6], 3, 1))).toMatchObject({ variance: null, std: null })
  })

  it('of a long column are exact, however large its values are against their spread', () => {
    const random = createRandom(1)
    const values = Array.from({ length: 30_000 }, (_, i) => (i % 50 === 0 ? Number.NaN : 1e9 + random.float64()))
    const measured = values.filter((value) => !Number.isNaN(value))
    const { count, mean, variance } = momentsSummary.value(federatedMoments(values, 1, 0))
    expect([count, mean]).toEqual([measured.length, exactMean(measured)])
    expect(variance! / exactVariance(measured)).toBeCloseTo(1, 11)
  })

  it.each([
    ['no values', [], null, null],
    ['one value', [3], 3, null],
    ['a constant', [0.1, 0.1, 0.1], 0.1, 0],
    ['missing values only', [Number.NaN, Number.NaN], null, null],
    ['what plain addition would lose', [1e16, 1, -1e16, 1e16, 1, -1e16], 2 / 6, expect.any(Number)],
    ['infinite and overflowing values, which are missing', [Number.POSITIVE_INFINITY, 1e300, 3, 5], 4, 2],
  ])('of %s', (_, values, mean, variance) => {
    expect(momentsSummary.value(federatedMoments(values, 1, 0))).toMatchObject({ mean, variance })
  })
})

describe('comoments', () => {
  it('of 1 to 20 sites are those of the pooled records that have both values', () => {
    const value = fc.oneof(fc.double({ min: -1e3, max: 1e3, noNaN: true }), fc.constantFrom(Number.NaN, 1e8, 1e8 + 1))
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value), { maxLength: 100 }), sites, fc.nat(), (rows, siteCount, seed) => {
        const pair = (part: readonly (readonly [number, number])[]) => ({
          x: Float64Array.from(part, ([x]) => x),
          y: Float64Array.from(part, ([, y]) => y),
        })
        const state = federated(comomentsSummary, rows, pair, siteCount, seed)
        const both = rows.filter(([x, y]) => !Number.isNaN(x) && !Number.isNaN(y))
        const { count, covariance } = comomentsSummary.value(state)
        expect(count).toBe(both.length)
        expect(covariance === null).toBe(both.length < 2)
        if (covariance === null) return
        const n = BigInt(both.length)
        const sum = (units: bigint[]) => units.reduce((a, b) => a + b, 0n)
        const [xs, ys] = [both.map(([x]) => toUnits(x)), both.map(([, y]) => toUnits(y))]
        const exact = ratio(n * sum(xs.map((x, i) => x * ys[i])) - sum(xs) * sum(ys), (n * (n - 1n)) << 2148n)
        const size = Math.max(...both.flat().map(Math.abs))
        expect(Math.abs(covariance - exact)).toBeLessThanOrEqual(Math.max(1e-9 * Math.abs(exact), 1e-27 * size * size, 1e-300))
      }),
      { numRuns: 200 },
    )
  })

  it('give no correlation with a constant column', () => {
    const state = comomentsSummary.add(comomentsSummary.init(), { x: Float64Array.of(1, 2, 3), y: Float64Array.of(4, 4, 4) })
    expect(comomentsSummary.value(state)).toEqual({ count: 3, covariance: 0, correlation: null })
  })
})
