import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Count, Filter, feature, Mean, type Project, Query, ValueCounts, Variance } from '@flotta/client-sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Network, startNetwork } from '../support/network.ts'
import { pandas, splitTable } from '../support/pooled-table.ts'

const { pooled } = pandas
const numeric = ['age', 'weight', 'dose']
const secure = { route: 'secure-sum' } as const
const wards = Object.keys(pooled.valueCounts)
const ward = (categories: readonly string[]) => ({ feature: 'ward', type: 'categorical' as const, unit: undefined, categories })
const folder = mkdtempSync(join(tmpdir(), 'flotta-secure-sum-'))
let network: Network
let project: Project

// Four sites whose doses do not overlap at all.
beforeAll(async () => {
  network = await startNetwork({
    sites: splitTable(pooled.columns, 'dose', { north: 0.3, south: 0.3, east: 0.2, west: 0.2 }),
    policy: { minimumRecords: 10, minimumCell: 5 },
    database: { kind: 'sqlite', file: join(folder, 'node.db') },
    publish: { north: 'schema' },
    declared: {
      north: { features: [ward(wards)] },
      south: { features: [ward(wards)] },
      east: { features: [ward(wards)], missing: ['', '-9'] },
      west: { features: [ward([...wards, 'hospice'])] },
    },
  })
  project = await network.project()
})
afterAll(async () => {
  await network?.[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

const near = (actual: number | null | undefined, expected: number) =>
  expect(Math.abs((actual ?? Number.NaN) - expected)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(expected)))

describe('by the route secure-sum, four sites', () => {
  it('count, and give the deviations of pandas over the pooled table', async () => {
    expect(await project.count(secure)).toMatchObject({ count: 400, sites: 4 })
    const { columns, records, sites } = await project.variance(numeric, secure)
    expect({ records, sites }).toEqual({ records: 400, sites: 4 })
    for (const [index, name] of numeric.entries()) {
      expect(columns[index]?.count).toBe(pooled.describe[name].count)
      near(columns[index]?.std, pooled.describe[name].std)
    }
  })

  it('give groups, with what is withheld of them, as the route over summaries does', async () => {
    const statistics = [Mean({ features: numeric }), Variance({ features: ['age'] })]
    const [groups, merged] = [await project.groupBy(['ward'], statistics, secure), await project.groupBy(['ward'], statistics)]
    expect(groups.groups.map(({ key, records, suppressed }) => [key, records, suppressed])).toEqual(
      merged.groups.map(({ key, records, suppressed }) => [key, records, suppressed]),
    )
    for (const [place, { columns }] of groups.groups.entries())
      for (const [index, { mean }] of columns.entries()) near(mean, merged.groups[place]!.columns[index]!.mean!)
  })

  it('hand on what the node can not open, and what would tell it nothing if it could: no word of a summary is stored', async () => {
    const run = await project.submit(Mean({ features: ['dose'] }).getSteps(undefined, { route: 'secure-sum' }))
    await run.result()
    expect((await run.status()).jobs.map(({ operation }) => operation)).toEqual([
      ...new Array(6).fill('SecureSum'),
      'Aggregation',
    ])
    const files = [...filesBelow(join(network.folder, 'node')), ...filesBelow(folder)]
    const stored = files.map((path) => readFileSync(path).toString('latin1')).join('')
    expect(stored).toMatch(/"part":"unmask"/)
    expect(stored).not.toMatch(/MaskedSum|"kind":"Summary"|"words"/)
  })

  it('agree on the values of a key before, as their owners declare them, or the researcher is told which key it is', async () => {
    const steps = ValueCounts({ feature: 'ward' }).getSteps(undefined, secure)
    await expect(project.submit(steps)).rejects.toMatchObject({
      code: 'invalid_artifact',
      message: expect.stringContaining('which values "ward" may take'),
    })
    expect(project.features.find(({ name }) => name === 'ward')?.levels).toEqual([...wards, 'hospice'].sort())
  })

  it('are asked nothing that one of them can not answer: its owner declares that it has no such category', async () => {
    const where = feature('ward').eq('hospice')
    const { fits, sites, notes } = await project.preflight(Count().getSteps(Query([Filter(where)])))
    expect(fits).toBe(false)
    expect(sites.filter(({ problems }) => problems.length === 0).map(({ component }) => component.name)).toEqual(['west'])
    expect(notes.map(({ message }) => message).join()).toMatch(/a cell "-9" means that there is no value at east\/east; at /)
    await expect(project.count({ where })).rejects.toMatchObject({
      code: 'unsuitable_feature',
      message: expect.stringMatching(/"ward" is never "hospice", so nothing would be selected.*\(at .*north\/north/),
    })
  })

  it('give no figure that is no sum, with the reason', async () => {
    await expect(project.median(['dose'], secure)).rejects.toMatchObject({
      code: 'invalid_artifact',
      message: expect.stringContaining('Quantiles does not follow from sums'),
    })
    await expect(project.correlation(numeric, { ...secure, method: 'spearman' })).rejects.toMatchObject({
      code: 'invalid_artifact',
    })
  })
})

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}
