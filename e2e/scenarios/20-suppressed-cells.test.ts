import { Mean, type Project } from '@flotta/client-sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Network, startNetwork } from '../support/network.ts'

/** Records by ward at each site: a hundred each but for those named. */
function site(wards: Readonly<Record<string, number>>, measured = Number.POSITIVE_INFINITY): string {
  const rows = Object.entries(wards).flatMap(([ward, records]) => Array.from({ length: records }, (_, row) => ({ ward, row })))
  const lines = rows.map(({ ward, row }, index) => `${ward},${row % 2 ? 'f' : 'm'},${index < measured ? index : ''},${index}`)
  return `ward,sex,lab,id\n${lines.join('\n')}\n`
}

let network: Network
let project: Project

beforeAll(async () => {
  network = await startNetwork({
    sites: {
      north: site({ a: 100, b: 100, c: 100, d: 100 }),
      south: site({ a: 100, b: 60, c: 3, d: 100 }),
      east: site({ a: 100, b: 100, d: 100 }, 3),
    },
  })
  project = await network.project()
})
afterAll(() => network?.[Symbol.asyncDispose]())

describe('what rests on too few records', () => {
  it('is withheld by the site, with the smallest other group so that no total gives it away; a group that a site lacks is included (C4)', async () => {
    const { groups, unnamedAt } = await project.valueCounts('ward')
    expect(unnamedAt).toBe(1)
    expect(groups).toMatchObject([
      { key: ['a'], records: 300, suppressed: false },
      { key: ['b'], records: null, suppressed: true, withheldAt: 1 },
      { key: ['c'], records: null, suppressed: true, withheldAt: 1 },
      { key: ['d'], records: 300, suppressed: false },
    ])
  })

  it('is withheld whichever of the two keys it is looked at by, and then nothing is tested', async () => {
    const { counts, chiSquare, fisher } = await project.contingency('ward', 'sex')
    expect(counts[2]).toEqual([null, null])
    expect(counts[1]).toEqual([null, null])
    expect(chiSquare).toBeNull()
    expect(fisher).toBeNull()
  })

  it('takes the figure of the feature with it: three values at a site are no mean, and no partial one is told', async () => {
    const { columns } = await project.mean(['lab', 'id'])
    expect(columns).toMatchObject([
      { name: 'lab', suppressed: true, withheldAt: 1, mean: null, count: null, missing: null },
      { name: 'id', suppressed: false, count: 963 },
    ])
    const described = await project.describe(['lab'])
    expect(described.columns[0]).toMatchObject({
      suppressed: true,
      mean: null,
      minimum: null,
      quantiles: [{ value: null }, { value: null }, { value: null }],
    })
    const { groups } = await project.groupBy(['sex'], [Mean({ features: ['lab'] })])
    expect(groups.map(({ records, columns: [lab] }) => [records, lab?.mean])).toEqual([
      [expect.any(Number), null],
      [expect.any(Number), null],
    ])
    const { counts } = await project.covariance(['lab', 'id'])
    expect(counts).toEqual([
      [null, null],
      [null, 963],
    ])
  })

  it('is not told by how many records lack a value either: 297 of 300 would be three that have one', async () => {
    const { groups, unnamedAt } = await project.histogram('lab', [0, 1000])
    expect(unnamedAt).toBe(1)
    expect(groups.find(({ key }) => key[0] === null)?.records ?? null).toBeNull()
    expect(JSON.stringify(groups)).not.toContain('297')
  })

  it('is not named: values that few records have stay at the site', async () => {
    const { groups, unnamedAt } = await project.valueCounts('id')
    expect({ groups, unnamedAt }).toEqual({ groups: [], unnamedAt: 3 })
    expect(JSON.stringify(await project.extremes(['id']))).not.toMatch(/"(minimum":0|maximum":(399|299|262)),/)
  })
})
