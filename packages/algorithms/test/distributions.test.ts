import { describe, expect, it } from 'vitest'
import {
  chiSquared,
  fDistribution,
  hypergeometric,
  normal,
  normalUpperQuantile,
  studentsT,
  studentsTUpperQuantile,
  type Tails,
} from '../src/index.ts'
import { relativeError, statistics } from './statistics-fixture.ts'

interface Case {
  readonly x: number
  readonly parameters: readonly number[]
  readonly lower: number
  readonly upper: number
}

const distributions = { normal, studentsT, chiSquared, fDistribution }

describe('distributions', () => {
  it.each(['normal', 'studentsT', 'chiSquared', 'fDistribution'] as const)('%s has scipy’s tails to a relative 1e-10', (name) => {
    const cases = statistics.distributions[name] as Case[]
    expect(cases.length).toBeGreaterThan(5)
    for (const { x, parameters, lower, upper } of cases) {
      const tails = (distributions[name] as (...values: number[]) => Tails)(x, ...parameters)
      expect(relativeError(tails.lower, lower), `${name} below ${x} with ${parameters}`).toBeLessThanOrEqual(1e-10)
      expect(relativeError(tails.upper, upper), `${name} above ${x} with ${parameters}`).toBeLessThanOrEqual(1e-10)
    }
  })

  it('hypergeometric has scipy’s probabilities to a relative 1e-10', () => {
    for (const { probabilities, ...urn } of statistics.hypergeometric) {
      const own = hypergeometric(urn).probabilities
      expect(own.length).toBe(probabilities.length)
      own.forEach((probability, k) => {
        expect(relativeError(probability, probabilities[k])).toBeLessThanOrEqual(1e-10)
      })
    }
  })

  it('quantiles of the normal and of Student’s t are scipy’s', () => {
    for (const [p, expected] of statistics.upperQuantiles.normal)
      expect(Math.abs(normalUpperQuantile(p) - expected)).toBeLessThanOrEqual(1e-10)
    for (const [p, degrees, expected] of statistics.upperQuantiles.studentsT) {
      const own = studentsTUpperQuantile(p, degrees)
      // scipy's own inverse is good to about 1e-9; that ours has the tail it was asked for is the sharper test.
      expect(relativeError(own, expected)).toBeLessThanOrEqual(1e-8)
      expect(relativeError(studentsT(own, degrees).upper, p)).toBeLessThanOrEqual(1e-13)
    }
  })
})
