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

interface Case {
  readonly name: string
  readonly transformer: Transformer & { readonly features: readonly string[] }
  readonly holes: readonly number[]
  /** Every fifth row of each column that comes out. */
  readonly expected: readonly (readonly (number | null)[])[]
}

/** Fisher's iris, and what scikit-learn makes of it; made by `fixtures/make-public-fixtures.py`. */
const { iris, transformers } = JSON.parse(readFileSync(new URL('../fixtures/public-tables.json', import.meta.url), 'utf8')) as {
  iris: Record<string, (number | string)[]>
  transformers: Case[]
}

function frameFor({ transformer: { features }, holes }: Case): Frame<Column> {
  const columns = Object.entries(iris).map(([name, cells]) => [
    name,
    cells.map((cell, row) => (holes.includes(row) && features.includes(name) ? null : cell)),
  ])
  return selectColumns(frameOf(Object.fromEntries(columns)), features)
}

function expectColumns({ columns }: Frame<Column>, expected: Case['expected']) {
  expect(columns).toHaveLength(expected.length)
  expected.forEach((cells, index) => {
    cells.forEach((cell, place) => {
      const value = columns[index][5 * place] as number
      if (cell === null) expect(value).toBeNaN()
      else expect(Math.abs(value - cell)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(cell)))
    })
  })
}

describe.each(transformers)('of iris as scikit-learn: $name', (fixture) => {
  const { transformer, expected } = fixture
  const frame = frameFor(fixture)

  it('fitted on the table, and over four sites of which one has a single species', () => {
    const pooled = localExpressions(transformer, frame)
    expectColumns(pooled.reduce(applyExpression, frame), expected)
    const sites = dealt(frame, 4, [...new Array(40).fill(0), 1, 2, 3, 1, 2, 2])
    const fitted = fitOver(transformer, sites, unguarded)
    expectColumns((fitted.length > 0 ? fitted : pooled).reduce(applyExpression, frame), expected)
  })
})
