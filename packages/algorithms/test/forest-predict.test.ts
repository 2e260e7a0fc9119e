import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  createFrame,
  createRandom,
  encodeLabels,
  encodeModel,
  evaluateForest,
  fitRandomForestClassifier,
  type Label,
  mergeForests,
  predict,
  predictLabels,
  predictProba,
  type RandomForestClassifier,
  selectRows,
  shuffleInPlace,
} from '../src/index.ts'
import { frameOfRows, sampleProblem } from './frames.ts'

/** A forest of one leaf whose classes have these shares. */
function constantForest(
  labels: Label[],
  options: { treeWeight?: number; nEstimators?: number; names?: string[] } = {},
): RandomForestClassifier {
  const { treeWeight = 1, nEstimators = 1, names = ['x'] } = options
  return fitRandomForestClassifier({
    features: frameOfRows(
      names,
      labels.map(() => names.map(() => 0)),
    ),
    labels: encodeLabels(labels),
    params: { nEstimators, bootstrap: false },
    treeWeight,
  })
}
const point = frameOfRows(['x'], [[0]])

describe('predicting', () => {
  it('gives rows that sum to 1, and the label of the largest probability (D7)', () => {
    const { features, labels } = sampleProblem(3000, 4)
    const forest = fitRandomForestClassifier({
      features: selectRows(
        features,
        Int32Array.from({ length: 200 }, (_, i) => i),
      ),
      labels: { ...labels, codes: labels.codes.slice(0, 200) },
      params: { nEstimators: 15 },
    })
    const probabilities = predictProba(forest, features)
    const codes = predict(forest, features)
    for (let row = 0; row < features.rowCount; row++) {
      const shares = probabilities.subarray(row * 4, row * 4 + 4)
      expect(shares.reduce((a, b) => a + b)).toBeCloseTo(1, 12)
      expect(shares[codes[row]]).toBe(Math.max(...shares))
    }
    expect(predictLabels(forest, features)).toEqual(Array.from(codes, (code) => labels.classes[code]))
  })

  it('of a row does not depend on the other rows', () => {
    const { features, labels } = sampleProblem(2050, 3)
    const forest = fitRandomForestClassifier({ features, labels, params: { nEstimators: 3 } })
    const all = predictProba(forest, features)
    for (const row of [0, 1, 2047, 2048, 2049]) {
      const alone = predictProba(forest, selectRows(features, Int32Array.of(row)))
      expect(alone).toEqual(all.slice(row * 3, row * 3 + 3))
    }
    expect(predictProba(forest, selectRows(features, new Int32Array(0)))).toHaveLength(0)
  })

  it('matches columns by name, ignores others and names those that are absent', () => {
    const { features, labels } = sampleProblem(200, 2)
    const forest = fitRandomForestClassifier({ features, labels, params: { nEstimators: 5 } })
    const [a, b, c] = features.columns
    const shuffled = createFrame(['other', 'c', 'a', 'b'], [new Float64Array(200), c, a, b])
    expect(predictProba(forest, shuffled)).toEqual(predictProba(forest, features))
    expect(() => predictProba(forest, createFrame(['a'], [a]))).toThrow('no column named "b", "c"')
  })

  it('of a class that the forest does not know gives probability 0 in its metrics', () => {
    const forest = constantForest(['a', 'a', 'b'])
    const metrics = evaluateForest(forest, frameOfRows(['x'], [[0], [0]]), encodeLabels(['c', 'a']))
    expect(metrics.classes).toEqual(['a', 'b', 'c'])
    expect(metrics.confusionMatrix).toEqual([
      [1, 0, 0],
      [0, 0, 0],
      [1, 0, 0],
    ])
  })
})

describe('merging forests', () => {
  it('with the same classes is the weighted mean of their trees (D7, D8)', () => {
    const merged = mergeForests([constantForest(['a', 'b']), constantForest(['a', 'a', 'a', 'b'], { treeWeight: 3 })])
    expect(predictProba(merged, point)[0]).toBeCloseTo((0.5 + 3 * 0.75) / 4, 12)
    const byTrees = mergeForests([constantForest(['a', 'b']), constantForest(['a', 'a', 'a', 'b'], { nEstimators: 3 })])
    expect(predictProba(byTrees, point)[0]).toBeCloseTo((0.5 + 3 * 0.75) / 4, 12)
    expect(byTrees.params?.nEstimators).toBe(4)
  })

  it('with different classes lets only trees that know a class vote on it (D8)', () => {
    const merged = mergeForests([constantForest(['b', 'c', 'c', 'c']), constantForest(['a', 'b'])])
    expect(merged.classes).toEqual(['a', 'b', 'c'])
    const votes = [0.5, (0.25 + 0.5) / 2, 0.75]
    const sum = votes.reduce((a, b) => a + b)
    for (const [c, p] of predictProba(merged, point).entries()) expect(p).toBeCloseTo(votes[c] / sum, 12)
  })

  it('gives the same bytes in any order and any grouping (D8)', () => {
    const problems = [2, 3, 4, 2, 3].map((classCount, seed) => {
      const { features, labels } = sampleProblem(60, classCount, seed)
      const names = seed % 2 === 0 ? ['a', 'b', 'c'] : ['c', 'a', 'b']
      const columns = names.map((name) => features.columns[features.names.indexOf(name)])
      const shifted = { classes: labels.classes.map((c) => Number(c) + (seed % 3)), codes: labels.codes }
      return fitRandomForestClassifier({
        features: createFrame(names, columns),
        labels: shifted,
        params: { nEstimators: 4 },
        treeWeight: 1 + (seed % 2),
      })
    })
    const expected = encodeModel(mergeForests(problems))
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const random = createRandom(seed)
        const forests = shuffleInPlace([...problems], random)
        while (forests.length > 1) {
          const group = forests.splice(0, 1 + random.below(forests.length))
          forests.push(mergeForests(group))
          shuffleInPlace(forests, random)
        }
        expect(encodeModel(mergeForests(forests))).toEqual(expected)
      }),
      { numRuns: 50 },
    )
  })

  it('keeps what each forest predicts where the features come in another order', () => {
    const { features, labels } = sampleProblem(200, 2)
    const turned = createFrame([...features.names].reverse(), [...features.columns].reverse())
    const [plain, reversed] = [features, turned].map((frame) =>
      fitRandomForestClassifier({ features: frame, labels, params: { nEstimators: 4 } }),
    )
    const merged = predictProba(mergeForests([reversed, plain]), features)
    const [p, r] = [plain, reversed].map((forest) => predictProba(forest, features))
    for (const [i, share] of merged.entries()) expect(share).toBeCloseTo((p[i] + r[i]) / 2, 12)
  })

  it('forgets parameters that the forests do not share', () => {
    const { features, labels } = sampleProblem(50, 2)
    const grow = (maxDepth: number) => fitRandomForestClassifier({ features, labels, params: { nEstimators: 1, maxDepth } })
    expect(mergeForests([grow(1), grow(2)]).params).toBeNull()
    expect(mergeForests([grow(2), grow(2)]).params).toMatchObject({ nEstimators: 2, maxDepth: 2 })
  })

  it('refuses none, and forests with different features', () => {
    expect(() => mergeForests([])).toThrow(RangeError)
    expect(() => mergeForests([constantForest(['a']), constantForest(['a'], { names: ['y'] })])).toThrow('different features')
  })
})
