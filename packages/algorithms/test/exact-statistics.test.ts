import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Anova,
  anova,
  chiSquareTest,
  createRandom,
  logRankTest,
  type Moments,
  momentsSummary,
  type TTest,
  tTest,
} from '../src/index.ts'
import { Fraction } from './fraction.ts'
import { relativeError } from './statistics-fixture.ts'

const near = (actual: number | undefined, expected: number) =>
  expect(relativeError(actual ?? Number.NaN, expected), `${actual} for ${expected}`).toBeLessThanOrEqual(1e-9)
const whole = (value: number) => Fraction.of(value)
const square = (value: Fraction) => value.times(value)
const mean = (values: readonly Fraction[]) => Fraction.sum(values).over(whole(values.length))
const squares = (values: readonly Fraction[]) => Fraction.sum(values.map((value) => square(value.minus(mean(values)))))

interface Samples {
  readonly samples: readonly (readonly number[])[]
  readonly moments: readonly Moments[]
}

/** Three samples, each dealt to four sites; their means differ by less than their spread. */
function samplesAround(centre: number, spread: number, seed: number): Samples {
  const random = createRandom(seed)
  const samples = [21, 34, 27].map((size, place) =>
    Array.from({ length: size }, () => centre + spread * (random.float64() + 0.25 * place)),
  )
  const dealt = samples.map((sample) => [0, 1, 2, 3].map((site) => sample.filter((_, row) => row % 4 === site)))
  const momentsOf = (values: readonly number[]) => momentsSummary.add(momentsSummary.init(), Float64Array.from(values))
  return { samples, moments: dealt.map((parts) => parts.map(momentsOf).reduce(momentsSummary.merge)) }
}

describe('to nine digits what fractions say that never round is', () => {
  // Near 0; a concentration near 1e9; time in milliseconds since 1970; differences that only the last digits of a value have.
  const places = [
    [0, 1],
    [1e9, 1],
    [1e9, 1e-5],
    [1.7e12, 7],
    [-3e15, 20],
    [1e-9, 1e-12],
  ] as const
  const cases = places.flatMap(([centre, spread]) => [1, 2].map((seed) => [centre, spread, seed] as const))

  it.each(cases)('t, Welch’s and Student’s, around %d with a spread of %d, seed %i', (centre, spread, seed) => {
    const { samples, moments } = samplesAround(centre, spread, seed)
    const [a, b] = samples.map((sample) => sample.map(Fraction.of)) as [Fraction[], Fraction[]]
    const [sizeA, sizeB] = [whole(a.length), whole(b.length)]
    const difference = mean(a).minus(mean(b))
    const error = squares(a)
      .over(whole(a.length * (a.length - 1)))
      .plus(squares(b).over(whole(b.length * (b.length - 1))))
    const pooled = squares(a)
      .plus(squares(b))
      .over(whole(a.length + b.length - 2))
    const common = pooled.times(whole(1).over(sizeA).plus(whole(1).over(sizeB)))
    const t = (variance: Fraction) => -Math.sqrt(square(difference).over(variance).toNumber())
    const [welch, student] = [false, true].map((equalVariances) => tTest(moments[0], moments[1], { equalVariances }))
    expect(welch).toBeTypeOf('object')
    near((welch as TTest).difference, difference.toNumber())
    near((welch as TTest).statistic, t(error))
    near((student as TTest).statistic, t(common))
  })

  it.each(cases)('F around %d with a spread of %d, seed %i', (centre, spread, seed) => {
    const { samples, moments } = samplesAround(centre, spread, seed)
    const groups = samples.map((sample) => sample.map(Fraction.of))
    const all = groups.flat()
    const within = Fraction.sum(groups.map(squares))
    const between = squares(all).minus(within)
    const expected = between.times(whole(all.length - 3)).over(within.times(whole(2)))
    near((anova(moments) as Anova).statistic, expected.toNumber())
  })

  const count = fc.integer({ min: 1, max: 1e9 })
  it('χ² of tables of up to 1e9 records in each cell, be they as independent as can be', () => {
    const law = fc.property(fc.tuple(count, count, count), fc.integer({ min: 2, max: 9 }), (row, factor) => {
      const counts = [row, row.map((own, column) => own * factor + column + 1)]
      const sum = (values: readonly number[]) => Fraction.sum(values.map(whole))
      const total = sum(counts.flat())
      const terms = counts.flatMap((own) =>
        own.map((cell, column) => {
          const expected = sum(own)
            .times(sum(counts.map((line) => line[column])))
            .over(total)
          return square(whole(cell).minus(expected)).over(expected)
        }),
      )
      near(chiSquareTest(counts)?.statistic, Fraction.sum(terms).toNumber())
    })
    fc.assert(law, { numRuns: 50 })
  })

  it('the log-rank statistic of groups of up to a million records, of which one has nearly all', () => {
    const many = fc.integer({ min: 1e5, max: 1e6 })
    const few = fc.integer({ min: 1, max: 50 })
    const group = (counts: fc.Arbitrary<number>) =>
      fc.array(fc.record({ events: counts, censored: counts }), { minLength: 3, maxLength: 3 })
    const law = fc.property(group(many), group(few), (large, small) => {
      const groups = [small, large].map((own) => own.map((interval, edge) => ({ edge, ...interval })))
      const left = (intervals: typeof small, edge: number) =>
        intervals.slice(edge).reduce((sum, { events, censored }) => sum + events + censored, 0)
      const terms = small.map(({ events }, edge) => {
        const [own, other] = [whole(left(small, edge)), whole(left(large, edge))]
        const all = own.plus(other)
        const happened = whole(events + large[edge].events)
        const excess = whole(events).minus(happened.times(own).over(all))
        const variance = happened
          .times(all.minus(happened))
          .over(all.minus(whole(1)))
          .times(own.times(other).over(square(all)))
        return { excess, variance }
      })
      const excess = Fraction.sum(terms.map((term) => term.excess))
      const expected = square(excess)
        .over(Fraction.sum(terms.map(({ variance }) => variance)))
        .toNumber()
      // Next to nothing is compared with what it is tested against, which is about 1.
      const actual = logRankTest(groups)?.statistic ?? Number.NaN
      expect(Math.abs(actual - expected)).toBeLessThanOrEqual(1e-9 * expected + 1e-15)
    })
    fc.assert(law, { numRuns: 50 })
  })
})
