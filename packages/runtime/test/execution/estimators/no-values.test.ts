import type { Estimator, Expression, Query, Stage } from '@flotta/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SiteRecords } from '../../../src/data/site-records.ts'
import { TableCache } from '../../../src/data/table-cache.ts'
import type { DatasourceSource } from '../../../src/ports/datasource-source.ts'
import { query, released, Sites } from '../support/sites.ts'

const guarded = new Sites({ minimumRecords: 10, minimumCell: 10 })
let numbers: DatasourceSource
let times: DatasourceSource
let texts: DatasourceSource
let truths: DatasourceSource
/** Tables whose x has no value: by its cells alone, and declared as a number. */
let nothing: readonly DatasourceSource[]
/** One whose x has so few values that they are withheld. */
let few: DatasourceSource

beforeAll(async () => {
  const rows = (value: (row: number) => string | number) =>
    `x,g\n${Array.from({ length: 24 }, (_, row) => `${value(row)},${'ab'[row % 2]}`).join('\n')}\n`
  numbers = await guarded.table(
    'numbers',
    rows((row) => row),
  )
  times = await guarded.table(
    'times',
    rows((row) => `2020-01-0${1 + (row % 2)} 10:00:00`),
  )
  texts = await guarded.table(
    'texts',
    rows((row) => 'uv'[row % 2]!),
  )
  truths = await guarded.table(
    'truths',
    rows((row) => String(row % 2 === 0)),
  )
  few = await guarded.table(
    'few',
    rows((row) => (row < 3 ? row : 'NA')),
  )
  const untyped = await guarded.table(
    'untyped',
    rows(() => 'NA'),
  )
  const declared = { feature: 'x', type: 'float', unit: undefined, categories: [] } as const
  nothing = [untyped, { ...untyped, name: 'declared', features: [declared] }]
})
afterAll(() => guarded[Symbol.dispose]())

const statistics: Estimator[] = [
  { kind: 'Sum', features: ['x'] },
  { kind: 'Mean', features: ['x'] },
  { kind: 'Variance', features: ['x'] },
  { kind: 'Missing', features: ['x'] },
  { kind: 'Extremes', features: ['x'] },
  { kind: 'Quantiles', features: ['x'], probabilities: [0.5] },
  { kind: 'Describe', features: ['x'] },
]

describe('a site where no record has a value', () => {
  it.each(statistics)('adds nothing but its missing values: $kind', async (estimator) => {
    const alone = await guarded.summarised(estimator, [numbers])
    const together = await guarded.summarised(estimator, [nothing[0]!, numbers, nothing[1]!])
    if (!('columns' in alone)) throw new TypeError('no columns')
    expect(together).toEqual({ ...alone, columns: [{ ...alone.columns[0], missing: 48 }], records: 72, sites: 3 })
  })

  it('adds nothing to a statistic by group', async () => {
    for (const kind of ['Mean', 'Variance'] as const) {
      const estimator: Estimator = { kind: 'GroupBy', keys: [{ feature: 'g' }], statistics: [{ kind, features: ['x'] }] }
      const alone = await guarded.summarised(estimator, [numbers])
      const together = await guarded.summarised(estimator, [...nothing, numbers])
      if (alone.kind !== 'GroupBy') throw new TypeError('no groups')
      const groups = alone.groups.map((group) => ({ ...group, records: 36, columns: [{ ...group.columns[0], missing: 24 }] }))
      expect(together).toEqual({ ...alone, groups, records: 72, sites: 3 })
    }
  })

  it('alone has no figures but how many lack a value', async () => {
    expect(await guarded.summarised({ kind: 'Describe', features: ['x'] }, nothing)).toMatchObject({
      columns: [{ suppressed: false, count: 0, missing: 48, mean: null, std: null, minimum: null, maximum: null }],
    })
  })

  it('is not one where few have a value: there all is withheld', async () => {
    for (const estimator of statistics)
      expect(await guarded.summarised(estimator, [few, numbers])).toMatchObject({
        columns: [{ suppressed: true, count: null, missing: null }],
      })
  })

  it('has the groups of what is missing, beside values of any type', async () => {
    for (const source of [times, texts, truths]) {
      const estimator: Estimator = { kind: 'ValueCounts', feature: 'x' }
      const { groups } = (await guarded.summarised(estimator, [nothing[0]!, source])) as {
        groups: { key: unknown[]; records: number }[]
      }
      expect(groups.find(({ key }) => key[0] === null)?.records).toBe(24)
    }
    for (const value of ['2020-01-01T10:00', 3, true])
      expect(await guarded.summarised({ kind: 'Proportion', feature: 'x', value }, nothing.slice(0, 1))).toMatchObject({
        successes: 0,
        missing: 24,
      })
  })

  it('is selected from as if its values were of the type that the query needs', async () => {
    const x: Expression = { op: 'feature', name: 'x' }
    const value = (constant: string | number | boolean): Expression => ({ op: 'value', value: constant })
    const call = (name: 'add' | 'lower' | 'year' | 'coalesce', ...rest: Expression[]): Expression => ({
      op: 'call',
      function: name,
      arguments: [x, ...rest],
    })
    const derived: Expression[] = [
      { op: 'gt', left: x, right: value(3) },
      { op: 'eq', left: x, right: value('u') },
      { op: 'eq', left: x, right: value(true) },
      { op: 'lt', left: x, right: x },
      { op: 'in', operand: x, values: ['2020-01-01'] },
      { op: 'like', operand: x, pattern: 'u%' },
      { op: 'not', condition: x },
      { op: 'and', conditions: [x, x] },
      { op: 'bins', operand: x, edges: [1, 2] },
      call('add', value(1)),
      call('lower'),
      call('year'),
      call('coalesce', x),
    ]
    for (const expression of derived) {
      const stages: Stage[] = [{ kind: 'Derive', feature: 'y', expression }]
      const held = await guarded.run(
        { kind: 'Estimate', estimator: { kind: 'Missing', features: ['y'] }, query: { kind: 'Query', stages } },
        nothing[0]!,
      )
      expect(await released([held])).toMatchObject({ columns: [{ missing: 24 }] })
    }
    const truth: Query = { kind: 'Query', stages: [{ kind: 'Filter', condition: x }] }
    const counted = guarded.run({ kind: 'Estimate', estimator: { kind: 'Count' }, query: truth }, nothing[0]!)
    await expect(counted).rejects.toMatchObject({ code: 'disclosure_refused' })
  })

  it('has the type of the other tables of the site', async () => {
    for (const [source, type] of [
      [numbers, 'integer'],
      [times, 'timestamp'],
      [texts, 'string'],
      [truths, 'boolean'],
    ] as const) {
      const records = await SiteRecords.select([nothing[0]!, source], query, new TableCache())
      expect(records.column('x').type).toBe(type)
      const labels = await records.labels('x')
      expect(labels.slice(0, 24)).toEqual(new Array(24).fill(null))
      expect(labels.slice(24)).not.toContain(null)
      const { keys } = await records.groups([{ feature: 'x' }], ['x'])
      expect(new Set(keys[0])).toEqual(new Set(labels))
      const { keys: equal } = await records.groups([{ feature: 'x', equals: labels[24]! }], [])
      expect(new Set(equal[0])).toEqual(new Set([null, true, false]))
    }
  })
})
