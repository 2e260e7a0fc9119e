import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  createFrame,
  defaultRandomForestParams,
  encodeLabels,
  encodeModel,
  evaluateForest,
  fitRandomForestClassifier,
  LEAF,
  mergeForests,
  predict,
  predictLabels,
  predictProba,
  type RandomForestClassifier,
  type RandomForestParams,
} from '../src/index.ts'
import { frameOfRows, sampleProblem } from './frames.ts'

interface TreeCase {
  name: string
  params: { criterion: 'gini' | 'entropy'; max_depth?: number; min_samples_leaf?: number; min_samples_split?: number }
  features: number[][]
  labels: number[]
  points: number[][]
  probabilities: number[]
}

const fixture = JSON.parse(readFileSync(new URL('fixtures/sklearn.json', import.meta.url), 'utf8')) as { trees: TreeCase[] }
const frameOfColumns = (columns: number[][]) =>
  createFrame(
    columns.map((_, i) => `x${i}`),
    columns.map((column) => Float64Array.from(column)),
  )
const fit = (rows: number[][], labels: (string | number | boolean)[], params: Partial<RandomForestParams> = {}) =>
  fitRandomForestClassifier({
    features: frameOfRows(
      rows[0].map((_, i) => `x${i}`),
      rows,
    ),
    labels: encodeLabels(labels),
    params: { nEstimators: 10, ...params },
  })
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** The leaf of a forest of one tree that these values end in, found the plain way. */
function leafOf({ nodeFeatures, thresholds }: RandomForestClassifier, values: readonly number[]): number {
  let node = 0
  while (nodeFeatures[node] !== LEAF) {
    const inner = nodeFeatures.subarray(0, node).filter((feature) => feature !== LEAF).length
    node = 2 * inner + 1 + Number(values[nodeFeatures[node]] > thresholds[inner])
  }
  return node
}

describe('a random forest', () => {
  it.each(fixture.trees)(
    'grows the tree of scikit-learn where nothing is random: $name',
    ({ params, features, labels, points, probabilities }) => {
      const forest = fitRandomForestClassifier({
        features: frameOfColumns(features),
        labels: encodeLabels(labels),
        params: {
          nEstimators: 1,
          bootstrap: false,
          maxFeatures: null,
          criterion: params.criterion,
          maxDepth: params.max_depth ?? null,
          minSamplesLeaf: params.min_samples_leaf ?? 1,
          minSamplesSplit: params.min_samples_split ?? 2,
        },
      })
      const actual = predictProba(forest, frameOfColumns(points))
      for (const [i, p] of actual.entries()) expect(p).toBeCloseTo(probabilities[i], 6)
    },
  )

  it('is the same, byte for byte, for the same seed, and another for another seed', () => {
    const problem = sampleProblem(500, 3)
    const bytes = (randomState: number) =>
      encodeModel(fitRandomForestClassifier({ ...problem, params: { nEstimators: 10, randomState } }))
    expect(sha256(bytes(42))).toBe('f220e51fedc106046af4badff60e1cab8f5b8949317d250f5dcade6c334d3d74')
    expect(sha256(bytes(43))).not.toBe(sha256(bytes(42)))
    const binary = encodeModel(
      fitRandomForestClassifier({ ...sampleProblem(500, 2), params: { nEstimators: 10, criterion: 'entropy' } }),
    )
    expect(sha256(binary)).toBe('36b3e1a80dfe40bf2da25c3043cd7013390091480f17aa512e75ffe297ae3e3c')
  })

  it('gives its first trees whatever the number of trees', () => {
    const problem = sampleProblem(100, 2)
    const grow = (nEstimators: number) => fitRandomForestClassifier({ ...problem, params: { nEstimators } })
    const [few, many] = [grow(3), grow(6)]
    expect(many.nodeFeatures.slice(0, few.nodeFeatures.length)).toEqual(few.nodeFeatures)
    expect(many.thresholds.slice(0, few.thresholds.length)).toEqual(few.thresholds)
  })

  it('puts every training row in one leaf whose shares are those of the rows in it', () => {
    const row = fc.tuple(fc.constantFrom(Number.NaN, -1, 0, 1, 2.5, 1e300), fc.double({ min: -1, max: 1 }), fc.nat(3))
    const problem = fc.record({
      rows: fc.array(row, { minLength: 1, maxLength: 120 }),
      minSamplesLeaf: fc.integer({ min: 1, max: 10 }),
      criterion: fc.constantFrom('gini', 'entropy'),
      classCount: fc.integer({ min: 1, max: 4 }),
    })
    fc.assert(
      fc.property(problem, ({ rows, minSamplesLeaf, criterion, classCount }) => {
        const labels = encodeLabels(rows.map(([, , c]) => c % classCount))
        const features = frameOfRows(['a', 'b'], rows)
        const params = { nEstimators: 1, bootstrap: false, minSamplesLeaf, criterion } as const
        const forest = fitRandomForestClassifier({ features, labels, params })
        const leaves = rows.map((values) => leafOf(forest, values))
        const probabilities = predictProba(forest, features)
        const width = labels.classes.length
        rows.forEach((_, i) => {
          const members = leaves.flatMap((leaf, j) => (leaf === leaves[i] ? [labels.codes[j]] : []))
          expect(members.length).toBeGreaterThanOrEqual(Math.min(minSamplesLeaf, rows.length))
          for (let c = 0; c < width; c++) {
            const share = members.filter((code) => code === c).length / members.length
            expect(probabilities[i * width + c]).toBeCloseTo(share, 6)
          }
        })
        const leafCount = forest.nodeFeatures.filter((feature) => feature === LEAF).length
        expect(new Set(leaves).size).toBe(leafCount)
      }),
      { numRuns: 150 },
    )
  })

  it('separates missing values from all numbers, in training and in prediction', () => {
    const rows = [[Number.NaN], [-5], [Number.NaN], [5], [0], [Number.NaN]]
    const forest = fit(rows, ['missing', 'known', 'missing', 'known', 'known', 'missing'], { bootstrap: false })
    expect([...forest.thresholds].every((threshold) => threshold === Number.NEGATIVE_INFINITY)).toBe(true)
    expect(predictLabels(forest, frameOfRows(['x0'], [[Number.NaN], [-1e308], [7]]))).toEqual(['missing', 'known', 'known'])
  })

  it('keeps nothing that counts training rows', () => {
    const { params: _, preparation, ...forest } = fit([[1], [2], [3], [4]], [0, 0, 1, 1], { nEstimators: 2, bootstrap: false })
    expect(preparation).toBeNull()
    expect(Object.keys(forest).sort()).toEqual([
      'classes',
      'featureNames',
      'groups',
      'kind',
      'leafProbabilities',
      'nodeFeatures',
      'thresholds',
      'treeGroups',
      'treeNodeCounts',
      'treeWeights',
    ])
    const doubled = fit([[1], [2], [3], [4], [1], [2], [3], [4]], [0, 0, 1, 1, 0, 0, 1, 1], { nEstimators: 2, bootstrap: false })
    expect(encodeModel(doubled)).toEqual(
      encodeModel(fit([[1], [2], [3], [4]], [0, 0, 1, 1], { nEstimators: 2, bootstrap: false })),
    )
  })

  it('takes the model of a plan as its parameters, and keeps those that are a forest’s', () => {
    const model = { kind: 'FederatedRandomForestClassifier', nEstimators: 2, randomState: 5 }
    const { params } = fitRandomForestClassifier({ ...sampleProblem(20, 2), params: model })
    expect(params).toEqual({ ...defaultRandomForestParams, nEstimators: 2, randomState: 5 })
  })

  it('respects maxDepth, minSamplesSplit and maxSamples', () => {
    const problem = sampleProblem(300, 2)
    const nodes = (params: Partial<RandomForestParams>) =>
      Math.max(...fitRandomForestClassifier({ ...problem, params: { nEstimators: 5, ...params } }).treeNodeCounts)
    expect(nodes({ maxDepth: 2 })).toBeLessThanOrEqual(7)
    expect(nodes({ minSamplesSplit: 301 })).toBe(1)
    expect(nodes({ maxSamples: 4 })).toBeLessThanOrEqual(7)
    expect(nodes({ maxSamples: 0.01 })).toBeLessThanOrEqual(5)
  })
})

describe('a random forest of degenerate data', () => {
  it('of no rows, no features, infinite values or bad parameters is refused', () => {
    expect(() =>
      fitRandomForestClassifier({ features: createFrame(['x'], [new Float64Array(0)]), labels: encodeLabels([]) }),
    ).toThrow('no rows')
    const labels = encodeLabels([0, 1])
    const none = { rowCount: 2, names: [], columns: [] }
    expect(() => fitRandomForestClassifier({ features: none, labels })).toThrow('at least one feature')
    expect(() => fit([[1], [Number.POSITIVE_INFINITY]], [0, 1])).toThrow('"x0" holds an infinite value')
    expect(() => fit([[1], [2]], [0, 1, 1])).toThrow('2 rows but 3 labels')
    expect(() => fit([[1], [2]], [0, 1], { nEstimators: 0 })).toThrow('nEstimators')
    expect(() => fit([[1], [2]], [0, 1], { maxFeatures: 1.5 })).toThrow('maxFeatures')
    expect(() => fit([[1], [2]], [0, 1], { bootstrap: false, maxSamples: 0.5 })).toThrow('maxSamples needs bootstrap')
    const frame = frameOfRows(['x'], [[1], [2]])
    expect(() => fitRandomForestClassifier({ features: frame, labels, treeWeight: 0 })).toThrow('treeWeight')
    const unsorted = { classes: ['b', 'a'], codes: Int32Array.of(0, 1) }
    expect(() => fitRandomForestClassifier({ features: frame, labels: unsorted })).toThrow('sorted')
  })

  it('of one row, one class, constant or all missing features predicts the shares of the classes', () => {
    const one = fit([[1]], ['a'])
    expect(predictProba(one, frameOfRows(['x0'], [[9]]))).toEqual(Float64Array.of(1))
    expect(predictLabels(fit([[1], [2], [3]], ['a', 'a', 'a']), frameOfRows(['x0'], [[9]]))).toEqual(['a'])
    for (const value of [7, Number.NaN]) {
      const forest = fit([[value], [value], [value], [value]], [0, 0, 0, 1], { bootstrap: false })
      expect(predictProba(forest, frameOfRows(['x0'], [[value], [0]]))).toEqual(Float64Array.of(0.75, 0.25, 0.75, 0.25))
    }
  })

  it('of 300 classes tells them all apart (D2)', () => {
    const rows = Array.from({ length: 900 }, (_, i) => [i % 300, -(i % 300)])
    const forest = fit(
      rows,
      rows.map(([x]) => `class ${x}`),
      { nEstimators: 2, bootstrap: false, maxFeatures: null },
    )
    const correct = predictLabels(forest, frameOfRows(['x0', 'x1'], rows)).filter((label, i) => label === `class ${rows[i][0]}`)
    // 300 values share 255 bins, so at most 45 pairs of neighbours are one.
    expect(correct.length).toBeGreaterThanOrEqual(900 - 3 * 45)
  })

  it('of huge, tiny and neighbouring doubles has thresholds that separate them', () => {
    const values = [
      -Number.MAX_VALUE,
      -1,
      -5e-324,
      0,
      5e-324,
      1,
      1 + Number.EPSILON,
      1 + 2 * Number.EPSILON,
      1e308,
      Number.MAX_VALUE,
    ]
    const rows = values.map((value) => [value])
    const forest = fit(
      rows,
      values.map((_, i) => i),
      { bootstrap: false },
    )
    expect([...predict(forest, frameOfRows(['x0'], rows))]).toEqual(values.map((_, i) => i))
  })
})

const california = new URL('../../../../shared/data/california/', import.meta.url)

describe.skipIf(!existsSync(california))('on the California housing table (skipped where it is absent)', () => {
  const site = (name: string) => {
    const rows = readFileSync(new URL(name, california), 'utf8').trim().split('\n')
    const values = rows.slice(1).map((line) => line.split(',').map(Number))
    const names = rows[0].trim().split(',').slice(0, 8)
    return { features: frameOfRows(names, values), labels: encodeLabels(values.map((row) => row[8])) }
  }

  it('two sites’ forests of 50 trees, merged, have a ROC AUC of at least 0.953 on rows that no site holds', () => {
    const validation = site('validation.csv')
    const forests = ['site-1.csv', 'site-2.csv'].map((name, randomState) =>
      fitRandomForestClassifier({ ...site(name), params: { nEstimators: 50, randomState } }),
    )
    expect(evaluateForest(mergeForests(forests), validation.features, validation.labels).rocAuc).toBeGreaterThanOrEqual(0.953)
  })
})
