import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  applyExpression,
  type Column,
  type Frame,
  localExpressions,
  selectColumns,
  type Transformer,
  unguarded,
} from '../../src/index.ts'
import { dealt, fitOver, frameOf } from './records.ts'

type Cell = number | string | null
type Table = Record<string, Cell[]>
interface Case {
  readonly name: string
  readonly transformer: Transformer & { readonly features: readonly string[] }
  readonly holesIn: readonly string[]
  readonly expectedTrain: readonly (readonly Cell[])[]
  readonly expectedLater: readonly (readonly Cell[])[]
}

const fixture = new URL('../fixtures/sklearn-transformers.json', import.meta.url)
const { train, later, holes, cases } = JSON.parse(readFileSync(fixture, 'utf8')) as {
  train: Table
  later: Table
  holes: number[]
  cases: Case[]
}

function withHoles(table: Table, names: readonly string[], rows: readonly number[], features: readonly string[]): Frame<Column> {
  const columns = Object.entries(table).map(([name, cells]) => [
    name,
    names.includes(name) ? cells.map((cell, row) => (rows.includes(row) ? null : cell)) : cells,
  ])
  return selectColumns(frameOf(Object.fromEntries(columns)), features)
}

/** Cells as scikit-learn has them: what is missing is null. A relative 1e-9, and an absolute one below 1. */
function expectCells({ columns }: Frame<Column>, expected: readonly (readonly Cell[])[]) {
  expect(columns).toHaveLength(expected.length)
  expected.forEach((cells, index) => {
    cells.forEach((cell, row) => {
      const value = columns[index][row]
      if (typeof cell === 'number')
        expect(Math.abs((value as number) - cell)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(cell)))
      else expect(Number.isNaN(value) ? null : value).toBe(cell)
    })
  })
}

describe.each(cases)('as scikit-learn: $name', ({ transformer, holesIn, expectedTrain, expectedLater }) => {
  const trained = withHoles(train, holesIn, holes, transformer.features)
  const new_ = withHoles(later, holesIn, [0], transformer.features)

  it('fitted on the table', () => {
    const expressions = localExpressions(transformer, trained)
    expectCells(expressions.reduce(applyExpression, trained), expectedTrain)
    expectCells(expressions.reduce(applyExpression, new_), expectedLater)
  })

  it('fitted over three sites that tell everything', () => {
    const sites = dealt(trained, 3, [0, 1, 1, 2, 2, 2, 0])
    const fitted = fitOver(transformer, sites, unguarded)
    const expressions = fitted.length > 0 ? fitted : localExpressions(transformer, trained)
    expectCells(expressions.reduce(applyExpression, new_), expectedLater)
  })
})
