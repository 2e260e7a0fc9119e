import { canonicalTime, type Estimator, type Query } from '@flotta/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SiteRecords } from '../../../src/data/site-records.ts'
import { TableCache } from '../../../src/data/table-cache.ts'
import type { DatasourceSource } from '../../../src/ports/datasource-source.ts'
import { query, released, Sites } from '../support/sites.ts'

const open = new Sites({ minimumRecords: 1, minimumCell: 1 })
let dates: DatasourceSource
let times: DatasourceSource

/** Days at one site, and the same days as midnights at another, with two more times. */
beforeAll(async () => {
  dates = await open.table('dates', 'd,v\n2020-01-01,1\n2020-01-02,2\n2020-01-01,3\n')
  times = await open.table(
    'times',
    'd,v\n2020-01-01 00:00:00,4\n2020-01-02T10:30:00,5\n2020-01-01 00:00:00,7\n2020-01-02 00:00:00.25,8\n',
  )
})
afterAll(() => open[Symbol.dispose]())

const pooled = { '2020-01-01': 4, '2020-01-02': 1, '2020-01-02 00:00:00.25': 1, '2020-01-02 10:30:00': 1 }

const groupsOf = (value: Awaited<ReturnType<typeof released>>) =>
  'groups' in value ? Object.fromEntries(value.groups.map(({ key, records }) => [String(key[0]), records])) : undefined

describe('a date and the midnight of a timestamp are one group', () => {
  it.each<Estimator>([
    { kind: 'ValueCounts', feature: 'd' },
    { kind: 'GroupBy', keys: [{ feature: 'd' }], statistics: [{ kind: 'Mean', features: ['v'] }] },
    { kind: 'GroupBy', keys: [{ feature: 'd' }], statistics: [{ kind: 'Quantiles', features: ['v'], probabilities: [0.5] }] },
    { kind: 'TTest', feature: 'v', group: { feature: 'd' }, equalVariances: false },
    { kind: 'Anova', feature: 'v', group: { feature: 'd' } },
  ])('of all sites: $kind', async (estimator) => {
    expect(groupsOf(await open.summarised(estimator, [dates, times]))).toEqual(pooled)
  })

  it('in both keys of a table', async () => {
    const estimator: Estimator = { kind: 'Contingency', rows: { feature: 'd' }, columns: { feature: 'd' } }
    const value = await open.summarised(estimator, [dates, times])
    const days = Object.keys(pooled)
    expect(value).toMatchObject({
      rowKeys: days,
      columnKeys: days,
      counts: days.map((row) => days.map((column) => (row === column ? pooled[row as keyof typeof pooled] : 0))),
    })
  })

  it('of the tables of one site', async () => {
    const records = await SiteRecords.select([dates, times], query, new TableCache())
    const { keys, records: counts } = await records.groups([{ feature: 'd' }], [])
    expect(Object.fromEntries(keys[0]!.map((key, group) => [key, counts[group]]))).toEqual(pooled)
    expect((await records.labels('d')).toSorted()).toEqual((await records.mixedFrame(['d'])).columns[0]!.toSorted())
    expect(new Set(await records.labels('d'))).toEqual(new Set(Object.keys(pooled)))
  })

  it('of a sum under a mask, under the names of the plan', async () => {
    const values = ['2020-01-01T00:00:00', '2020-01-02', '2020-01-02T00:00:00.250', '2020-01-02T10:30']
    const { summary } = await open.summed(
      { kind: 'ValueCounts', feature: 'd' },
      [dates, times, dates],
      [{ feature: 'd', values }],
    )
    expect(groupsOf(await released([summary]))).toEqual(
      Object.fromEntries(values.map((value, place) => [value, [6, 2, 1, 1][place]])),
    )
  })

  it('under a mask only once: two texts of one time are refused', async () => {
    const levels = [{ feature: 'd', values: ['2020-01-01', '2020-01-01T00:00'] }]
    await expect(open.summed({ kind: 'ValueCounts', feature: 'd' }, [dates, times, dates], levels)).rejects.toMatchObject({
      code: 'unsuitable_feature',
    })
  })
})

describe('a time that a key is compared with', () => {
  const spellings = ['2020-01-01', '2020-01-01T00:00', '2020-01-01 00:00:00', '2020-01-01T00:00:00.000']

  it.each(spellings)('is read as a query reads it: %s', async (value) => {
    expect(await open.summarised({ kind: 'Proportion', feature: 'd', value }, [dates, times])).toMatchObject({
      successes: 4,
      count: 7,
    })
    const byValue: Estimator = {
      kind: 'GroupBy',
      keys: [{ feature: 'd', equals: value }],
      statistics: [{ kind: 'Variance', features: ['v'] }],
    }
    expect(groupsOf(await open.summarised(byValue, [dates, times]))).toEqual({ false: 3, true: 4 })
    const day: Query = {
      kind: 'Query',
      stages: [{ kind: 'Filter', condition: { op: 'eq', left: { op: 'feature', name: 'd' }, right: { op: 'value', value } } }],
    }
    const held = await Promise.all(
      [dates, times].map((site) => open.run({ kind: 'Estimate', estimator: { kind: 'Count' }, query: day }, site)),
    )
    expect(await released(held)).toMatchObject({ count: 4 })
  })

  it('is refused by a site where it is none, whatever the statistic is computed from', async () => {
    const refused = { code: 'unsuitable_feature', message: expect.stringContaining('"d" is of type date, and never "1 May"') }
    await expect(open.summarised({ kind: 'Proportion', feature: 'd', value: '1 May' }, [dates])).rejects.toMatchObject(refused)
    const byValue: Estimator = {
      kind: 'GroupBy',
      keys: [{ feature: 'd', equals: '1 May' }],
      statistics: [{ kind: 'Variance', features: ['v'] }],
    }
    await expect(open.summarised(byValue, [dates])).rejects.toMatchObject(refused)
  })
})

describe('the one text of a time', () => {
  it('is the same in TypeScript and in the query engine', async () => {
    const texts = [
      '2020-02-29',
      '2020-02-29T00:00',
      '2020-02-29 00:00:01',
      '0001-01-01T09:05:00.100',
      '9999-12-31 23:59:59.999999',
      '1969-12-31T00:00:00.000001',
    ]
    const table = await open.table(
      'texts',
      `n,t\n${texts.map((text, row) => `${row},${text.replace(/^(.{10})$/, '$1 00:00')}`).join('\n')}\n`,
    )
    const records = await SiteRecords.select([table], query, new TableCache())
    expect(records.column('t').type).toBe('timestamp')
    expect(await records.labels('t')).toEqual(texts.map(canonicalTime))
    expect(texts.map(canonicalTime)).toEqual([
      '2020-02-29',
      '2020-02-29',
      '2020-02-29 00:00:01',
      '0001-01-01 09:05:00.1',
      '9999-12-31 23:59:59.999999',
      '1969-12-31 00:00:00.000001',
    ])
  })
})

describe('whole numbers beyond 2^53', () => {
  it('are refused as groups, which would be of several numbers at once, and counted in bins', async () => {
    const table = await open.table('large', 'k,v\n9007199254740992,1\n9007199254740993,2\n')
    const refused = { code: 'unsuitable_feature', message: expect.stringMatching(/"k" has whole numbers beyond 2\^53.*string/) }
    await expect(open.summarised({ kind: 'ValueCounts', feature: 'k' }, [table])).rejects.toMatchObject(refused)
    const byValue: Estimator = { kind: 'GroupBy', keys: [{ feature: 'k' }], statistics: [{ kind: 'Variance', features: ['v'] }] }
    await expect(open.summarised(byValue, [table])).rejects.toMatchObject(refused)
    await expect(open.summarised({ kind: 'Proportion', feature: 'k', value: 9007199254740992 }, [table])).rejects.toMatchObject({
      code: 'unsuitable_feature',
    })
    expect(groupsOf(await open.summarised({ kind: 'Histogram', feature: 'k', edges: [0, 1e15, 1e16] }, [table]))).toEqual({
      1: 2,
    })
  })
})
