import { createFrame, encodeLabels, fitRandomForestClassifier, type Label } from '@flotta/algorithms'
import { describe, expect, it } from 'vitest'
import { evaluate, LocalTable } from '../src/index.ts'

/** A forest that tells two labels apart by x, as sites train it whose labels these are. */
function modelOf(low: Label, high: Label) {
  const x = Float64Array.from({ length: 60 }, (_, row) => row % 10)
  const labels = encodeLabels(Array.from(x, (value) => (value < 5 ? low : high)))
  return fitRandomForestClassifier({ features: createFrame(['x'], [x]), labels, params: { nEstimators: 5, bootstrap: false } })
}

/** Records of which the model knows every label: `low` below 5, `high` from there. */
function tableOf(low: string, high: string, others: readonly string[] = []): LocalTable {
  const rows = Array.from({ length: 20 }, (_, row) => [`${row % 10}`, row % 10 < 5 ? low : high])
  return new LocalTable(['x', 'y'], [...rows, ...others.map((label) => ['1', label])])
}

describe('a model that is always right has an accuracy of 1', () => {
  it.each([
    ['truth values', modelOf(false, true), tableOf('false', 'true')],
    ['truth values in capitals', modelOf(false, true), tableOf('False', 'TRUE')],
    ['numbers', modelOf(0, 1), tableOf('0', '1')],
    ['numbers, however they are written', modelOf(0, 1), tableOf('0.0', '1e0')],
    ['numbers, some of them missing', modelOf(0, 1), tableOf('0', '1', ['', 'NA', 'inf'])],
    ['texts, some of them missing', modelOf('n', 'p'), tableOf('n', 'p', ['', 'NA', 'null'])],
    ['dates', modelOf('2020-01-01', '2021-01-01'), tableOf('2020-01-01', '2021-01-01')],
    ['timestamps', modelOf('2020-01-01', '2021-01-01 10:00:00'), tableOf('2020-01-01T00:00:00', '2021-01-01T10:00')],
    ['texts at sites that are numbers here', modelOf('01', '02'), tableOf('01', '02')],
  ])('of %s', (_, model, table) => {
    expect(evaluate(model, table, 'y').accuracy).toBe(1)
    expect(table.withValues('y').rowCount).toBe(20)
  })
})

describe('what can not be compared is an error', () => {
  it.each([
    ['texts with a model of numbers', modelOf(0, 1), tableOf('n', 'p'), /type number.*"y".*type string/],
    ['numbers with a model of truth values', modelOf(false, true), tableOf('0', '1'), /type boolean.*"y".*type number/],
    ['no label at all', modelOf(0, 1), new LocalTable(['x', 'y'], [['1', '']]), /no record has a value of "y"/],
  ])('%s', (_, model, table, message) => {
    expect(() => evaluate(model, table, 'y')).toThrow(message)
  })
})
