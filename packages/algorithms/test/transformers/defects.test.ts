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
import { frameOf, rowsOf } from './records.ts'

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
    { kind: 'FederatedSimpleImputer', features: ['n'], fit: 'federated', strategy: 'median', fillValue: null },
    { kind: 'FederatedSimpleImputer', features: ['t'], fit: 'federated', strategy: 'constant', fillValue: 'none' },
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
