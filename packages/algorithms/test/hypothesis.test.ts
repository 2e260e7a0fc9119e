import { describe, expect, it } from 'vitest'
import {
  anova,
  chiSquareTest,
  fisherTest,
  kaplanMeier,
  logRankTest,
  type Moments,
  medianSurvival,
  momentsSummary,
  proportionOf,
  survivalSummary,
  tTest,
  type Untested,
} from '../src/index.ts'
import { relativeError, statistics } from './statistics-fixture.ts'

const { tests, survival } = statistics
const moments = (values: readonly number[]) => momentsSummary.add(momentsSummary.init(), Float64Array.from(values))
const near = (actual: number | undefined, expected: number) =>
  expect(relativeError(actual ?? Number.NaN, expected)).toBeLessThanOrEqual(1e-9)

/** A test that there is. */
function tested<Test extends object>(test: Test | Untested): Test {
  if (typeof test === 'string') throw new Error(test)
  return test
}

describe('tests from summaries agree with scipy on the records', () => {
  const groups = (tests.groups as number[][]).map(moments)
  const welch = (a: Moments, b: Moments) => tested(tTest(a, b))
  const student = (a: Moments, b: Moments) => tested(tTest(a, b, { equalVariances: true }))

  it('Welch’s and Student’s t', () => {
    near(welch(groups[0], groups[1]).statistic, tests.welch[0])
    near(welch(groups[0], groups[1]).pValue, tests.welch[1])
    near(student(groups[0], groups[1]).statistic, tests.student[0])
    near(student(groups[0], groups[1]).pValue, tests.student[1])
  })

  it.each([1e-90, 1e80])('t of numbers whose variance has no square in a double, multiplied by %d', (scale) => {
    const scaled = (values: readonly number[]) => moments(values.map((value) => value * scale))
    const [first, second] = tests.groups as number[][]
    near(welch(scaled(first), scaled(second)).pValue, tests.welch[1])
    near(student(scaled(first), scaled(second)).pValue, tests.student[1])
  })

  it('analysis of variance', () => {
    near(tested(anova(groups)).statistic, tests.anova[0])
    near(tested(anova(groups)).pValue, tests.anova[1])
  })

  it('or say why there is none', () => {
    const [few, constant, other, huge] = [[1], [1, 1], [2, 2], [-1e200, 1e200]].map(moments)
    expect(tTest(few, constant)).toBe('too_few_values')
    expect(tTest(constant, other)).toBe('no_variance')
    expect(tTest(constant, other, { equalVariances: true })).toBe('no_variance')
    expect(tTest(constant, huge)).toBe('too_large')
    expect(anova([groups[0]])).toBe('group_count')
    expect(anova([few, few])).toBe('too_few_values')
    expect(anova([constant, other])).toBe('no_variance')
    expect(anova([constant, huge])).toBe('too_large')
  })

  it('χ², with Yates’ correction for 2 × 2, and Fisher’s exact test', () => {
    near(chiSquareTest(tests.table)?.statistic, tests.chiSquare[0])
    near(chiSquareTest(tests.table)?.pValue, tests.chiSquare[1])
    expect(chiSquareTest(tests.table)?.degreesOfFreedom).toBe(tests.chiSquare[2])
    near(chiSquareTest(tests.two)?.statistic, tests.yates[0])
    near(fisherTest(tests.two)?.oddsRatio ?? Number.NaN, tests.fisher[0])
    near(fisherTest(tests.two)?.pValue, tests.fisher[1])
    expect(chiSquareTest([[1, 2]])).toBeNull()
    expect(
      chiSquareTest([
        [0, 0],
        [1, 2],
      ]),
    ).toBeNull()
    expect(fisherTest(tests.table)).toBeNull()
  })

  it('Wilson’s interval', () => {
    for (const { successes, records, interval } of tests.wilson) {
      const own = proportionOf(successes, records)!.interval
      expect(own[0]).toBeCloseTo(interval[0], 9)
      expect(own[1]).toBeCloseTo(interval[1], 9)
    }
    expect(proportionOf(0, 0)).toBeNull()
    for (const records of [1, 7, 20, 12_345]) {
      expect(proportionOf(0, records)?.interval[0]).toBe(0)
      expect(proportionOf(records, records)?.interval[1]).toBe(1)
    }
  })
})

describe('survival agrees with statsmodels', () => {
  const grid = Array.from({ length: 64 }, (_, index) => index + 1)
  const intervals = (arm?: number) => {
    const rows = (survival.arm as number[]).flatMap((own, row) => (arm === undefined || own === arm ? [row] : []))
    const summary = survivalSummary(grid)
    const column = (values: readonly number[]) => Float64Array.from(rows, (row) => values[row])
    return summary.add(summary.init(), { time: column(survival.time), event: column(survival.event) })
  }

  it('Kaplan–Meier and its standard error, where each time is an edge of the grid', () => {
    const points = kaplanMeier(intervals(), grid)
    ;(survival.times as number[]).forEach((time, index) => {
      const point = points.find((candidate) => candidate.time === time)!
      expect(point.survival).toBeCloseTo(survival.survival[index], 12)
      expect(point.standardError).toBeCloseTo(survival.standardError[index], 12)
    })
    expect(medianSurvival(points)).toBe(survival.times[survival.survival.findIndex((share: number) => share <= 0.5)])
  })

  it('the log-rank test of three groups', () => {
    const test = logRankTest([0, 1, 2].map(intervals))
    near(test?.statistic, survival.logRank.statistic)
    near(test?.pValue, survival.logRank.pValue)
    expect(test?.degreesOfFreedom).toBe(2)
    expect(logRankTest([intervals(0)])).toBeNull()
  })
})
