import { readFileSync } from 'node:fs'
import { type Estimator, estimatorSchema, type Levels, type StatisticValue, type StatisticValueOf } from '@flotta/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DatasourceSource } from '../../src/ports/datasource-source.ts'
import { released, Sites } from './support/sites.ts'

type Columns = Record<string, (number | string)[]>

/** Public tables, and what pandas, scipy and statsmodels say of them; made by `fixtures/make-public-fixtures.py`. */
const fixture = new URL('../../../algorithms/test/fixtures/public-tables.json', import.meta.url)
const { iris, estimators: said, transplants } = JSON.parse(readFileSync(fixture, 'utf8'))
const numeric = ['sepalLength', 'sepalWidth', 'petalLength', 'petalWidth']
const species: Levels = [{ feature: 'species', values: ['setosa', 'versicolor', 'virginica'] }]

const at = new Sites({ minimumRecords: 1, minimumCell: 1 })
let irises: DatasourceSource[]
let hospitals: DatasourceSource[]

/** Rows dealt to three sites as they come, so that each has other species, or other years. */
function threeSites(name: string, columns: Columns): Promise<DatasourceSource[]> {
  const names = Object.keys(columns)
  const rows = columns[names[0]!]!.map((_, row) => names.map((column) => columns[column]![row]).join(','))
  const cuts = [0, 0.2, 0.55, 1].map((share) => Math.round(share * rows.length))
  return Promise.all(
    [0, 1, 2].map((site) =>
      at.table(`${name}-${site}`, `${names.join(',')}\n${rows.slice(cuts[site], cuts[site + 1]).join('\n')}\n`),
    ),
  )
}

beforeAll(async () => {
  irises = await threeSites('iris', iris)
  hospitals = await threeSites('hospital', transplants.columns)
})
afterAll(() => at[Symbol.dispose]())

const near = (actual: number | null | undefined, expected: number) =>
  expect(Math.abs((actual ?? Number.NaN) - expected)).toBeLessThanOrEqual(1e-9 * Math.max(1e-3, Math.abs(expected)))

type Released<Kind extends StatisticValue['kind']> = StatisticValueOf<Kind>

/** By the route over summaries, or under a mask. */
async function valueOver(sites: readonly DatasourceSource[], route: string, estimator: Estimator, levels: Levels) {
  if (route === 'summaries') return at.summarised(estimator, sites)
  return released([(await at.summed(estimator, sites, levels)).summary])
}

describe.each(['summaries', 'secure-sum'])('over three sites with iris, by the route %s', (route) => {
  const ask = async <Kind extends Estimator['kind']>(kind: Kind, options: object = {}, agreed: Levels = []) =>
    (await valueOver(irises, route, estimatorSchema.parse({ kind, ...options }), agreed)) as Released<Kind>
  const bySpecies = { feature: 'species' }

  it('counts, sums, means and variances are those of pandas', async () => {
    expect(await ask('Count')).toMatchObject({ count: 150, sites: 3 })
    const [sums, means, variances] = [
      await ask('Sum', { features: numeric }),
      await ask('Mean', { features: numeric }),
      await ask('Variance', { features: numeric }),
    ]
    for (const [place, name] of numeric.entries()) {
      near(sums.columns[place]?.sum, said.sum[name])
      near(means.columns[place]?.mean, said.describe[name].mean)
      near(variances.columns[place]?.variance, said.variance[name])
      near(variances.columns[place]?.std, said.describe[name].std)
    }
    expect((await ask('Missing', { features: ['species'] })).columns[0]).toMatchObject({ count: 150, missing: 0 })
  })

  it('groups, value counts and histograms are those of pandas and numpy', async () => {
    const counts = await ask('ValueCounts', { feature: 'species' }, species)
    expect(Object.fromEntries(counts.groups.map(({ key, records }) => [key[0], records]))).toEqual(said.valueCounts)
    const histogram = await ask('Histogram', { feature: 'sepalLength', edges: said.edges })
    expect(histogram.groups.map(({ records }) => records)).toEqual(said.histogram)
    const statistics = [
      { kind: 'Mean', features: numeric },
      { kind: 'Variance', features: numeric },
    ]
    const { groups } = await ask('GroupBy', { keys: [bySpecies], statistics }, species)
    expect(groups.map(({ key, records }) => [key[0], records])).toEqual(
      said.groups.map(({ key, records }: { key: string; records: number }) => [key, records]),
    )
    for (const [place, { columns }] of groups.entries()) {
      for (const [index, { mean, std }] of columns.entries()) {
        near(mean, said.groups[place].mean[index])
        near(std, said.groups[place].std[index])
      }
    }
  })

  it('covariances and correlations are those of pandas', async () => {
    const covariance = await ask('Covariance', { features: numeric })
    const pearson = await ask('Correlation', { features: numeric })
    said.covariance.flat().forEach((expected: number, place: number) => {
      near(covariance.values.flat()[place], expected)
    })
    said.pearson.flat().forEach((expected: number, place: number) => {
      near(pearson.values.flat()[place], expected)
    })
  })

  it('tests are those of scipy, and the interval that of statsmodels', async () => {
    const columns = { feature: 'petalLength', edges: [0, 4.35, 10] }
    const contingency = await ask('Contingency', { rows: bySpecies, columns }, species)
    expect(contingency.counts).toEqual(said.contingency.counts)
    near(contingency.chiSquare?.statistic, said.contingency.statistic)
    near(contingency.chiSquare?.pValue, said.contingency.pValue)
    const versicolor = { rows: { feature: 'species', equals: 'versicolor' }, columns }
    const { fisher } = await ask('Contingency', versicolor)
    near(fisher?.oddsRatio, said.fisher[0])
    near(fisher?.pValue, said.fisher[1])
    const anova = await ask('Anova', { feature: 'sepalWidth', group: bySpecies }, species)
    near(anova.test?.statistic, said.anova.statistic)
    near(anova.test?.pValue, said.anova.pValue)
    const welch = await ask('TTest', { feature: 'sepalWidth', group: { feature: 'species', equals: 'setosa' } })
    near(Math.abs(welch.test?.statistic ?? 0), Math.abs(said.welch.statistic))
    near(welch.test?.pValue, said.welch.pValue)
    const share = await ask('Proportion', { feature: 'species', value: 'setosa' })
    expect(share.successes).toBe(said.proportion.successes)
    near(share.interval?.[0], said.proportion.interval[0])
    near(share.interval?.[1], said.proportion.interval[1])
  })
})

describe('over three sites with public tables', () => {
  it('the quantiles of pandas lie within the bounds that are told', async () => {
    const estimator = estimatorSchema.parse({ kind: 'Quantiles', features: numeric, probabilities: said.probabilities })
    const { columns } = (await at.summarised(estimator, irises)) as Released<'Quantiles'>
    for (const { name, quantiles } of columns) {
      for (const [place, { lower, upper }] of (quantiles ?? []).entries()) {
        expect(lower ?? Number.NEGATIVE_INFINITY).toBeLessThanOrEqual(said.quantiles[name][place] + 1e-12)
        expect(upper ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(said.quantiles[name][place] - 1e-12)
      }
    }
  })

  it('a description is that of pandas, with quartiles within their bounds and extremes that are no further out', async () => {
    const estimator = estimatorSchema.parse({ kind: 'Describe', features: numeric })
    const { columns } = (await at.summarised(estimator, irises)) as Released<'Describe'>
    for (const { name, count, mean, std, minimum, maximum, quantiles } of columns) {
      const expected = said.describe[name]
      expect(count).toBe(expected.count)
      near(mean, expected.mean)
      near(std, expected.std)
      expect(minimum).toBeGreaterThanOrEqual(expected.min)
      expect(maximum).toBeLessThanOrEqual(expected.max)
      for (const [place, { lower, upper }] of (quantiles ?? []).entries()) {
        const quartile = expected[['25%', '50%', '75%'][place]!]
        expect(lower ?? Number.NEGATIVE_INFINITY).toBeLessThanOrEqual(quartile + 1e-12)
        expect(upper ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(quartile - 1e-12)
      }
    }
  })

  it('a description by group has what is asked of it and nothing twice, in each group', async () => {
    const statistics = [
      { kind: 'Quantiles', features: ['petalWidth'], probabilities: [0.9, 0.5] },
      { kind: 'Describe', features: numeric },
    ]
    const estimator = estimatorSchema.parse({ kind: 'GroupBy', keys: [{ feature: 'species' }], statistics })
    const { groups } = (await at.summarised(estimator, irises)) as Released<'GroupBy'>
    for (const [place, { columns }] of groups.entries()) {
      for (const [index, name] of numeric.entries()) {
        const column = columns.find((own) => own.name === name)
        near(column?.mean, said.groups[place].mean[index])
        near(column?.std, said.groups[place].std[index])
        const probabilities = name === 'petalWidth' ? [0.25, 0.5, 0.75, 0.9] : [0.25, 0.5, 0.75]
        expect(column?.quantiles?.map(({ probability }) => probability)).toEqual(probabilities)
      }
    }
  })

  it('Spearman’s correlation among all values that occur is that of pandas', async () => {
    const quantiles = numeric.map((name) => [...(iris[name] as number[])].sort((a, b) => a - b))
    const estimator = estimatorSchema.parse({ kind: 'Correlation', features: numeric, method: 'spearman', quantiles })
    const { values } = (await at.summarised(estimator, irises)) as Released<'Correlation'>
    values.flat().forEach((value, place) => {
      near(value, said.spearman.flat()[place])
    })
  })

  it('survival after transplants and the log-rank test are those of statsmodels', async () => {
    const { times, survival, standardError, logRank } = transplants
    const estimator = estimatorSchema.parse({
      kind: 'KaplanMeier',
      time: 'time',
      event: 'event',
      grid: [...new Set<number>(transplants.columns.time)].filter((time) => time > 0).sort((a, b) => a - b),
    })
    const { groups } = (await at.summarised(estimator, hospitals)) as Released<'KaplanMeier'>
    for (const [place, time] of times.entries()) {
      const point = groups[0]?.points.find((candidate) => candidate.time === time)
      near(point?.survival, survival[place])
      near(point?.standardError, standardError[place])
    }
    const compared = { ...estimator, group: { feature: 'old' } } as Estimator
    const { logRank: test } = (await at.summarised(compared, hospitals)) as Released<'KaplanMeier'>
    near(test?.statistic, logRank.statistic)
    near(test?.pValue, logRank.pValue)
  })
})
