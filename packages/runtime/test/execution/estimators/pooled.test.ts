import { createRandom, type Random, shuffleInPlace } from '@flotta/algorithms'
import { type Estimator, estimatorSchema, type Query, type StatisticValue } from '@flotta/contract'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import type { DatasourceSource } from '../../../src/ports/datasource-source.ts'
import { released, Sites } from '../support/sites.ts'

/** Sites that tell everything: what they withhold would be missing in what is merged. */
const at = new Sites({ minimumRecords: 1, minimumCell: 0 })
afterAll(() => at[Symbol.dispose]())

const PROBABILITIES = [0, 0.1, 0.5, 0.75, 1]
const MAX_ROWS = 120

/** Missing cells, a constant, one group, nothing at all, and numbers so small or large that their squares are not numbers. */
const columns: Record<string, (random: Random) => string | number> = {
  x: (random) => (random.below(7) === 0 ? '' : random.below(3) === 0 ? random.below(5) : (random.float64() - 0.5) * 2e6),
  y: (random) => (random.below(9) === 0 ? '' : 1e9 + random.float64()),
  tiny: (random) => (random.float64() - 0.5) * 1e-300,
  huge: (random) => (random.below(5) === 0 ? '' : (random.float64() - 0.5) * 1e290),
  constant: () => 0.1,
  empty: () => '',
  ward: (random) => ['a', 'b', 'Zürich', ''][random.below(4)]!,
  only: () => 'one',
  flag: (random) => ['true', 'false', ''][random.below(3)]!,
  time: (random) => (random.below(10) === 0 ? '' : random.below(40)),
  event: (random) => random.below(2),
}

const numbers = ['x', 'y', 'tiny', 'huge', 'constant']
const some = ['x', 'y', 'constant']
const edges = [-1e6, -10, 0, 3, 1e6]
const statistics = [
  { kind: 'Sum', features: some },
  { kind: 'Mean', features: some },
  { kind: 'Variance', features: some },
  { kind: 'Missing', features: ['x', 'empty', 'ward'] },
  { kind: 'Extremes', features: ['x'] },
  { kind: 'Quantiles', features: ['x'], probabilities: PROBABILITIES },
  { kind: 'Describe', features: [...some, 'ward'] },
]
const estimators: Estimator[] = [
  { kind: 'Count' },
  { kind: 'Sum', features: numbers },
  { kind: 'Mean', features: numbers },
  { kind: 'Variance', features: numbers },
  { kind: 'Missing', features: [...numbers, 'empty', 'ward'] },
  { kind: 'Extremes', features: numbers },
  { kind: 'Quantiles', features: numbers, probabilities: PROBABILITIES },
  { kind: 'Describe', features: [...numbers, 'empty', 'ward'] },
  { kind: 'ValueCounts', feature: 'ward' },
  { kind: 'ValueCounts', feature: 'only' },
  { kind: 'Histogram', feature: 'x', edges },
  { kind: 'GroupBy', keys: [{ feature: 'ward' }], statistics },
  { kind: 'GroupBy', keys: [{ feature: 'only' }], statistics },
  { kind: 'GroupBy', keys: [{ feature: 'ward' }, { feature: 'flag' }, { feature: 'x', edges }], statistics: [] },
  { kind: 'Contingency', rows: { feature: 'ward' }, columns: { feature: 'flag' } },
  { kind: 'Contingency', rows: { feature: 'flag' }, columns: { feature: 'x', edges: [-1e6, 0, 1e6] } },
  { kind: 'TTest', feature: 'x', group: { feature: 'flag' } },
  { kind: 'TTest', feature: 'y', group: { feature: 'event', equals: 1 }, equalVariances: true },
  { kind: 'Anova', feature: 'x', group: { feature: 'ward' } },
  { kind: 'Proportion', feature: 'ward', value: 'a' },
  { kind: 'KaplanMeier', time: 'time', event: 'event', grid: [5, 10, 20, 30] },
  { kind: 'KaplanMeier', time: 'time', event: 'event', grid: [5, 10, 20, 30], group: { feature: 'ward' } },
].map((estimator) => estimatorSchema.parse(estimator))

/** These are told by sites of enough records alone. */
const ofPairs: Estimator[] = [
  { kind: 'Covariance', features: ['x', 'y', 'constant'] },
  { kind: 'Correlation', features: ['x', 'y', 'constant'] },
  { kind: 'Correlation', features: ['x', 'y'], method: 'spearman', quantiles: [[-1e5, 0, 1, 3], [1e9 + 0.5]] },
].map((estimator) => estimatorSchema.parse(estimator))

/** The records of a site: those that were dealt to it. */
const dealtTo = (site: number): Query => ({
  kind: 'Query',
  stages: [
    {
      kind: 'Filter',
      condition: { op: 'eq', left: { op: 'feature', name: 'site' }, right: { op: 'value', value: site } },
    },
  ],
})
const all: Query = { kind: 'Query', stages: [] }

/** What quantiles and extremes are of, which are told within bounds: they are looked at by themselves. */
const bounded = new Set(['quantiles', 'minimum', 'maximum'])

/** Floats to a relative 1e-9, by which counts of so few records are the same; what a figure rests on is the same but for the number of sites. */
function expectSame(actual: unknown, expected: unknown, path = ''): void {
  if (typeof actual === 'number' && typeof expected === 'number') {
    expect(Math.abs(actual - expected), `${path}: ${actual} for ${expected}`).toBeLessThanOrEqual(
      1e-9 * Math.abs(expected) + 5e-324,
    )
  } else if (typeof actual === 'object' && actual !== null && typeof expected === 'object' && expected !== null) {
    expect(Object.keys(actual), path).toEqual(Object.keys(expected))
    for (const [key, value] of Object.entries(actual)) {
      if (key === 'sites' || bounded.has(key)) continue
      expectSame(value, (expected as Record<string, unknown>)[key], `${path}.${key}`)
    }
  } else expect(actual, path).toBe(expected)
}

/** Every quantile of the pooled column lies within the bounds that are told, and no extreme beyond it. */
function expectBounds(value: StatisticValue, cells: Readonly<Record<string, readonly (string | number)[]>>): void {
  for (const { name, quantiles, minimum, maximum } of 'columns' in value ? value.columns : []) {
    const sorted = (cells[name] ?? []).filter((cell): cell is number => typeof cell === 'number').sort((a, b) => a - b)
    if (sorted.length === 0) continue
    for (const { probability, lower, upper } of quantiles ?? []) {
      const place = (sorted.length - 1) * probability
      const [low, high] = [sorted[Math.floor(place)]!, sorted[Math.ceil(place)]!]
      expect(lower ?? Number.NEGATIVE_INFINITY, name).toBeLessThanOrEqual(high)
      expect(upper ?? Number.POSITIVE_INFINITY, name).toBeGreaterThanOrEqual(low)
    }
    if (typeof minimum === 'number') expect(minimum, name).toBeGreaterThanOrEqual(sorted[0]!)
    if (typeof maximum === 'number') expect(maximum, name).toBeLessThanOrEqual(sorted.at(-1)!)
  }
}

let tables = 0

describe('a table, however it is dealt to 1–20 sites and in whatever order their summaries are merged, has the pooled', () => {
  const size = fc.record({
    sites: fc.integer({ min: 1, max: 20 }),
    rows: fc.noBias(fc.integer({ min: 1, max: MAX_ROWS })),
    seed: fc.nat(),
  })
  const cases = [{ sites: 20, rows: 20, seed: 1 }, { sites: 1, rows: 1, seed: 2 }, ...fc.sample(size, 2)]

  it.each(cases)('statistics of every kind: $rows records at $sites sites, seed $seed', async ({ sites, rows, seed }) => {
    const random = createRandom(seed)
    const cells = Object.fromEntries(
      Object.entries(columns).map(([name, cellOf]) => [name, Array.from({ length: rows }, () => cellOf(random))]),
    )
    const dealt = await dealtTable(
      cells,
      rows === sites ? [...Array(rows).keys()] : Array.from({ length: rows }, () => random.below(sites)),
    )
    for (const estimator of estimators) {
      const [value, pooled] = await mergedAndPooled(estimator, dealt, random)
      expectSame(value, pooled, estimator.kind)
      expectBounds(value!, cells)
    }
  })

  it.each(fc.sample(fc.nat(), 2))('covariances and correlations, seed %i', async (seed) => {
    const random = createRandom(seed)
    const sites = 1 + random.below(8)
    const rows = Array.from({ length: 200 }, (_, row) => row)
    const cells = Object.fromEntries(Object.entries(columns).map(([name, cellOf]) => [name, rows.map(() => cellOf(random))]))
    const dealt = await dealtTable(
      cells,
      rows.map((row) => row % sites),
    )
    for (const estimator of ofPairs) {
      const [value, pooled] = await mergedAndPooled(estimator, dealt, random)
      expectSame(value, pooled, estimator.kind)
    }
  })
})

interface Dealt {
  readonly table: DatasourceSource
  readonly sites: readonly number[]
}

async function dealtTable(
  cells: Readonly<Record<string, readonly (string | number)[]>>,
  siteOf: readonly number[],
): Promise<Dealt> {
  const names = Object.keys(cells)
  const lines = siteOf.map((site, row) => [...names.map((name) => cells[name]![row]), site].join(','))
  const table = await at.table(`dealt-${tables++}`, `${[...names, 'site'].join(',')}\n${lines.join('\n')}\n`)
  const features = [...numbers, 'time', 'event'].map((feature) => ({
    feature,
    type: 'float' as const,
    unit: undefined,
    categories: [],
  }))
  const flag = { feature: 'flag', type: 'boolean' as const, unit: undefined, categories: [] }
  return { table: { ...table, features: [...features, flag] }, sites: [...new Set(siteOf)] }
}

/** What is released over the sites, merged in some order, and with all records at one. */
async function mergedAndPooled(estimator: Estimator, { table, sites }: Dealt, random: Random): Promise<StatisticValue[]> {
  const summaryOf = (query: Query) => at.run({ kind: 'Estimate', estimator, query }, table)
  const summaries = await Promise.all(sites.map((site) => summaryOf(dealtTo(site))))
  shuffleInPlace(summaries, random)
  const value = await released(summaries)
  expect(value.sites).toBe(sites.length)
  return [value, await released([await summaryOf(all)])].map(withoutEmptyGroups)
}

/** Without the groups that nobody is in, which sites that tell everything name too. */
function withoutEmptyGroups(value: StatisticValue): StatisticValue {
  return 'groups' in value ? ({ ...value, groups: value.groups.filter(({ records }) => records !== 0) } as StatisticValue) : value
}
