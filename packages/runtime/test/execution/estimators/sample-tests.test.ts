import { estimatorSchema, type StatisticValueOf } from '@flotta/contract'
import { afterAll, describe, expect, it } from 'vitest'
import { Sites } from '../support/sites.ts'

const at = new Sites({ minimumRecords: 10, minimumCell: 10 })
afterAll(() => at[Symbol.dispose]())

type Cell = string | number
let tables = 0

/** Twenty records of each of these groups, with the values that are given in turn. */
const groups = (values: Readonly<Record<string, readonly Cell[]>>, records = 20) =>
  Object.entries(values).flatMap(([ward, cells]) =>
    Array.from({ length: records }, (_, row) => [ward, cells[row % cells.length]!] as const),
  )
const tested = async <Kind extends 'TTest' | 'Anova'>(kind: Kind, ...sites: (readonly (readonly Cell[])[])[]) => {
  const estimator = estimatorSchema.parse({ kind, feature: 'x', group: { feature: 'ward' } })
  const lines = sites.map((rows) => rows.map((row) => row.join(',')).join('\n'))
  const dealt = await Promise.all(lines.map((text) => at.table(`samples-${tables++}`, `ward,x\n${text}\n`)))
  return (await at.summarised(estimator, dealt)) as StatisticValueOf<Kind>
}
const [low, high] = [
  [1, 2, 3],
  [2, 3, 5],
]

describe('a t-test', () => {
  it('has a test of two groups, and no reason that there is none', async () => {
    const { test, untested } = await tested('TTest', groups({ a: low }), groups({ b: high, '': low }))
    expect([test === null, untested]).toEqual([false, null])
  })

  it('of more groups than two, or of fewer, says so, and that whatever a site withholds', async () => {
    const three = groups({ a: low, b: high, c: low })
    expect(await tested('TTest', three)).toMatchObject({ test: null, untested: 'group_count' })
    // The few hide one of the others with them.
    const four = [...three, ...groups({ d: low }), ['few', 1] as const]
    expect(await tested('TTest', four)).toMatchObject({ test: null, untested: 'group_count' })
    expect(await tested('TTest', groups({ a: low }))).toMatchObject({ test: null, untested: 'group_count' })
  })

  it('says where a site withheld a group, or the values of one', async () => {
    const two = groups({ a: low, b: high }, 30)
    expect(await tested('TTest', two, [...two, ['few', 1]])).toMatchObject({ test: null, untested: 'withheld' })
    const mostly = groups({ a: low, b: ['', '', '', '', 3] })
    expect(await tested('TTest', two, mostly)).toMatchObject({ test: null, untested: 'withheld' })
  })

  it('says where no group varies', async () => {
    expect(await tested('TTest', groups({ a: [1], b: [2] }))).toMatchObject({ test: null, untested: 'no_variance' })
  })
})

describe('an analysis of variance', () => {
  it('has a test of any number of groups, and says why there is none', async () => {
    const { test, untested } = await tested('Anova', groups({ a: low, b: high, c: low, '': high }))
    expect([test?.betweenDegrees, untested]).toEqual([2, null])
    expect(await tested('Anova', groups({ a: low }))).toMatchObject({ test: null, untested: 'group_count' })
    expect(await tested('Anova', groups({ a: [1], b: [2] }))).toMatchObject({ test: null, untested: 'no_variance' })
    const withheld = [...groups({ a: low, b: high }, 30), ['few', 1] as const]
    expect(await tested('Anova', withheld)).toMatchObject({ test: null, untested: 'withheld' })
  })
})
