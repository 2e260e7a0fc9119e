import { inspect } from 'node:util'
import { bins, complete, feature, Mean, type Project, Quantiles, Variance } from '@flotta/client-sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Network, startNetwork } from '../support/network.ts'
import { pandas, splitTable } from '../support/pooled-table.ts'

const { pooled } = pandas
const numeric = ['age', 'weight', 'dose']
let network: Network
let project: Project

// Three sites whose doses do not overlap at all: what is averaged over sites would be wrong.
beforeAll(async () => {
  network = await startNetwork({
    sites: splitTable(pooled.columns, 'dose', { north: 0.5, south: 0.3, east: 0.2 }),
    policy: { minimumRecords: 10, minimumCell: 5 },
  })
  project = await network.project()
})
afterAll(() => network?.[Symbol.asyncDispose]())

const near = (actual: number | null | undefined, expected: number) =>
  expect(Math.abs((actual ?? Number.NaN) - expected)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(expected)))

describe('statistics over three differing sites are those of pandas over the pooled table (law 2)', () => {
  it('describe: counts, means and deviations to 1e-9; quartiles within bounds that hold; extremes of no single record', async () => {
    const result = await project.describe()
    expect(result).toMatchObject({ kind: 'Describe', records: 400, sites: 3 })
    for (const name of numeric) {
      const column = result.columns.find((candidate) => candidate.name === name)!
      const expected = pooled.describe[name]
      expect(column).toMatchObject({ count: expected.count, missing: pooled.missing[name], suppressed: false })
      near(column.mean, expected.mean)
      near(column.std, expected.std)
      expect(column.minimum!).toBeGreaterThanOrEqual(expected.min)
      expect(column.maximum!).toBeLessThanOrEqual(expected.max)
      column.quantiles!.forEach(({ lower, upper }, index) => {
        const quartile = expected[['25%', '50%', '75%'][index]!]
        expect(lower ?? Number.NEGATIVE_INFINITY).toBeLessThanOrEqual(quartile)
        expect(upper ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(quartile)
      })
    }
    expect(result.columns.find(({ name }) => name === 'ward')).toMatchObject({ count: 400, missing: 0 })
    expect(result.columns.find(({ name }) => name === 'ward')?.mean).toBeNull()
  })

  it('sum, variance and missing', async () => {
    const sums = await project.sum(numeric)
    const variances = await project.variance(numeric)
    const missing = await project.missing([...numeric, 'ward'])
    for (const [index, name] of numeric.entries()) {
      near(sums.columns[index]?.sum, pooled.sum[name])
      near(variances.columns[index]?.variance, pooled.variance[name])
      expect(missing.columns[index]?.missing).toBe(pooled.missing[name])
    }
    expect(missing.columns.at(-1)).toMatchObject({ name: 'ward', missing: 0 })
  })

  it('quantiles lie within their bounds, and near the pooled ones', async () => {
    const probabilities = [0.1, 0.25, 0.5, 0.75, 0.9]
    const { columns } = await project.quantiles(numeric, probabilities)
    for (const [index, name] of numeric.entries()) {
      columns[index]!.quantiles!.forEach(({ value, lower, upper }, place) => {
        const expected = pooled.quantiles[name][place + 1]
        if (lower !== null) expect(lower).toBeLessThanOrEqual(expected)
        if (upper !== null) expect(upper).toBeGreaterThanOrEqual(expected)
        if (value !== null) expect(Math.abs(value - expected)).toBeLessThanOrEqual(0.1 * pooled.describe[name].std)
      })
      expect(columns[index]!.quantiles!.filter(({ value }) => value !== null).length).toBeGreaterThanOrEqual(3)
    }
  })

  it('value counts and groups over two keys, each group once', async () => {
    const counts = await project.valueCounts('ward')
    expect(Object.fromEntries(counts.groups.map(({ key, records }) => [key[0], records]))).toEqual(pooled.valueCounts)
    const statistics = [
      Mean({ features: numeric }),
      Variance({ features: numeric }),
      Quantiles({ features: ['dose'], probabilities: [0.5] }),
    ]
    const { groups, unnamedAt } = await project.groupBy(['ward', 'sex'], statistics)
    expect(unnamedAt).toBe(0)
    expect(groups.map(({ key }) => key)).toEqual(pooled.groups.map(({ key }: { key: string[] }) => key))
    for (const [index, expected] of pooled.groups.entries()) {
      expect(groups[index]?.records).toBe(expected.records)
      for (const name of numeric) {
        const column = groups[index]!.columns.find((candidate) => candidate.name === name)!
        expect(column.count).toBe(expected.count[name])
        near(column.mean, expected.mean[name])
        near(column.std, expected.std[name])
      }
    }
  })

  it('a histogram, and groups by bins of a number', async () => {
    const edges = [20, 40, 60, 80, 100]
    const histogram = await project.histogram('age', edges)
    const inside = histogram.groups.filter(({ key }) => typeof key[0] === 'number')
    expect(inside.map(({ records }) => records)).toEqual(pooled.histogram)
    const grouped = await project.groupBy([bins('age', edges)])
    expect(grouped.groups.map(({ records }) => records)).toEqual(histogram.groups.map(({ records }) => records))
  })

  it('covariance, Pearson’s correlation, and Spearman’s by ranks among the pooled quantiles, of the records that have all features', async () => {
    const where = complete(numeric)
    const covariance = await project.covariance(numeric, { where })
    const pearson = await project.correlation(numeric, { where })
    const spearman = await project.correlation(numeric, { method: 'spearman', where })
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 3; j++) {
        expect(covariance.counts[i]?.[j]).toBe(pooled.complete.records)
        near(covariance.values[i]?.[j], pooled.complete.covariance[i][j])
        near(pearson.values[i]?.[j], pooled.complete.pearson[i][j])
        expect(Math.abs(spearman.values[i]![j]! - pooled.complete.spearman[i][j])).toBeLessThanOrEqual(0.02)
      }
    }
  })

  it('the same of the records that have both of two, but for pairs that would tell of the few that lack one at a site', async () => {
    const covariance = await project.covariance(numeric)
    const pearson = await project.correlation(numeric)
    const withheld = covariance.counts.flatMap((row, i) =>
      row.flatMap((count, j) => (count === null ? [`${numeric[i]} ${numeric[j]}`] : [])),
    )
    // South has 120 records, of which four have no age: less those with an age, all that have a dose are these four.
    expect(withheld).toEqual(['age weight', 'weight age', 'dose dose'])
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 3; j++) {
        if (covariance.counts[i]?.[j] !== null) near(covariance.values[i]?.[j], pooled.covariance[i][j])
        else expect(covariance.values[i]?.[j]).toBeNull()
        if (i === j || covariance.counts[i]?.[j] !== null) near(pearson.values[i]?.[j], pooled.pearson[i][j])
      }
    }
    expect(pearson.toTable().rows[0]).toEqual(['age', 1, 'withheld', expect.any(Number)])
  })

  it('a filter applies to all of them (C1)', async () => {
    const { columns, records } = await project.mean(['age'], { where: feature('sex').eq('f') })
    const ages = (pooled.columns.age as (number | null)[]).filter((_, row) => pooled.columns.sex[row] === 'f')
    const present = ages.filter((age) => age !== null)
    expect([records, columns[0]?.count]).toEqual([ages.length, present.length])
    near(columns[0]?.mean, present.reduce((sum, age) => sum + age, 0) / present.length)
  })

  it('a result prints as a table, shows as HTML in a notebook, and is plain data beside that', async () => {
    const result = await project.groupBy(['ward'], [Mean({ features: ['age'] })])
    expect(inspect(result)).toMatch(
      /^GroupBy over 400 records at 3 sites\nward\s+records\s+age count\s+age missing\s+age mean\na\s+\d+/,
    )
    expect(result.toHtml()).toMatch(/^<table><caption>GroupBy over 400 records/)
    expect(result.toTable().rows.map(([ward]) => ward)).toEqual(['a', 'b', 'c'])
    expect(Object.keys(result).sort()).toEqual(['groups', 'keys', 'kind', 'records', 'sites', 'unnamedAt'])
  })
})
