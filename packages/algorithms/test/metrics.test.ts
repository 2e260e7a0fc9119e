import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mostProbable } from '../src/forest/predict.ts'
import {
  accuracy,
  classificationMetrics,
  confusionMatrix,
  f1,
  precision,
  precisionRecall,
  recall,
  rocAuc,
  rocAucOneVersusRest,
} from '../src/index.ts'

interface MetricsCase {
  name: string
  classes: number
  truth: number[]
  probabilities: number[][]
  expected: { confusionMatrix: number[][]; accuracy: number; rocAuc: number | null } & Record<'macro' | 'weighted', object> & {
      binary?: object
    }
}

const fixture = new URL('fixtures/sklearn.json', import.meta.url)
const { metrics } = JSON.parse(readFileSync(fixture, 'utf8')) as { metrics: MetricsCase[] }

function close(actual: object, expected: object): void {
  for (const [key, value] of Object.entries(expected)) expect(actual[key as keyof typeof actual]).toBeCloseTo(value, 12)
}

describe('metrics', () => {
  it.each(metrics)('are those of scikit-learn: $name (D1)', ({ classes, truth, probabilities, expected }) => {
    const flat = Float64Array.from(probabilities.flat())
    const predictions = { truth: Int32Array.from(truth), predicted: mostProbable(flat, classes), probabilities: flat }
    const result = classificationMetrics({ ...predictions, classes: Array.from({ length: classes }, (_, c) => c) })
    expect(result.confusionMatrix).toEqual(expected.confusionMatrix)
    expect(result.records).toBe(truth.length)
    expect(result.accuracy).toBeCloseTo(expected.accuracy, 12)
    if (expected.rocAuc === null) expect(result.rocAuc).toBeNull()
    else expect(result.rocAuc).toBeCloseTo(expected.rocAuc, 12)
    close(result, expected.binary ?? expected.macro)
    close(precisionRecall(result.confusionMatrix, 'macro'), expected.macro)
    close(precisionRecall(result.confusionMatrix, 'weighted'), expected.weighted)
  })

  it('have rows of true and columns of predicted classes (D1)', () => {
    const matrix = confusionMatrix(Int32Array.of(0, 0, 0, 1), Int32Array.of(0, 1, 1, 1), 2)
    expect(matrix).toEqual([
      [1, 2],
      [0, 1],
    ])
    expect(precision(matrix, 'binary')).toBe(1 / 3)
    expect(recall(matrix, 'binary')).toBe(1)
    expect(f1(matrix, 'binary')).toBe(0.5)
  })

  it('refuse a binary average of three classes, and no records', () => {
    expect(() =>
      precisionRecall(
        [
          [1, 0, 0],
          [0, 1, 0],
          [0, 0, 1],
        ],
        'binary',
      ),
    ).toThrow(RangeError)
    expect(() => accuracy([[0]])).toThrow(RangeError)
    expect(() => confusionMatrix(Int32Array.of(0), Int32Array.of(1), 1)).toThrow(RangeError)
    expect(() => confusionMatrix(Int32Array.of(0), Int32Array.of(0, 0), 1)).toThrow(RangeError)
  })
})

describe('ROC AUC', () => {
  it('is the share of pairs in which the positive record scores higher, ties counting half', () => {
    const record = fc.record({ positive: fc.nat(1), score: fc.nat(6) })
    fc.assert(
      fc.property(fc.array(record, { maxLength: 40 }), (records) => {
        const wins = records.flatMap((p) =>
          records.filter((n) => p.positive > n.positive).map((n) => (Math.sign(p.score - n.score) + 1) / 2),
        )
        const expected = wins.length === 0 ? null : wins.reduce((a, b) => a + b) / wins.length
        const area = rocAuc(
          records.map((r) => r.positive),
          Float64Array.from(records, (r) => r.score),
        )
        if (expected === null) expect(area).toBeNull()
        else expect(area).toBeCloseTo(expected, 12)
      }),
    )
  })

  it('of several classes leaves out those that do not occur in the truth', () => {
    const probabilities = Float64Array.of(0.7, 0.2, 0.1, 0.1, 0.8, 0.1)
    expect(rocAucOneVersusRest(Int32Array.of(0, 1), probabilities, 3)).toBe(1)
    expect(rocAucOneVersusRest(Int32Array.of(1, 1), probabilities, 3)).toBeNull()
  })

  it('refuses a score that is NaN', () => {
    expect(() => rocAuc([0, 1], Float64Array.of(0, Number.NaN))).toThrow(RangeError)
  })
})
