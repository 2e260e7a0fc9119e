import {
  type Artifact,
  type Estimator,
  type Expression,
  estimatorSchema,
  type Feature,
  modelSchema,
  querySchema,
  type Stage,
  type Step,
} from '@flotta/contract'
import { describe, expect, it } from 'vitest'
import type { DatasourceRecord } from '../../src/ports/store.ts'
import { checkFeatures } from '../../src/scheduling/fit/check-features.ts'
import { preflightReport } from '../../src/scheduling/fit/preflight-report.ts'
import { projectFeatures } from '../../src/scheduling/project-features.ts'
import { count, finalize, merge, parallel, secureSum } from './support/steps.ts'

type Published = Pick<Feature, 'type'> & Partial<Feature>

const table = (name: string, features: Record<string, Published>, missingCells?: string[]): DatasourceRecord =>
  ({
    id: 'dat',
    component: { id: `cmp_${name}`, name },
    metadata: {
      name: 't',
      publish: 'schema',
      records: null,
      problem: null,
      features: Object.entries(features).map(([feature, published]) => ({
        name: feature,
        missing: null,
        mean: null,
        std: null,
        categories: null,
        ...published,
      })),
      ...(missingCells ? { missingCells } : {}),
    },
  }) as unknown as DatasourceRecord

const plan = (
  estimator: Estimator,
  stages: Stage[] = [],
  levels?: { feature: string; values: (string | number)[] }[],
): Artifact => {
  const operation = { ...count, estimator, query: { kind: 'Query' as const, stages } }
  const step: Step = levels ? secureSum(operation, levels) : parallel('Collect', operation)
  return { label: '', steps: [step, finalize(merge)] }
}
const mean = (...features: string[]) => estimatorSchema.parse({ kind: 'Mean', features })
const is = (name: string, value: string): Expression => ({
  op: 'eq',
  left: { op: 'feature', name },
  right: { op: 'value', value },
})
const where = (condition: Expression): Stage => ({ kind: 'Filter', condition })
const preflight = (artifact: Artifact, ...tables: DatasourceRecord[]) => preflightReport(artifact, tables, () => true)
const notes = (artifact: Artifact, ...tables: DatasourceRecord[]) => {
  const report = preflight(artifact, ...tables)
  expect(report).toMatchObject({ fits: true, problems: [] })
  return report.notes.map(({ path, message }) => `${path}: ${message}`)
}

const sexes = (levels?: string[]): Published => ({ type: 'categorical', ...(levels ? { levels } : {}) })

describe('a site whose owner declares the categories of a feature', () => {
  const [north, south] = [table('north', { sex: sexes(['f', 'm']) }), table('south', { sex: sexes(['F', 'M']) })]

  it('can not do a plan that selects none of them, and the submit is refused with that reason and that site', () => {
    const artifact = plan({ kind: 'Count' }, [where(is('sex', 'f'))])
    const { fits, sites } = preflight(artifact, north, south)
    expect([fits, sites[0]?.problems]).toEqual([false, []])
    expect(sites[1]?.problems).toEqual([
      {
        path: 'steps[0].operation.query.stages[0].condition',
        message: '"sex" is never "f", so nothing would be selected; it may be "F", "M"',
      },
    ])
    expect(() => checkFeatures(artifact, [north, south])).toThrow(/"sex" is never "f".*\(at south\/t\)/)
  })

  it.each<[string, Stage[], boolean]>([
    ['one of several values', [where({ op: 'in', operand: { op: 'feature', name: 'sex' }, values: ['x', 'f'] })], true],
    ['none of several values', [where({ op: 'in', operand: { op: 'feature', name: 'sex' }, values: ['x', 'y'] })], false],
    ['a value, under another condition', [where({ op: 'and', conditions: [is('ward', 'a'), is('sex', 'x')] })], false],
    ['a value or something else', [where({ op: 'or', conditions: [is('ward', 'a'), is('sex', 'x')] })], true],
    ['all but a value', [where({ op: 'not', condition: is('sex', 'x') })], true],
    [
      'a value of what was renamed',
      [{ kind: 'Rename', names: [{ from: 'sex', to: 'gender' }] }, where(is('gender', 'x'))],
      false,
    ],
    [
      'a value of what the query derives under the same name',
      [
        {
          kind: 'Derive',
          feature: 'sex',
          expression: { op: 'call', function: 'lower', arguments: [{ op: 'feature', name: 'ward' }] },
        },
        where(is('sex', 'x')),
      ],
      true,
    ],
  ])('fits a plan that selects %s, if any record could have it', (_, stages, fits) => {
    const site = table('north', { sex: sexes(['f', 'm']), ward: { type: 'string' } })
    expect(preflight(plan({ kind: 'Count' }, stages), site).fits).toBe(fits)
  })

  it('is compared with the others: what differs is noted, and a plan that uses it works', () => {
    const counts = plan(estimatorSchema.parse({ kind: 'ValueCounts', feature: 'sex' }))
    expect(notes(counts, north, south)).toEqual([
      'steps[0].operation.estimator.feature: "sex" has other categories from site to site: f, m at north/t; F, M at south/t',
    ])
    expect(notes(counts, north, table('east', { sex: sexes(['m', 'f']) }), table('west', { sex: sexes() }))).toEqual([])
    expect(notes(plan({ kind: 'Count' }), north, south)).toEqual([])
  })

  it('names the categories of the project together with all others that do, and only then', () => {
    const levelsOf = (...tables: DatasourceRecord[]) => projectFeatures(tables)[0]?.levels
    expect(levelsOf(north, south)).toEqual(['F', 'M', 'f', 'm'])
    expect(levelsOf(north, table('west', { sex: sexes() }))).toBeUndefined()
  })
})

describe('units', () => {
  const weighed = (name: string, unit?: string) => table(name, { weight: { type: 'float', ...(unit ? { unit } : {}) } })

  it('that differ are a problem between the sites, with each of them named', () => {
    const { fits, problems } = preflight(
      plan(mean('weight')),
      weighed('north', 'kg'),
      weighed('south', 'lb'),
      weighed('east', 'kg'),
    )
    expect(fits).toBe(false)
    expect(problems.map(({ message }) => message)).toEqual([
      '"weight" is not measured in the same unit everywhere: kg at north/t, east/t; lb at south/t',
    ])
  })

  it('that differ are one as well under another name, and none where the query derives the feature anew', () => {
    const [north, south] = [weighed('north', 'kg'), weighed('south', 'lb')]
    const renamed = plan(mean('mass'), [{ kind: 'Rename', names: [{ from: 'weight', to: 'mass' }] }])
    expect(preflight(renamed, north, south).problems).toHaveLength(1)
    const half: Expression = {
      op: 'call',
      function: 'divide',
      arguments: [
        { op: 'feature', name: 'weight' },
        { op: 'value', value: 2 },
      ],
    }
    expect(
      preflight(plan(mean('weight'), [{ kind: 'Derive', feature: 'weight', expression: half }]), north, south).problems,
    ).toEqual([])
  })

  it('that one owner states and another does not are noted', () => {
    expect(notes(plan(mean('weight')), weighed('north', 'kg'), weighed('south'))).toEqual([
      'steps[0].operation.estimator.features: "weight" has a unit that not every owner states: kg at north/t; no stated unit at south/t',
    ])
  })
})

describe('types', () => {
  it('that can be reconciled are noted with what they are taken as, and others are a problem', () => {
    const of = (name: string, type: Feature['type']) => table(name, { age: { type } })
    expect(notes(plan(mean('age')), of('north', 'integer'), of('south', 'float'))).toEqual([
      'steps[0].operation.estimator.features: "age" is taken as float: integer at north/t; float at south/t',
    ])
    const counts = plan(estimatorSchema.parse({ kind: 'ValueCounts', feature: 'age' }))
    expect(preflight(counts, of('north', 'integer'), of('south', 'string')).problems).toHaveLength(1)
  })

  it('tell which values of a key no record could have', () => {
    const site = table('north', { stage: { type: 'integer' }, smokes: { type: 'boolean' } })
    const counts = estimatorSchema.parse({ kind: 'ValueCounts', feature: 'stage' })
    const tables = ['a', 'b', 'c'].map(
      (name) => ({ ...site, component: { ...site.component, id: `cmp_${name}` } }) as DatasourceRecord,
    )
    const [first] = preflight(plan(counts, [], [{ feature: 'stage', values: [1, '2'] }]), ...tables).sites
    expect(first?.problems).toEqual([{ path: 'steps[0].levels[0]', message: '"stage" is of type integer, and never "2"' }])
    const share = plan(estimatorSchema.parse({ kind: 'Proportion', feature: 'smokes', value: 1 }))
    expect(preflight(share, site).sites[0]?.problems[0]?.message).toBe('"smokes" is of type boolean, and never 1')
  })

  it('tell which texts are no time, and which are the same', () => {
    const site = table('north', { seen: { type: 'timestamp' } })
    const share = (value: string) => plan(estimatorSchema.parse({ kind: 'Proportion', feature: 'seen', value }))
    for (const time of ['2020-01-01', '2020-01-01T00:00:00', '2020-01-01 00:00:00.5'])
      expect(preflight(share(time), site).fits).toBe(true)
    for (const text of ['2020-02-30', '2020-01-01T00:00:00Z', 'Monday', ''])
      expect(() => checkFeatures(share(text), [site])).toThrow(`"seen" is of type timestamp, and never ${JSON.stringify(text)}`)
    const counts = estimatorSchema.parse({ kind: 'ValueCounts', feature: 'seen' })
    const twice = plan(counts, [], [{ feature: 'seen', values: ['2020-01-01', '2020-01-01T00:00', 'never'] }])
    expect(() => checkFeatures(twice, [site])).toThrow(/never "never".*"2020-01-01T00:00" of "seen" is there twice/s)
  })

  it('tell which categories of times are written otherwise than records have them', () => {
    const site = table('north', { seen: { type: 'date' }, sex: { type: 'string' }, ill: { type: 'boolean' } })
    const trained = (...categories: string[]): Artifact => ({
      label: '',
      steps: [
        parallel('Collect', {
          kind: 'TrainTest',
          model: modelSchema.parse({ kind: 'FederatedRandomForestClassifier' }),
          label: 'ill',
          query: querySchema.parse({
            kind: 'Query',
            stages: [
              { kind: 'FederatedOneHotEncoder', features: ['sex', 'seen'], categories: [['f', '2020-01-01 00:00'], categories] },
              { kind: 'FederatedSplitter' },
            ],
          }),
        }),
        finalize(merge),
      ],
    })
    expect(preflight(trained('2020-01-31', '2020-02-01'), site).sites[0]?.problems).toEqual([])
    expect(() => checkFeatures(trained('2020-01-31', '2020-02-01 00:00:00'), [site])).toThrow(
      /"seen" is of type date, and is never written as "2020-02-01 00:00:00", but as 2020-01-31 or/,
    )
  })
})

describe('cells that mean that there is no value', () => {
  const age: Record<string, Published> = { age: { type: 'integer' } }

  it('are noted where others would take them as values', () => {
    expect(notes(plan(mean('age')), table('north', age), table('south', age, ['', 'NA', '-9']), table('east', age))).toEqual([
      'project: a cell "N/A", "NaN", "nan", "null", "NULL" means that there is no value at north/t, east/t; at south/t it would be a value',
      'project: a cell "-9" means that there is no value at south/t; at north/t, east/t it would be a value',
    ])
    expect(notes(plan(mean('age')), table('north', age), table('south', age))).toEqual([])
  })
})

describe('a plan that too few sites take part in', () => {
  it('is told so before it is submitted', () => {
    const [north, south] = [table('north', {}), table('south', {})]
    expect(preflight(plan({ kind: 'Count' }, [], []), north, south).problems[0]?.message).toMatch(/at least.*2 offer data/)
  })
})

describe('survival whose event or time can not be one, by what the owner publishes of it', () => {
  const estimator = estimatorSchema.parse({ kind: 'KaplanMeier', time: 'time', event: 'status', grid: [10, 20] })
  const followed = (status: Published, time: Published = { type: 'float' }) => table('south', { status, time })
  const fine = table('north', { status: { type: 'integer', mean: 1 }, time: { type: 'float', mean: 0 } })

  it.each([
    ['1 where it did not happen and 2 where it did', { type: 'integer', mean: 1.4 }],
    ['-1 where it did not happen', { type: 'float', mean: -0.2 }],
    ['a word', { type: 'categorical' }],
  ] as const)('is refused before anything runs: an event that is %s', (_, status) => {
    const { fits, sites } = preflight(plan(estimator), fine, followed(status))
    expect([fits, sites[0]?.problems]).toEqual([false, []])
    const path = 'steps[0].operation.estimator.event'
    const words = /^the event "status" is 1 or true .* and 0 or false .*Derive\('happened', feature\('status'\)\.eq/
    expect(sites[1]!.problems).toContainEqual({ path, message: expect.stringMatching(words) })
    expect(() => checkFeatures(plan(estimator), [fine, followed(status)])).toThrow(/the event "status".*\(at south\/t\)/)
  })

  it('is refused before anything runs: times below 0', () => {
    const { sites } = preflight(plan(estimator), fine, followed({ type: 'boolean' }, { type: 'integer', mean: -3 }))
    expect(sites.map(({ problems }) => problems.map(({ path }) => path))).toEqual([[], ['steps[0].operation.estimator.time']])
  })

  it('is left to the site where a Filter may leave such records out, the event is derived, or nothing is there', () => {
    const status: Published = { type: 'integer', mean: 1.4 }
    const coded = followed(status)
    expect(preflight(plan(estimator), fine, followed({ type: 'null' })).fits).toBe(true)
    const left = where({ op: 'in', operand: { op: 'feature', name: 'status' }, values: [0, 1] })
    expect(preflight(plan(estimator, [left]), fine, coded).fits).toBe(true)
    const two: Expression = { op: 'eq', left: { op: 'feature', name: 'status' }, right: { op: 'value', value: 2 } }
    const derived: Stage = { kind: 'Derive', feature: 'status', expression: two }
    expect(preflight(plan(estimator, [derived]), fine, coded).fits).toBe(true)
  })
})

describe('a t-test of a key with more than two values, as the owner publishes,', () => {
  const site = table('north', { x: { type: 'float' }, ward: { type: 'categorical', categories: 3 } })
  const between = (group: object) => estimatorSchema.parse({ kind: 'TTest', feature: 'x', group })

  it('is refused before anything runs, with what to ask instead', () => {
    const artifact = plan(between({ feature: 'ward' }))
    expect(() => checkFeatures(artifact, [site])).toThrow(
      /two groups, and "ward" has 3 values: .*equals\('ward', <value>\).*Filter.*Anova/,
    )
    expect(preflight(artifact, site).sites[0]?.problems[0]?.path).toBe('steps[0].operation.estimator.group.feature')
  })

  it('works between one of them and the others, after a Filter, and as analysis of variance', () => {
    const one = between({ feature: 'ward', equals: 'a' })
    const anova = estimatorSchema.parse({ kind: 'Anova', feature: 'x', group: { feature: 'ward' } })
    const two = where({ op: 'in', operand: { op: 'feature', name: 'ward' }, values: ['a', 'b'] })
    for (const artifact of [plan(one), plan(anova), plan(between({ feature: 'ward' }), [two])])
      expect(preflight(artifact, site).fits).toBe(true)
  })

  it('and of more than two bins, is no plan', () => {
    expect(between({ feature: 'x', edges: [0, 1, 2] })).toMatchObject({ kind: 'TTest' })
    expect(() => between({ feature: 'x', edges: [0, 1, 2, 3] })).toThrow(/two groups: at most two bins, not 3/)
  })
})
