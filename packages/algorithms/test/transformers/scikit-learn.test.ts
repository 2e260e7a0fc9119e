import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { applyExpression, type Column, type Frame, localExpressions, type Transformer, unguarded } from '../../src/index.ts'
import { dealt, fitOver, frameOf } from './records.ts'

type Cell = number | string | null
type Table = Record<string, Cell[]>
interface Case {
  readonly name: string
  readonly transformer: Transformer & { readonly features: readonly string[] }
  readonly holesIn: readonly string[]
  /** What stands in a cell without a value. */
  readonly hole: Cell
  /** Features without any value. */
  readonly emptyIn: readonly string[]
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

/** The features that a case works on, with its holes in these rows. */
function withHoles(table: Table, { holesIn, emptyIn, hole, transformer }: Case, rows: readonly number[]): Frame<Column> {
  const columns = transformer.features.map((name) => {
    const isHole = (row: number) => emptyIn.includes(name) || (holesIn.includes(name) && rows.includes(row))
    return [name, table[name].map((cell, row) => (isHole(row) ? hole : cell))]
  })
  return frameOf(Object.fromEntries(columns))
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

describe.each(cases)('as scikit-learn: $name', (fixture) => {
  const { transformer, expectedTrain, expectedLater } = fixture
  const trained = withHoles(train, fixture, holes)
  const new_ = withHoles(later, { ...fixture, emptyIn: [] }, [0])

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
