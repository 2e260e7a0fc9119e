import { logRankTest } from '@flotta/algorithms'
import type { Project } from '@flotta/client-sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Network, startNetwork } from '../support/network.ts'
import { pandas, splitTable } from '../support/pooled-table.ts'

const { pooled, survival } = pandas
let network: Network
let project: Project

beforeAll(async () => {
  const rows = pooled.columns.age.length
  // The followed records stand in the first rows of the same table; the others have no time.
  const pad = (values: readonly number[]) => Array.from({ length: rows }, (_, row) => values[row] ?? null)
  const columns = { ...pooled.columns, arm: pad(survival.arm), time: pad(survival.time), event: pad(survival.event) }
  network = await startNetwork({
    sites: splitTable(columns, 'dose', { north: 0.4, south: 0.35, east: 0.25 }),
    policy: { minimumRecords: 10, minimumCell: 5 },
  })
  project = await network.project()
})
afterAll(() => network?.[Symbol.asyncDispose]())

const near = (actual: number | null | undefined, expected: number) =>
  expect(Math.abs((actual ?? Number.NaN) - expected)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(expected)))

describe('tests over three sites are those of scipy over the pooled table', () => {
  it('Welch’s t-test', async () => {
    const { test, groups } = await project.tTest('dose', 'sex')
    near(test?.statistic, pooled.welch[0])
    near(test?.pValue, pooled.welch[1])
    expect(groups.map(({ key }) => key[0])).toEqual(['f', 'm'])
  })

  it('analysis of variance', async () => {
    const { test } = await project.anova('weight', 'ward')
    near(test?.statistic, pooled.anova[0])
    near(test?.pValue, pooled.anova[1])
  })

  it('a contingency table with χ²', async () => {
    const { counts, chiSquare } = await project.contingency('ward', 'sex')
    expect(counts).toEqual(pooled.crosstab)
    near(chiSquare?.statistic, pooled.crosstabTest[0])
    near(chiSquare?.pValue, pooled.crosstabTest[1])
  })

  it('a proportion with Wilson’s interval', async () => {
    const { successes, count, proportion, interval } = await project.proportion('sex', 'f')
    const expected = (pooled.columns.sex as string[]).filter((sex) => sex === 'f').length
    expect([successes, count]).toEqual([expected, 400])
    near(proportion, expected / 400)
    expect(interval![0]).toBeLessThan(expected / 400)
    expect(interval![1]).toBeGreaterThan(expected / 400)
  })

  it('Kaplan–Meier: on the edges that all sites keep, the survival of the pooled table, and no small number of events', async () => {
    const grid = [8, 16, 24, 32, 40, 48, 56, 64]
    const result = await project.kaplanMeier({ time: 'time', event: 'event', grid })
    const [group] = result.groups
    expect(group).toMatchObject({ key: [], suppressed: false, records: survival.time.length })
    expect(group!.points.length).toBeGreaterThanOrEqual(2)
    let before = 0
    let left = 1
    for (const { time, atRisk, events, censored, survival: share } of group!.points) {
      const within = (survival.time as number[]).flatMap((own, row) => (own > before && own <= time ? [survival.event[row]] : []))
      const happened = within.filter((event) => event === 1).length
      expect([events, censored]).toEqual([happened, within.length - happened])
      left *= (atRisk - happened) / atRisk
      near(share, left)
      before = time
    }
  })

  it('the log-rank test between groups is that of the pooled table on the edges that all groups keep', async () => {
    const { logRank, groups } = await project.kaplanMeier({ time: 'time', event: 'event', group: 'arm', grid: [20, 60] })
    const arms = groups.filter(({ key }) => key[0] !== null)
    expect(arms.map(({ key, suppressed }) => [key[0], suppressed])).toEqual([0, 1, 2].map((arm) => [arm, false]))
    const times = arms.map(({ points }) => points.map(({ time }) => time))
    const edges = times[0]!.filter((time) => times.every((others) => others.includes(time)))
    const expected = logRankTest([0, 1, 2].map((arm) => followedWithin(arm, edges)))
    near(logRank?.statistic, expected!.statistic)
    near(logRank?.pValue, expected!.pValue)
    expect(logRank?.degreesOfFreedom).toBe(2)
  })
})

/** Events and censored records of one arm of the pooled table between edges, and after the last one. */
function followedWithin(arm: number, edges: readonly number[]) {
  const ends = [...edges, Number.POSITIVE_INFINITY]
  return ends.map((end, edge) => {
    const within = (survival.event as readonly number[]).filter((_, row) => {
      const time = survival.time[row]!
      return survival.arm[row] === arm && time > (ends[edge - 1] ?? 0) && time <= end
    })
    const events = within.filter((event) => event === 1).length
    return { edge, events, censored: within.length - events }
  })
}
