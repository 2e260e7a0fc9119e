import { createRandom } from '@flotta/algorithms'
import { type Estimator, estimatorSchema, type StatisticValueOf } from '@flotta/contract'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import type { DatasourceSource } from '../../../src/ports/datasource-source.ts'
import { Sites } from '../support/sites.ts'

const at = new Sites({ minimumRecords: 10, minimumCell: 10 })
afterAll(() => at[Symbol.dispose]())

type Cell = string | number
let tables = 0

const tableOf = (names: string, rows: readonly (readonly Cell[])[]): Promise<DatasourceSource> =>
  at.table(`followed-${tables++}`, `${names}\n${rows.map((row) => row.join(',')).join('\n')}\n`)
const rowsOf = (count: number, rowOf: (row: number) => readonly Cell[]) => Array.from({ length: count }, (_, row) => rowOf(row))
const survival = (group?: string): Estimator =>
  estimatorSchema.parse({
    kind: 'KaplanMeier',
    time: 'time',
    event: 'status',
    grid: [10, 20],
    ...(group ? { group: { feature: group } } : {}),
  })
const released = async (estimator: Estimator, ...sites: DatasourceSource[]) =>
  (await at.summarised(estimator, sites)) as StatisticValueOf<'KaplanMeier'>

/** Followed for 1 to 20; the event happens in every second record. */
const followed = (row: number): readonly Cell[] => [(row % 20) + 1, Math.floor(row / 20) % 2]

describe('survival is refused by a site, in words that name a feature and no value,', () => {
  const refusal = async (rows: readonly (readonly Cell[])[]) => {
    const error = (await released(survival(), await tableOf('time,status', rows)).catch((failure) => failure)) as Error
    expect(error).toMatchObject({ code: 'unsuitable_feature' })
    return error.message
  }
  const others = rowsOf(80, followed)

  it('where the event is coded otherwise than 0 and 1, in all records or in one: no death is dropped, and nobody dead taken as censored', async () => {
    const all = await refusal(rowsOf(80, (row) => [row, 1 + (row % 2)]))
    expect(all).toMatch(/^the event "status" is 1 or true where it happened and 0 or false .* leave the others out by a Filter$/)
    expect(await refusal([...others, [5, 9]])).toBe(all)
    expect(await refusal([...others, ['', 0.5], ...rowsOf(9, () => [1, -1])])).toBe(all)
  })

  it('where a record was followed for less than no time', async () => {
    const all = await refusal(rowsOf(80, (row) => [-row - 1, row % 2]))
    expect(all).toMatch(/^"time" is the time that a record was followed for, and below 0 somewhere/)
    expect(await refusal([...others, [-0.5, 1]])).toBe(all)
    expect(await refusal([...others, [-731, '']])).toBe(all)
  })

  it('and of too few records in the words for these, whatever stands there', async () => {
    const few = await tableOf(
      'time,status',
      rowsOf(9, () => [-1, 7]),
    )
    await expect(released(survival(), few)).rejects.toMatchObject({ code: 'disclosure_refused' })
  })
})

describe('survival', () => {
  it('takes true as 1 and false as 0, at one site or the other', async () => {
    const numbers = rowsOf(80, followed)
    const truths = numbers.map(([time, status]): Cell[] => [time!, status === 1 ? 'true' : 'false'])
    const [number, truth] = [await tableOf('time,status', numbers), await tableOf('time,status', truths)]
    const expected = await released(survival(), number, number)
    expect(expected.groups[0]).toMatchObject({ records: 160, missing: 0 })
    expect(await released(survival(), number, truth)).toEqual(expected)
  })

  it('says of each group how many records lack a time or an event, which are in no other number', async () => {
    const lacking: (readonly Cell[])[] = [
      ['', 1],
      ['', ''],
      [3, ''],
    ]
    const rows = [
      ...rowsOf(80, (row) => [...followed(row), 'a']),
      ...rowsOf(40, (row) => [...followed(row), 'b']),
      ...lacking.map((row) => [...row, 'b']),
    ]
    const { groups, records } = await released(survival('arm'), await tableOf('time,status,arm', rows))
    expect(groups.map(({ key, records: own, missing }) => [key[0], own, missing])).toEqual([
      ['a', 80, 0],
      ['b', 40, 3],
    ])
    expect(records).toBe(123)
    const north = await tableOf('time,status', [...rowsOf(80, followed), ...lacking])
    expect((await released(survival(), north, north)).groups[0]).toMatchObject({ records: 160, missing: 6 })
  })

  it('takes nothing from the others where no record of a site has an event, or of a group has one anywhere', async () => {
    const arms = (name: string) => rowsOf(80, (row) => [...followed(row), name])
    const whole = await tableOf('time,status,arm', [...arms('a'), ...arms('b')])
    const none = await tableOf(
      'time,status,arm',
      rowsOf(60, (row) => [row, '', ['a', 'b', 'c'][row % 3]!]),
    )
    const { groups, logRank } = await released(survival('arm'), whole, none)
    expect(groups.map(({ key, records, missing }) => [key[0], records, missing])).toEqual([
      ['a', 80, 20],
      ['b', 80, 20],
      ['c', 0, 20],
    ])
    expect(logRank).toEqual((await released(survival('arm'), whole)).logRank)
    expect(logRank).not.toBeNull()
  })

  it('does not say how many records a group lacks where a site has some that it tells of no group: they may be of this one', async () => {
    const arm = (count: number, name: string) => rowsOf(count, (row) => [...followed(row), name])
    const whole = await tableOf('time,status,arm', [...arm(80, 'a'), ...arm(80, 'b')])
    const without = await tableOf('time,status,arm', [...arm(80, 'a'), ...rowsOf(30, () => ['', 1, 'b'])])
    const { groups, logRank, unnamedAt } = await released(survival('arm'), whole, without)
    expect(groups.map(({ key, suppressed, records, missing }) => [key[0], suppressed, records, missing])).toEqual([
      ['a', false, 160, 0],
      ['b', false, 80, null],
    ])
    expect([unnamedAt, logRank === null]).toEqual([0, false])
  })

  it('tells of no group that is of too few records with those that lack a time, whose number could be worked out', async () => {
    const rows = [...rowsOf(80, (row) => [...followed(row), 'a']), ...rowsOf(80, (row) => [...followed(row), 'b']), ['', 1, 'c']]
    const { groups, records } = await released(survival('arm'), await tableOf('time,status,arm', rows))
    const told = groups.reduce((sum, group) => sum + (group.records ?? 0) + (group.missing ?? 0), 0)
    expect(records - told).toBeGreaterThanOrEqual(10)
  })

  const small = fc.record({ seed: fc.nat(), arms: fc.integer({ min: 1, max: 6 }) })
  it.each(fc.sample(small, 15))(
    'leaves none or enough of the records that have a group, $arms arms, seed $seed',
    async ({ seed, arms }) => {
      const random = createRandom(seed)
      const rows = rowsOf(60, () => {
        const arm = Math.min(random.below(arms), random.below(arms))
        const lacks = random.below(4) === 0
        return [
          lacks ? '' : 1 + random.below(20),
          random.below(8) === 0 ? '' : random.below(2),
          random.below(20) === 0 ? '' : `arm${arm}`,
        ]
      })
      const { groups, records } = await released(survival('arm'), await tableOf('time,status,arm', rows))
      const told = groups.filter(({ key }) => key[0] !== null).reduce((sum, group) => sum + group.records! + group.missing!, 0)
      const without = rows.filter(([, , arm]) => arm === '').length
      const left = records - told - without
      expect(left === 0 || left >= 10, `${left} of ${records} left`).toBe(true)
    },
  )
})
