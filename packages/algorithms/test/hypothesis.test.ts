import { describe, expect, it } from 'vitest'
import {
  anova,
  chiSquareTest,
  fisherTest,
  kaplanMeier,
  logRankTest,
  medianSurvival,
  momentsSummary,
  proportionOf,
  survivalSummary,
  tTest,
} from '../src/index.ts'
import { relativeError, statistics } from './statistics-fixture.ts'

const { tests, survival } = statistics
const moments = (values: readonly number[]) => momentsSummary.add(momentsSummary.init(), Float64Array.from(values))
const near = (actual: number | undefined, expected: number) =>
  expect(relativeError(actual ?? Number.NaN, expected)).toBeLessThanOrEqual(1e-9)

describe('tests from summaries agree with scipy on the records', () => {
  const groups = (tests.groups as number[][]).map(moments)

  it('Welch’s and Student’s t', () => {
    near(tTest(groups[0], groups[1])?.statistic, tests.welch[0])
    near(tTest(groups[0], groups[1])?.pValue, tests.welch[1])
    near(tTest(groups[0], groups[1], { equalVariances: true })?.statistic, tests.student[0])
    near(tTest(groups[0], groups[1], { equalVariances: true })?.pValue, tests.student[1])
    expect(tTest(moments([1]), moments([1, 2]))).toBeNull()
    expect(tTest(moments([1, 1]), moments([2, 2]))).toBeNull()
  })

  it('analysis of variance', () => {
    near(anova(groups)?.statistic, tests.anova[0])
    near(anova(groups)?.pValue, tests.anova[1])
    expect(anova([groups[0]])).toBeNull()
    expect(anova([moments([1]), moments([2])])).toBeNull()
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
