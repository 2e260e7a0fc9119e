import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import * as sdk from '../src/index.ts'

/** The parameters of scikit-learn's classes, as they name them; made by `make-transformer-fixtures.py`. */
const fixture = new URL('../../algorithms/test/fixtures/sklearn-transformers.json', import.meta.url)
const { parameters } = JSON.parse(readFileSync(fixture, 'utf8')) as { parameters: Record<string, string[]> }

/** Those that make no sense where plans are data and rows have no order; `docs/statistics.md` says why. */
const refused = ['copy', 'dtype', 'shuffle', 'sparse', 'sparse_output', 'subsample', 'verbose']
/** Seeds of what has no randomness here. */
const seedless = ['KBinsDiscretizer random_state']

const made: Record<string, (options: object) => object> = {
  StandardScaler: sdk.FederatedStandardScaler,
  MinMaxScaler: sdk.FederatedMinMaxScaler,
  RobustScaler: sdk.FederatedRobustScaler,
  KBinsDiscretizer: sdk.FederatedKBinsDiscretizer,
  Binarizer: sdk.FederatedBinarizer,
  LabelBinarizer: sdk.FederatedLabelBinarizer,
  OneHotEncoder: sdk.FederatedOneHotEncoder,
  OrdinalEncoder: sdk.FederatedOrdinalEncoder,
  SimpleImputer: sdk.FederatedSimpleImputer,
  Splitter: sdk.FederatedSplitter,
}
const camelCase = (name: string) => name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
const all = Object.entries(parameters).flatMap(([kind, names]) => names.map((name) => [kind, name] as const))

describe('a transformer', () => {
  it.each(all)('of scikit-learn, %s: its parameter %s is one here, or is refused by name', (kind, name) => {
    const parameter = camelCase(name)
    const isRefused = refused.includes(name) || seedless.includes(`${kind} ${name}`)
    const known = { testSize: 0.2, ...made[kind]!({}) }
    // Without a value, categories are left out of what is made.
    if (!isRefused && parameter !== 'categories' && parameter !== 'trainSize') expect(Object.keys(known)).toContain(parameter)
    if (isRefused) expect(() => made[kind]!({ [parameter]: true })).toThrow(new RegExp(`"${parameter}"`))
  })

  it.each([
    ['bins of some features', () => sdk.FederatedKBinsDiscretizer({ features: ['a', 'b'], nBins: [3] }), 'nBins'],
    ['bins of features that are not named', () => sdk.FederatedKBinsDiscretizer({ nBins: [3] }), 'nBins'],
    ['categories to drop of some features', () => sdk.FederatedOneHotEncoder({ features: ['a', 'b'], drop: ['x'] }), 'drop'],
    ['a code of what is unknown where that is an error', () => sdk.FederatedOrdinalEncoder({ unknownValue: -1 }), 'unknownValue'],
    ['a negative label above the positive one', () => sdk.FederatedLabelBinarizer({ negLabel: 1, posLabel: 0 }), 'negLabel'],
    ['a feature twice', () => sdk.FederatedStandardScaler({ features: ['x', 'x'] }), 'the feature "x" is named more than once'],
    ['a share of the test above 1', () => sdk.FederatedSplitter({ testSize: 1.5 }), 'testSize'],
    ['shares above 1 together', () => sdk.FederatedSplitter({ testSize: 0.6, trainSize: 0.6 }), 'together'],
    ['a range that is none', () => sdk.FederatedMinMaxScaler({ featureRange: [1, 1] }), 'range'],
  ])('is not made with %s', (_, make, named) => {
    expect(make).toThrow(expect.objectContaining({ code: 'malformed_request', message: expect.stringContaining(named) }))
  })
})
