import { describe, expect, it } from 'vitest'
import * as algorithms from '../src/index.ts'
import { relativeError, statistics } from './statistics-fixture.ts'

interface Case {
  readonly x: number
  readonly parameters: readonly number[]
  readonly lower: number
  readonly upper: number
}

describe('distributions', () => {
  it.each(['normal', 'studentsT', 'chiSquared', 'fDistribution'] as const)('%s has scipy’s tails to a relative 1e-10', (name) => {
    const cases = statistics.distributions[name] as Case[]
    expect(cases.length).toBeGreaterThan(5)
    for (const { x, parameters, lower, upper } of cases) {
      const tails = (algorithms[name] as (...values: number[]) => algorithms.Tails)(x, ...parameters)
      expect(relativeError(tails.lower, lower), `${name} below ${x} with ${parameters}`).toBeLessThanOrEqual(1e-10)
      expect(relativeError(tails.upper, upper), `${name} above ${x} with ${parameters}`).toBeLessThanOrEqual(1e-10)
    }
  })

  it('hypergeometric has scipy’s probabilities to a relative 1e-10', () => {
    for (const { probabilities, ...urn } of statistics.hypergeometric) {
      const own = algorithms.hypergeometric(urn).probabilities
      expect(own.length).toBe(probabilities.length)
      own.forEach((probability, k) => {
        expect(relativeError(probability, probabilities[k])).toBeLessThanOrEqual(1e-10)
      })
    }
  })

  it('quantiles of the normal and of Student’s t are scipy’s', () => {
    for (const [p, expected] of statistics.upperQuantiles.normal)
      expect(Math.abs(algorithms.normalUpperQuantile(p) - expected)).toBeLessThanOrEqual(1e-10)
    for (const [p, degrees, expected] of statistics.upperQuantiles.studentsT) {
      const own = algorithms.studentsTUpperQuantile(p, degrees)
      // scipy's own inverse is good to about 1e-9; that ours has the tail it was asked for is the sharper test.
      expect(relativeError(own, expected)).toBeLessThanOrEqual(1e-8)
      expect(relativeError(algorithms.studentsT(own, degrees).upper, p)).toBeLessThanOrEqual(1e-13)
    }
  })
})
