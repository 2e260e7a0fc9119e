import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Column,
  createFrame,
  createRandom,
  type Distribution,
  distributionOf,
  type Expression,
  type Frame,
  fittedExpressions,
  localExpressions,
  mergeDistributions,
  mergeFeatureStatistics,
  prepare,
  quantileOf,
  roundStatistics,
  selectRows,
  type Transformer,
  transformerStatistics,
  unguarded,
} from '../../src/index.ts'
import { deals, dealt, everyCategory, fitOver, plainImputer, rowsOf } from './records.ts'

const guard = { minimumCell: 10 }

const numbers = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: -3, max: 3 }).map(Number) },
  { weight: 3, arbitrary: fc.double({ min: -1e6, max: 1e6, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(Number.NaN, 0, -0, 1e-300, 1e100, -1e100) },
)
const texts = fc.option(fc.constantFrom('a', 'b', 'c', 'Zürich', ''))
const records = fc
  .array(fc.tuple(numbers, texts), { minLength: 1, maxLength: 200 })
  .map((rows) => createFrame<Column>(['n', 't'], [Float64Array.from(rows, ([n]) => n), rows.map(([, t]) => t)]))

const onNumbers = { features: ['n'], fit: 'federated' } as const
const transformers: Transformer[] = [
  { kind: 'FederatedStandardScaler', ...onNumbers, withMean: true, withStd: true },
  { kind: 'FederatedMinMaxScaler', ...onNumbers, featureRange: [0, 1], clip: false },
  {
    kind: 'FederatedRobustScaler',
    ...onNumbers,
    quantileRange: [25, 75],
    withCentering: true,
    withScaling: true,
    unitVariance: true,
  },
  { kind: 'FederatedKBinsDiscretizer', ...onNumbers, nBins: 4, strategy: 'quantile', encode: 'ordinal' },
  { kind: 'FederatedSimpleImputer', ...onNumbers, strategy: 'median', fillValue: null, ...plainImputer },
  {
    kind: 'FederatedSimpleImputer',
    features: ['t'],
    fit: 'federated',
    strategy: 'most_frequent',
    fillValue: null,
    ...plainImputer,
  },
  {
    kind: 'FederatedOneHotEncoder',
    features: ['t'],
    fit: 'federated',
    handleUnknown: 'ignore',
    minFrequency: null,
    maxCategories: 3,
    drop: null,
  },
]

const onTexts = { features: ['t'], fit: 'federated' } as const
const mergedAlike: [string, Transformer][] = [
  ...transformers.map((transformer): [string, Transformer] => [transformer.kind, transformer]),
  ...(['uniform', 'kmeans'] as const).map((strategy): [string, Transformer] => [
    `FederatedKBinsDiscretizer, ${strategy}`,
    { kind: 'FederatedKBinsDiscretizer', ...onNumbers, nBins: [3], strategy, encode: 'onehot' },
  ]),
  [
    'FederatedSimpleImputer with an indicator, 0 for none',
    {
      kind: 'FederatedSimpleImputer',
      ...onNumbers,
      strategy: 'mean',
      fillValue: null,
      missingValues: 0,
      addIndicator: true,
      keepEmptyFeatures: true,
    },
  ],
  [
    'FederatedOneHotEncoder of declared categories',
    {
      kind: 'FederatedOneHotEncoder',
      ...onTexts,
      categories: [['a', 'b', 'c', 'd']],
      handleUnknown: 'ignore',
      minFrequency: 0.2,
      maxCategories: null,
      drop: 'first',
    },
  ],
  [
    'FederatedOrdinalEncoder',
    {
      kind: 'FederatedOrdinalEncoder',
      ...onTexts,
      ...everyCategory,
      handleUnknown: 'error',
      unknownValue: null,
      encodedMissingValue: -1,
    },
  ],
  ['FederatedLabelBinarizer', { kind: 'FederatedLabelBinarizer', ...onTexts, negLabel: 0, posLabel: 1 }],
]

/** The result or the message of the refusal. */
function outcome<T>(compute: () => T): T | string {
  try {
    return compute()
  } catch (error) {
    return (error as Error).message
  }
}

function numbersIn(expressions: readonly Expression[] | string): number[] {
  return (JSON.stringify(expressions).match(/-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/g) ?? []).map(Number)
}

describe('a transformer fitted over sites that tell everything', () => {
  it.each(mergedAlike)(
    'is that of the pooled table, however records are dealt and in whatever order sites are merged: %s',
    (_, transformer) => {
      fc.assert(
        fc.property(records, deals, (frame, { sites, deal }) => {
          const parts = dealt(frame, sites, deal)
          const pooled = outcome(() => localExpressions(transformer, frame))
          const forwards = outcome(() => fitOver(transformer, parts, unguarded))
          const backwards = outcome(() => fitOver(transformer, [...parts].reverse(), unguarded))
          for (const other of [forwards, backwards]) {
            if (typeof pooled === 'string') {
              expect(other).toBe(pooled)
              continue
            }
            const expected = numbersIn(pooled)
            const found = numbersIn(other)
            expect(found).toHaveLength(expected.length)
            // Relative to the largest value of the column: a mean of values that cancel is known as well as they are.
            const largest = Math.max(1, ...[...(frame.columns[0] as Float64Array)].filter(Number.isFinite).map(Math.abs))
            found.forEach((value, index) => {
              expect(Math.abs(value - expected[index])).toBeLessThanOrEqual(1e-9 * Math.max(largest, Math.abs(value)))
            })
          }
        }),
        { numRuns: 60 },
      )
    },
  )

  it('refuses sites with different columns, and names one', () => {
    const [scaler] = transformers
    const told = (name: string) =>
      transformerStatistics(
        { ...scaler, features: undefined } as Transformer,
        createFrame<Column>([name], [Float64Array.of(1, 2)]),
        Int32Array.of(0, 1),
        unguarded,
      )
    expect(() => mergeFeatureStatistics(told('a'), told('b'))).toThrow('"b" is not a feature of every site')
  })
})

describe('what a guarded site tells', () => {
  const values = fc.array(numbers, { minLength: 0, maxLength: 300 }).map((list) => Float64Array.from(list))
  const upTo = (column: Float64Array, t: number) => column.filter((value) => value <= t).length
  const countsUpTo = ({ values, counts }: Distribution, t: number) =>
    counts.reduce((sum, count, bin) => (values[bin] <= t ? sum + count : sum), 0)

  it('rests on enough records in every bin, and holds no value that fewer of them have unless by chance of a mean', () => {
    fc.assert(
      fc.property(values, (column) => {
        const { counts } = distributionOf(column, guard)
        const measured = column.filter((value) => !Number.isNaN(value)).length
        expect(counts.every((count) => count >= guard.minimumCell)).toBe(true)
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(measured < guard.minimumCell ? 0 : measured)
      }),
    )
  })

  it('ranks every value of the pooled column to within three bins of each site', () => {
    fc.assert(
      fc.property(fc.array(values, { minLength: 1, maxLength: 6 }), (sites) => {
        const told = sites.filter((column) => column.filter((value) => !Number.isNaN(value)).length >= guard.minimumCell)
        const merged = sites.map((column) => distributionOf(column, guard)).reduce(mergeDistributions)
        const bound = told.length * 3 * guard.minimumCell
        for (const t of told.flatMap((column) => [...column]).filter((value) => !Number.isNaN(value))) {
          const truth = told.reduce((sum, column) => sum + upTo(column, t), 0)
          expect(Math.abs(countsUpTo(merged, t) - truth)).toBeLessThan(bound)
        }
      }),
      { numRuns: 50 },
    )
  })

  it('is exact where every distinct value has enough records', () => {
    const column = Float64Array.from({ length: 100 }, (_, row) => row % 5)
    expect(distributionOf(column, guard)).toEqual({ kind: 'distribution', values: [0, 1, 2, 3, 4], counts: [20, 20, 20, 20, 20] })
    expect(quantileOf(distributionOf(column, guard), 0.5)).toBe(2)
  })

  it('holds neither the least nor the greatest value of a column in which each is one person’s', () => {
    const random = createRandom(3)
    const column = Float64Array.from({ length: 500 }, () => random.float64())
    const { values: told } = distributionOf(column, guard)
    const sorted = column.slice().sort()
    expect(told.filter((value) => column.includes(value))).toEqual([])
    expect(told[0]).toBeGreaterThan(sorted[0])
    expect(told[0]).toBeLessThanOrEqual(sorted[guard.minimumCell - 1])
  })

  it('names no category that too few records have, and looks the same for none and some of a small column', () => {
    const column = [...Array(25).fill('often'), ...Array(12).fill('seldom'), ...Array(9).fill('rare'), 'alone']
    const frame = createFrame<Column>(['t'], [column])
    const encoder = transformers[6]
    const told = transformerStatistics({ ...encoder, features: ['t'] } as Transformer, frame, rowsOf(frame), guard)
    expect(JSON.stringify(told)).not.toMatch(/rare|alone/)
    expect(told[0].statistics).toMatchObject({ categories: ['often', 'seldom'], counts: [25, 12], others: 10, hasOthers: true })
    const small = (count: number) => createFrame<Column>(['n'], [new Float64Array(count).fill(7)])
    const [scaler, minMax] = transformers
    for (const transformer of [scaler, minMax]) {
      const tell = (count: number) => transformerStatistics(transformer, small(count), rowsOf(small(count)), guard)
      expect(tell(9)).toEqual(tell(0))
      expect(tell(10)).not.toEqual(tell(0))
    }
  })
})

describe('rounds of fitting', () => {
  const random = createRandom(11)
  const sites = Array.from({ length: 3 }, () => siteFrame(120))
  const pipeline: Transformer[] = [
    { kind: 'FederatedSimpleImputer', features: ['age'], fit: 'federated', strategy: 'mean', fillValue: null, ...plainImputer },
    {
      kind: 'FederatedOneHotEncoder',
      features: ['town'],
      fit: 'federated',
      handleUnknown: 'error',
      minFrequency: null,
      maxCategories: null,
      drop: null,
    },
    { kind: 'FederatedStandardScaler', features: ['age'], fit: 'federated', withMean: true, withStd: true },
    { kind: 'FederatedBinarizer', features: ['town_Bern'], threshold: 0.5 },
  ]

  function siteFrame(rows: number): Frame<Column> {
    const age = Float64Array.from({ length: rows }, () => (random.below(6) === 0 ? Number.NaN : 20 + random.below(60)))
    const town = Array.from({ length: rows }, () => ['Bern', 'Chur', 'Lugano'][random.below(3)])
    return createFrame<Column>(['age', 'town'], [age, town])
  }

  function fitted(frames: readonly Frame<Column>[], train: Int32Array): Map<number, Expression[]> {
    const known = new Map<number, Expression[]>()
    for (const round of [1, 2]) {
      const told = frames.map((frame) => roundStatistics({ transformers: pipeline, fitted: known, frame, train }, round, guard))
      for (const place of told[0].keys()) {
        const merged = told.map((site) => site.get(place)!).reduce(mergeFeatureStatistics)
        known.set(place, fittedExpressions(pipeline[place], merged))
      }
    }
    return known
  }

  const train = Int32Array.from({ length: 90 }, (_, row) => row)

  it('impute before they scale: the result has mean 0 and variance 1 over all sites', () => {
    const known = fitted(sites, train)
    const prepared = sites.map((frame) => prepare({ transformers: pipeline, fitted: known, frame, train }).frame)
    expect(prepared[0].names).toEqual(['age', 'town_Bern', 'town_Chur', 'town_Lugano'])
    const ages = prepared.flatMap(({ columns }) => [...(columns[0] as Float64Array).subarray(0, 90)])
    const mean = ages.reduce((sum, age) => sum + age, 0) / ages.length
    const variance = ages.reduce((sum, age) => sum + (age - mean) ** 2, 0) / ages.length
    expect(mean).toBeCloseTo(0, 12)
    expect(variance).toBeCloseTo(1, 12)
  })

  it('never look at a test record: whatever it holds, what is fitted is the same', () => {
    const before = fitted(sites, train)
    const spoilt = sites.map(({ names, columns, rowCount }) => ({
      rowCount,
      names,
      columns: [
        (columns[0] as Float64Array).map((age, row) => (row < 90 ? age : 1e9)),
        (columns[1] as string[]).map((town, row) => (row < 90 ? town : 'Nowhere')),
      ],
    }))
    expect(fitted(spoilt, train)).toEqual(before)
  })

  it('never look at a test record when they fit at the site either', () => {
    const local = pipeline
      .filter(({ kind }) => kind !== 'FederatedBinarizer')
      .map((one) => ({ ...one, fit: 'local' }) as Transformer)
    const [frame] = sites
    const spoilt = {
      ...frame,
      columns: [(frame.columns[0] as Float64Array).map((age, row) => (row < 90 ? age : 1e9)), frame.columns[1]],
    }
    const trained = (records: Frame<Column>) =>
      selectRows(prepare({ transformers: local, fitted: new Map(), frame: records, train }).frame, train)
    expect(trained(spoilt)).toEqual(trained(frame))
  })
})
