import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { backoffDelayMs } from '../src/transport/backoff.ts'

const policy = { initialMs: 200, maxMs: 30_000 }

describe('backoffDelayMs', () => {
  it('doubles from the initial delay up to the cap', () => {
    expect([0, 1, 2, 7, 8, 500].map((attempt) => backoffDelayMs(policy, attempt, 0.5))).toEqual([
      200, 400, 800, 25_600, 30_000, 30_000,
    ])
  })

  it('never leaves the spread of 20 % around it', () => {
    fc.assert(
      fc.property(fc.nat(100), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (attempt, random) => {
        const middle = backoffDelayMs(policy, attempt, 0.5)
        const delay = backoffDelayMs(policy, attempt, random)
        expect(delay).toBeGreaterThanOrEqual(middle * 0.8 - 1e-9)
        expect(delay).toBeLessThanOrEqual(middle * 1.2 + 1e-9)
      }),
    )
  })

  it('refuses a negative attempt', () => {
    expect(() => backoffDelayMs(policy, -1, 0)).toThrow(RangeError)
  })
})
