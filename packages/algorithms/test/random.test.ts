import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRandom, deriveRandom, shuffleInPlace } from '../src/index.ts'
import { xoshiro128 } from '../src/random/xoshiro128.ts'

describe('random numbers', () => {
  it('are those of xoshiro128** 1.1', () => {
    const next = xoshiro128(Int32Array.of(1, 2, 3, 4))
    expect(Array.from({ length: 4 }, next)).toEqual([11520, 0, 5927040, 70819200])
  })

  it('are the same for the same seed, and others for another seed or path', () => {
    const draws = (random: { uint32(): number }) => Array.from({ length: 8 }, () => random.uint32())
    expect(draws(createRandom(7))).toEqual(draws(createRandom(7)))
    const seeds = [[0], [1], [2 ** 32], [2 ** 32 + 1], [2 ** 53 - 1], [0, 0], [0, 1], [1, 0], [0, 0, 0]] as const
    const streams = seeds.map(([seed, ...path]) => draws(deriveRandom(seed, ...path)).join())
    expect(new Set(streams).size).toBe(seeds.length)
  })

  it('below a bound are uniform: chi-squared over 7 cells stays under its 99.99 % quantile', () => {
    const random = createRandom(3)
    const cells = new Array<number>(7).fill(0)
    for (let i = 0; i < 70_000; i++) cells[random.below(7)]++
    const chiSquared = cells.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0)
    expect(chiSquared).toBeLessThan(27.9)
  })

  it('below a bound never reach it, for any bound up to 2³²', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 32 }), fc.nat(), (bound, seed) => {
        const draw = createRandom(seed).below(bound)
        expect(Number.isInteger(draw) && draw >= 0 && draw < bound).toBe(true)
      }),
    )
    expect(new Set(Array.from({ length: 64 }, (_, seed) => createRandom(seed).below(2 ** 32) >= 2 ** 31)).size).toBe(2)
  })

  it('of float64 are in [0, 1) with mean one half', () => {
    const random = createRandom(5)
    const draws = Array.from({ length: 20_000 }, () => random.float64())
    expect(draws.every((draw) => draw >= 0 && draw < 1)).toBe(true)
    expect(draws.reduce((a, b) => a + b) / draws.length).toBeCloseTo(0.5, 2)
  })

  it('refuse a seed or a bound that is no integer in range', () => {
    expect(() => createRandom(-1)).toThrow(RangeError)
    expect(() => createRandom(0.5)).toThrow(RangeError)
    expect(() => createRandom(1).below(0)).toThrow(RangeError)
    expect(() => createRandom(1).below(2 ** 32 + 1)).toThrow(RangeError)
  })

  it('shuffle every order of three with equal frequency', () => {
    const random = createRandom(11)
    const counts = new Map<string, number>()
    for (let i = 0; i < 6000; i++) {
      const order = shuffleInPlace([1, 2, 3], random).join()
      counts.set(order, (counts.get(order) ?? 0) + 1)
    }
    expect(counts.size).toBe(6)
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150)
  })
})
