import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  applyExpression,
  applyPreparation,
  type Column,
  columnTypeProblems,
  createFrame,
  localExpressions,
  PreparationError,
  prepare,
  roundsOf,
  selectRows,
  type Transformer,
} from '../../src/index.ts'
import { everyCategory, fitOver, frameOf, plainImputer, rowsOf } from './records.ts'

const applied = (transformer: Transformer, columns: Parameters<typeof frameOf>[0]) => {
  const frame = frameOf(columns)
  return localExpressions(transformer, frame).reduce(applyExpression, frame)
}

describe('what the predecessor got wrong', () => {
  it('a clamp keeps what is within its bounds, and one bound is enough (C7, C8)', () => {
    const x = [0, 5, 10, null]
    const clamped = (lower: number | null, upper: number | null) => [
      ...(applied({ kind: 'FederatedClamp', lower, upper }, { x }).columns[0] as Float64Array),
    ]
    expect(clamped(2, 8)).toEqual([2, 5, 8, Number.NaN])
    expect(clamped(0, null)).toEqual([0, 5, 10, Number.NaN])
    expect(clamped(null, 0)).toEqual([0, 0, 0, Number.NaN])
  })

  it('training and test records are prepared alike, by what was fitted on the training records (C10, C11)', () => {
    const frame = frameOf({ x: [0, 10, 20, 1000] })
    const transformer = { kind: 'FederatedMinMaxScaler', fit: 'local', featureRange: [0, 1], clip: false } as const
    const prepared = prepare({ transformers: [transformer], fitted: new Map(), frame, train: Int32Array.of(0, 1, 2) })
    expect([...(prepared.frame.columns[0] as Float64Array)]).toEqual([0, 0.5, 1, 50])
  })

  it('a threshold of 0 is a threshold (C12)', () => {
    const { columns } = applied({ kind: 'FederatedBinarizer', threshold: 0 }, { x: [-1, 0, 0.5, null] })
    expect(columns).toEqual([Float64Array.of(0, 0, 1, Number.NaN)])
  })

  it('an encoder encodes every column of texts, names the new ones by their categories and drops the old ones (C13)', () => {
    const encoder: Transformer = {
      kind: 'FederatedOneHotEncoder',
      fit: 'local',
      handleUnknown: 'error',
      minFrequency: null,
      maxCategories: null,
      drop: null,
    }
    const { names, columns } = applied(encoder, { town: ['b', 'a', 'b'], sex: ['f', 'f', 'm'] })
    expect(names).toEqual(['town_a', 'town_b', 'sex_f', 'sex_m'])
    expect(columns[1]).toEqual(Float64Array.of(1, 0, 1))
  })

  it('rows stay where they are, whatever the transformer (C14)', () => {
    const binarizer: Transformer = { kind: 'FederatedLabelBinarizer', features: ['t'], fit: 'local', negLabel: 0, posLabel: 1 }
    const frame = frameOf({ row: [0, 1, 2, 3], t: ['x', 'y', 'x', 'y'] })
    const rows = Int32Array.of(3, 0, 2)
    const expressions = localExpressions(binarizer, frame)
    const all = expressions.reduce(applyExpression, frame)
    expect(expressions.reduce(applyExpression, selectRows(frame, rows))).toEqual(selectRows(all, rows))
    expect(all.columns[1]).toEqual(Float64Array.of(0, 1, 0, 1))
  })
})

describe('a preparation', () => {
  const pipeline: Transformer[] = [
    { kind: 'FederatedSimpleImputer', features: ['n'], fit: 'federated', strategy: 'median', fillValue: null, ...plainImputer },
    {
      kind: 'FederatedSimpleImputer',
      features: ['t'],
      fit: 'federated',
      strategy: 'constant',
      fillValue: 'none',
      ...plainImputer,
    },
    {
      kind: 'FederatedRobustScaler',
      features: ['n'],
      fit: 'federated',
      quantileRange: [25, 75],
      withCentering: true,
      withScaling: true,
      unitVariance: false,
    },
    {
      kind: 'FederatedOrdinalEncoder',
      ...everyCategory,
      features: ['t'],
      fit: 'federated',
      handleUnknown: 'use_encoded_value',
      unknownValue: -1,
      encodedMissingValue: null,
    },
    { kind: 'FederatedKBinsDiscretizer', features: ['n'], fit: 'federated', nBins: 3, strategy: 'uniform', encode: 'onehot' },
  ]

  it('does in the workbench what was done at the site, to the bit', () => {
    const cells = fc.array(fc.tuple(fc.option(fc.double({ noNaN: true, min: -1e9, max: 1e9 })), fc.option(fc.string())), {
      minLength: 1,
      maxLength: 60,
    })
    fc.assert(
      fc.property(cells, (rows) => {
        fc.pre(rows.some(([n]) => n !== null))
        const frame = createFrame<Column>(['n', 't'], [Float64Array.from(rows, ([n]) => n ?? Number.NaN), rows.map(([, t]) => t)])
        const fitted = new Map()
        let prefix = frame
        for (const [place, transformer] of pipeline.entries()) {
          fitted.set(place, localExpressions(transformer, prefix))
          prefix = fitted.get(place).reduce(applyExpression, prefix)
        }
        const site = prepare({ transformers: pipeline, fitted, frame, train: rowsOf(frame) })
        expect(applyPreparation(JSON.parse(JSON.stringify(site.preparation)), frame)).toEqual(site.frame)
      }),
      { numRuns: 50 },
    )
  })

  it('takes its columns by name and type, and says which one does not fit', () => {
    const frame = frameOf({ n: [1, 2, 3], t: ['a', 'b', 'a'] })
    const { preparation } = prepare({ transformers: [], fitted: new Map(), frame, train: rowsOf(frame) })
    expect(() => applyPreparation(preparation, frameOf({ n: [1] }))).toThrow('"t" is not among the columns')
    expect(() => applyPreparation(preparation, frameOf({ n: ['x'], t: ['a'] }))).toThrow('"n" does not hold numbers')
    expect(() => applyPreparation(preparation, frame)).toThrow('these columns hold texts: "t"')
  })

  it('refuses a category it does not know without telling it', () => {
    const encoder: Transformer = {
      kind: 'FederatedOrdinalEncoder',
      ...everyCategory,
      fit: 'local',
      handleUnknown: 'error',
      unknownValue: null,
      encodedMissingValue: null,
    }
    const expressions = localExpressions(encoder, frameOf({ t: ['a', 'b'] }))
    const apply = () => expressions.reduce(applyExpression, frameOf({ t: ['secret'] }))
    expect(apply).toThrow(PreparationError)
    expect(apply).not.toThrow(/secret/)
  })

  it('is fitted in as many rounds as transformers wait for each other', () => {
    const standard = (...features: string[]): Transformer => ({
      kind: 'FederatedStandardScaler',
      features,
      fit: 'federated',
      withMean: true,
      withStd: true,
    })
    const clamp: Transformer = { kind: 'FederatedClamp', features: ['a'], lower: 0, upper: 1 }
    expect(roundsOf([standard('a'), standard('b')])).toEqual({ count: 1, readyAfter: [1, 1] })
    expect(roundsOf([standard('a'), clamp, standard('b'), standard('a', 'b')])).toEqual({ count: 2, readyAfter: [1, 1, 1, 2] })
    expect(roundsOf([{ ...standard('a'), fit: 'local' } as Transformer, clamp])).toEqual({ count: 0, readyAfter: [0, 0] })
    expect(roundsOf([{ ...standard(), features: undefined } as Transformer, standard('z')]).count).toBe(2)
    expect(roundsOf(pipeline).readyAfter).toEqual([1, 0, 2, 1, 3])
  })

  it('is checked by the types of its columns before anything runs', () => {
    const types = new Map([['n', 'numbers'] as const, ['t', 'texts'] as const])
    expect(columnTypeProblems(types, pipeline)).toEqual([])
    const [imputer] = pipeline
    expect(columnTypeProblems(types, [{ ...imputer, features: ['t'] } as Transformer]).map(({ reason }) => reason)).toEqual([
      '"t" holds texts, which FederatedSimpleImputer can not work on',
      expect.stringContaining('"t" holds texts: encode it'),
    ])
    expect(columnTypeProblems(types, [{ ...imputer, features: ['x'] } as Transformer])[0]!.reason).toContain('no column "x"')
  })
})

describe('an imputer with indicators', () => {
  const imputer = (options: Partial<Extract<Transformer, { kind: 'FederatedSimpleImputer' }>>): Transformer => ({
    kind: 'FederatedSimpleImputer',
    fit: 'federated',
    strategy: 'mean',
    fillValue: null,
    ...plainImputer,
    addIndicator: true,
    ...options,
  })
  const scaler: Transformer = {
    kind: 'FederatedStandardScaler',
    features: ['missingindicator_a'],
    fit: 'federated',
    withMean: true,
    withStd: true,
  }

  it('has one of each of its columns after all others, whether or not values are missing', () => {
    const { names, columns } = applied(imputer({ features: ['a', 'c'] }), { a: [1, null, 3], b: [7, 8, 9], c: [4, 5, 6] })
    expect(names).toEqual(['a', 'b', 'c', 'missingindicator_a', 'missingindicator_c'])
    expect(columns.slice(3)).toEqual([Float64Array.of(0, 1, 0), Float64Array.of(0, 0, 0)])
  })

  it('is waited for by a transformer of an indicator, whose name and type are known before any fit', () => {
    const both = [imputer({ features: ['a'] }), scaler]
    expect(roundsOf(both)).toEqual({ count: 2, readyAfter: [1, 2] })
    expect(roundsOf([imputer({ features: ['b'] }), scaler]).count).toBe(1)
    expect(columnTypeProblems(new Map([['a', 'numbers']]), both)).toEqual([])
    expect(columnTypeProblems(new Map([['a', 'numbers']]), [scaler])).toMatchObject([{ feature: 'missingindicator_a' }])
  })

  it('counts a value that stands for none as missing beside cells without one', () => {
    const { columns } = applied(imputer({ missingValues: -9 }), { a: [1, -9, null, 3] })
    expect(columns).toEqual([Float64Array.of(1, 2, 2, 3), Float64Array.of(0, 1, 1, 0)])
    expect(() => applied(imputer({ features: ['t'], missingValues: -9, strategy: 'most_frequent' }), { t: ['x', 'y'] })).toThrow(
      'does not hold numbers',
    )
  })

  it('stops at a column without values, unless it is told to keep it', () => {
    const empty = { a: [null, null, null] }
    expect(() => applied(imputer({}), empty)).toThrow(PreparationError)
    expect(applied(imputer({ keepEmptyFeatures: true }), empty).columns[0]).toEqual(Float64Array.of(0, 0, 0))
  })
})

describe('an encoder', () => {
  it('leaves no column for what is no category of its own, and no code for two things', () => {
    const encoder = { features: ['t'], fit: 'local', handleUnknown: 'error' } as const
    const hot = { kind: 'FederatedOneHotEncoder', ...encoder, minFrequency: 2, maxCategories: null, drop: ['rare'] } as const
    expect(() => applied(hot, { t: ['x', 'x', 'rare'] })).toThrow('has no column for the category that is to be dropped')
    const ordinal = {
      kind: 'FederatedOrdinalEncoder',
      ...encoder,
      ...everyCategory,
      unknownValue: null,
      encodedMissingValue: 1,
    } as const
    expect(() => applied(ordinal, { t: ['x', 'y', null] })).toThrow('would stand for another thing too')
  })
})

describe('an encoder that shares a place among rare categories', () => {
  const frame = frameOf({ t: ['a', 'a', 'a', 'b', 'b', 'c'] })
  const later = frameOf({ t: ['zzz', 'c', 'a'] })
  const encoder = { kind: 'FederatedOneHotEncoder', fit: 'local', minFrequency: 2, maxCategories: null, drop: null } as const
  const encoded = (handleUnknown: 'error' | 'ignore' | 'infrequent_if_exist', records = later) => {
    const { names, columns } = localExpressions({ ...encoder, handleUnknown }, frame).reduce(applyExpression, records)
    return Object.fromEntries(names.map((name, index) => [name, [...columns[index]]]))
  }

  it('tells what was never seen from them, as scikit-learn does, where each of them is known', () => {
    expect(encoded('infrequent_if_exist')).toEqual({ t_a: [0, 0, 1], t_b: [0, 0, 0], t_infrequent: [1, 1, 0] })
    expect(encoded('ignore')).toEqual({ t_a: [0, 0, 1], t_b: [0, 0, 0], t_infrequent: [0, 1, 0] })
    expect(encoded('error', frameOf({ t: ['c', 'a'] }))).toEqual({ t_a: [0, 1], t_b: [0, 0], t_infrequent: [1, 0] })
    expect(() => encoded('error')).toThrow(PreparationError)
  })

  it('likewise by codes: the rare ones have the last, and what is missing is none of them', () => {
    const ordinal = { kind: 'FederatedOrdinalEncoder', fit: 'local', unknownValue: -1, encodedMissingValue: null } as const
    const codes = (rarity: { minFrequency: number | null; maxCategories: number | null }) => {
      const known = frameOf({ t: ['a', 'a', 'a', 'b', 'b', 'c', 'd', null, null, null] })
      const expressions = localExpressions({ ...ordinal, ...rarity, handleUnknown: 'use_encoded_value' }, known)
      return [...expressions.reduce(applyExpression, frameOf({ t: ['a', 'b', 'c', 'd', 'zzz', null] })).columns[0]]
    }
    expect(codes({ minFrequency: 2, maxCategories: null })).toEqual([0, 1, 2, 2, -1, Number.NaN])
    expect(codes({ minFrequency: 0.3, maxCategories: null })).toEqual([0, 1, 1, 1, -1, Number.NaN])
    expect(codes({ minFrequency: null, maxCategories: 2 })).toEqual([0, 1, 1, 1, -1, Number.NaN])
  })

  it('can not where a site has categories that it does not name: all that is not frequent is rare', () => {
    const guard = { minimumCell: 2 }
    const fitted = fitOver({ ...encoder, fit: 'federated', handleUnknown: 'error' }, [frame, frame], guard)
    expect(fitted.reduce(applyExpression, later).columns.at(-1)).toEqual(Float64Array.of(1, 1, 0))
  })
})

describe('the columns of an encoder have names of their own', () => {
  const encoder = {
    kind: 'FederatedOneHotEncoder',
    fit: 'local',
    handleUnknown: 'ignore',
    minFrequency: null,
    maxCategories: null,
    drop: null,
  } as const

  it.each([
    ['a text "missing" beside missing values', encoder, { t: ['missing', 'a', null] }, ['t_a', 't_missing', 't_missing_2']],
    [
      'a text "infrequent" beside rare ones',
      { ...encoder, minFrequency: 2 },
      { t: ['infrequent', 'infrequent', 'a', 'b', 'b'] },
      ['t_b', 't_infrequent', 't_infrequent_2'],
    ],
    [
      'categories that two features share with their names',
      encoder,
      { a: ['b_c', 'z'], a_b: ['c', 'y'] },
      ['a_b_c', 'a_z', 'a_b_c_2', 'a_b_y'],
    ],
    [
      'a category that makes the name of another feature',
      encoder,
      { a: ['b', 'z'], a_b: ['c', 'y'] },
      ['a_b_2', 'a_z', 'a_b_c', 'a_b_y'],
    ],
    [
      'a text that ends like a second name',
      encoder,
      { t: ['missing', 'missing_2', null] },
      ['t_missing', 't_missing_2', 't_missing_3'],
    ],
  ])('%s', (_, transformer, columns, expected) => {
    const made = applied(transformer, columns)
    expect(made.names).toEqual(expected)
    const ones = made.columns.reduce((sum, column) => sum + (column as Float64Array).reduce((own, value) => own + value, 0), 0)
    expect(ones).toBe(Object.values(columns).flat().length)
  })
})
